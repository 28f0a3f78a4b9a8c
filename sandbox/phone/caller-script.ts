// What a scripted caller does, as data, and the doing of it on a call.

import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { Call } from './call.ts';

/** Without a word from the agent for this long the caller gives up. */
const REPLY_MS_MAX = 20_000;
/** Quiet after which the agent has finished, as a person feels it. */
const REPLY_QUIET_MS = 700;
/** Exchanges of one `converse`. */
const EXCHANGES_MAX = 40;

const text = Type.String({ maxLength: 500 });
const ms = Type.Integer({ minimum: 0, maximum: 3_600_000 });
const now = Type.Optional(Type.Boolean());

export const stepSchema = Type.Union([
  /** Waits for the agent's reply and says `text`. `quietMs`: quiet that ends the reply. `now`: waits for nothing. */
  Type.Object({ do: Type.Literal('say'), text, quietMs: Type.Optional(ms), now }),
  /** Says `text` when the agent has been speaking for `afterMs`. */
  Type.Object({ do: Type.Literal('barge-in'), text, afterMs: ms }),
  /** Waits for the agent's reply and presses keys. */
  Type.Object({
    do: Type.Literal('press'),
    digits: Type.String({ pattern: '^[0-9*#A-D]{1,32}$' }),
    now,
  }),
  Type.Object({ do: Type.Literal('wait'), ms }),
  /** Waits for the agent's reply, then hangs up. */
  Type.Object({ do: Type.Literal('hang-up'), now }),
  /**
   * Answers what the agent asks: the first rule not used up whose pattern is in what was heard. Where nothing matches,
   * or the words are not known, the first rule not used yet. Ends with the call, or when the rules are used up.
   */
  Type.Object({
    do: Type.Literal('converse'),
    rules: Type.Array(
      Type.Object({ hears: text, say: text, times: Type.Optional(Type.Integer({ minimum: 1 })) }),
      { maxItems: 50 },
    ),
  }),
]);

export const scriptSchema = Type.Object({
  to: Type.String({ maxLength: 500 }),
  from: Type.String({ maxLength: 500 }),
  /** kal, slt, rms or awb. */
  voice: Type.Optional(Type.String({ maxLength: 20 })),
  /** The caller speaks more faintly than the voice is, by decibels. */
  fainterDb: Type.Optional(Type.Number({ minimum: 0, maximum: 60 })),
  /** Loudness of the noise behind the caller, root mean square in steps of 16-bit audio. */
  noise: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000 })),
  /** What the noise is: `line`, `car`, `street`, or the path of a WAV file of 8 kHz. */
  place: Type.Optional(Type.String({ maxLength: 1000 })),
  /** How fast the caller speaks; 1 is the voice's own pace. */
  speed: Type.Optional(Type.Number({ minimum: 0.5, maximum: 2 })),
  /** Share of the caller's frames that are lost on the way. */
  loss: Type.Optional(Type.Number({ minimum: 0, maximum: 0.9 })),
  /** The earpiece comes back into the microphone, so much later and so much fainter. */
  echo: Type.Optional(
    Type.Object({
      delayMs: Type.Integer({ minimum: 40, maximum: 600 }),
      fainterDb: Type.Number({ minimum: 0, maximum: 60 }),
    }),
  ),
  steps: Type.Array(stepSchema, { maxItems: 200 }),
  /** The caller hangs up this long after dialling, wherever the script is. */
  hangUpAfterMs: Type.Optional(ms),
  /** What to do at the end of the script: hang up (the default), or stay until the other side ends the call. */
  stay: Type.Optional(Type.Boolean()),
});

export type Step = Static<typeof stepSchema>;
export type CallerScript = Static<typeof scriptSchema>;

export interface ScriptParts {
  /** What the agent has said since `fromMs`; undefined when the words are not known. */
  readonly heardText: (call: Call, fromMs: number) => string | undefined;
  readonly sleep: (ms: number, call: Call) => Promise<void>;
}

/** Runs the steps on `call`. Resolves when they are done or the call has ended; hangs up unless the script stays. */
export async function runScript(
  parts: ScriptParts,
  call: Call,
  { steps, stay }: Pick<CallerScript, 'steps' | 'stay'>,
): Promise<void> {
  // Whoever stays silent has something to wait for: the other side's patience.
  const hangUp = stay !== true;
  try {
    // The voice takes a moment for each text; a caller who answers does not.
    const texts = steps.flatMap((step) => textsOf(step));
    await Promise.all(texts.map((each) => call.prepare(each)));
    for (const step of steps) await runStep(parts, call, step);
    if (hangUp) await call.reply(REPLY_QUIET_MS, REPLY_MS_MAX);
  } catch (error) {
    if (!call.over) call.remark(error instanceof Error ? error.message : String(error));
  }
  if (hangUp) call.hangUp();
}

async function runStep(parts: ScriptParts, call: Call, step: Step): Promise<void> {
  switch (step.do) {
    case 'say':
      if (!step.now) await call.reply(step.quietMs ?? REPLY_QUIET_MS, REPLY_MS_MAX);
      return call.say(step.text);
    case 'barge-in':
      await call.speaking(step.afterMs, REPLY_MS_MAX);
      return call.say(step.text);
    case 'press':
      if (!step.now) await call.reply(REPLY_QUIET_MS, REPLY_MS_MAX);
      return press(call, step.digits);
    case 'wait':
      return parts.sleep(step.ms, call);
    case 'hang-up':
      if (!step.now) await call.reply(REPLY_QUIET_MS, REPLY_MS_MAX);
      return call.hangUp();
    case 'converse':
      return converse(parts, call, step.rules);
  }
}

/** Keys make no sound: what is said next is the answer to them. */
async function press(call: Call, digits: string): Promise<void> {
  const pressedMs = call.nowMs;
  call.press(digits);
  await call.until(() => (call.earpiece.lastSoundMs(call.nowMs) ?? 0) > pressedMs, REPLY_MS_MAX);
}

async function converse(
  { heardText }: ScriptParts,
  call: Call,
  rules: Extract<Step, { do: 'converse' }>['rules'],
): Promise<void> {
  const left = rules.map((rule) => ({ ...rule, pattern: new RegExp(rule.hears, 'i'), used: 0 }));
  for (let exchange = 0; exchange < EXCHANGES_MAX; exchange += 1) {
    const fromMs = call.voice.spans.at(-1)?.endMs ?? 0;
    await call.reply(REPLY_QUIET_MS, REPLY_MS_MAX);
    const heard = heardText(call, fromMs);
    const open = left.filter(({ times = 1, used }) => used < times);
    const unused = open.find(({ used }) => used === 0);
    const rule = (heard && open.find(({ pattern }) => pattern.test(heard))) || unused || open[0];
    if (!rule) return;
    rule.used += 1;
    await call.say(rule.say);
  }
}

function textsOf(step: Step): string[] {
  if (step.do === 'converse') return step.rules.map(({ say }) => say);
  return 'text' in step ? [step.text] : [];
}
