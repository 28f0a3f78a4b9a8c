// Calls on a phone whose earpiece comes back into its microphone, and by callers who are faint: we speak on over our own voice, and stop for the caller's.

import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { openGrammarHearing } from '../../../sandbox/speech/grammar-hearing.ts';
import { openSpeaker } from '../../../sandbox/speech/speaking.ts';
import { assertSound, finished } from './after-call.ts';
import { startTestFrontdesk } from './frontdesk.ts';

const greeting = 'Thank you for calling the test business. How can I help you today?';
const hours =
  'We are open from nine in the morning until six in the evening from Monday to Friday, on Saturday we close at one, ' +
  'and on Sunday we are closed, but you may leave a message at any time and we will call you back on the next day.';
const again = 'Of course, from nine until six.';

const question = 'what are your opening hours';
const stop = 'can you repeat that';

export interface LineEcho {
  readonly delayMs: number;
  readonly fainterDb: number;
}

/** A greeting, a question, an answer that the caller breaks into, another: with a real voice and a real recogniser. */
export async function callWithEcho(t: TestContext, echo: LineEcho): Promise<void> {
  const { f, say } = await start(t);
  f.openai.script(hours, again);
  const call = f.call({ echo });
  await call.reply(900, 60_000);
  await call.say(say(question));
  await call.speaking(7000, 60_000);
  // Neither the greeting nor the answer was silenced by its own echo.
  assert.deepEqual(
    call.history.filter(({ type }) => type === 'clear'),
    [],
  );
  await call.say(say(stop));
  await call.reply(900, 60_000);
  call.hangUp();
  await call.ended;
  const { utterances } = await finished(f, call);
  assert.deepEqual(
    utterances.map(({ role }) => role),
    ['assistant', 'user', 'assistant', 'user', 'assistant'],
    JSON.stringify(utterances),
  );
  const said = utterances.map(({ content }) => content);
  const told = said[2]!;
  assert.deepEqual(said.toSpliced(2, 1), [
    greeting,
    'What are your opening hours?',
    'Can you repeat that?',
    again,
  ]);
  assert.ok(hours.startsWith(told) && told.length < hours.length, told);
  await assertSound(f);
}

export interface FaintCaller {
  readonly fainterDb: number;
  /** Of our speech, before they speak. */
  readonly afterMs: number;
  readonly echo?: LineEcho;
}

/** A caller who is far fainter than we are asks over the greeting, and is answered. */
export async function callByFaintCaller(t: TestContext, caller: FaintCaller): Promise<void> {
  const { f, say } = await start(t);
  f.openai.script(again);
  const { fainterDb, afterMs, echo } = caller;
  const call = f.call({ fainterDb, ...(echo ? { echo } : {}) });
  await call.speaking(afterMs, 60_000);
  await call.say(say(question));
  await call.reply(900, 60_000);
  call.hangUp();
  await call.ended;
  const { utterances } = await finished(f, call);
  const [first = '', ...rest] = utterances.map(({ content }) => content);
  assert.ok(greeting.startsWith(first) && first.length < greeting.length, first);
  assert.deepEqual(rest, ['What are your opening hours?', again]);
  await assertSound(f);
}

/** Its voice is not ours: two that are made of the same sounds are alike. */
async function start(t: TestContext) {
  const [hearing, speaker] = [await openGrammarHearing(), openSpeaker()];
  t.after(() => Promise.all([hearing.close(), speaker.close()]));
  const f = await startTestFrontdesk(t, { senses: { hearing, speaker }, client: { greeting } });
  const texts = [question, stop];
  const spoken = await Promise.all(
    texts.map((text) => speaker.speak(text, { voice: 'kal', sampleRate: 8000 })),
  );
  return { f, say: (text: string) => spoken[texts.indexOf(text)]!.samples };
}
