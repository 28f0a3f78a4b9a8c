// One turn, from words to sound: what is to be said becomes sentences, speech, and audio on the line.

import { Scope, abortable } from '../lib/abort.ts';
import { readAhead } from '../lib/channel.ts';
import type { Items } from '../lib/channel.ts';
import type { Clock } from '../lib/clock.ts';
import type { EchoGuard } from './hearing/echo-guard.ts';
import { Heard } from './speaking/heard.ts';
import type { HeardStretch } from './speaking/heard.ts';
import { sentences } from './speaking/sentences.ts';
import type { Utterable } from './thinking/think.ts';
import type { SpokenForm } from './spoken-form/spoken-form.ts';
import { Trace } from './trace.ts';
import type { CallerEnd } from './trace.ts';
import type {
  Clip,
  ModelUsage,
  TextToSpeech,
  Transport,
  Turn,
  TurnKind,
  TurnUnderWay,
} from './types.ts';

/** Tokens the model may be ahead of the voice. */
const TOKENS_AHEAD = 256;
/** Pieces of speech the voice may be ahead of the line. */
const SPEECH_AHEAD = 64;
/** A tool that takes longer than this is covered by a few words. */
const FILLER_MS = 1000;
/** So is a model that has not begun. */
const SLOW_MODEL_MS = 2500;
/** And again after each of these: nobody hears five seconds of silence. */
const FILLER_AGAIN_MS = 4000;
/** How exactly these are kept. */
const FILLER_STEP_MS = 250;
/** Nobody listens longer to one answer: text is given to the voice up to the end of the sentence that passes this. */
const SPEECH_MS_MAX = 45_000;
/** Some 15 characters a second is how fast voices speak. */
const MS_PER_CHARACTER = 65;
/** Kept of what was meant to be said and was not heard, in characters. */
const UNHEARD_MAX = 2000;
/** So much of a question may be unheard when its answer begins, and is said to its end all the same. */
const TAIL_MS = 900;

export interface TurnParts {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly language: string;
  /** Rejects when the voice cannot be opened: then only clips can be said. */
  readonly textToSpeech: Promise<TextToSpeech>;
  readonly echoGuard: EchoGuard;
  readonly spokenForm: SpokenForm;
  /** Said while a tool takes long, one after the other. */
  readonly fillers: readonly Clip[];
}

/** What a turn says. Pulled by the turn, ended by its signal. */
export type Source = (trace: Trace, signal: AbortSignal) => AsyncIterable<Utterable>;

/** Stored speech, or a text for the voice, and nothing else. */
export function spoken(what: Clip | string): Source {
  return async function* () {
    if (typeof what === 'string') yield { type: 'text', step: undefined, text: what };
    else yield { type: 'clip', clip: what };
  };
}

export interface TurnStart {
  readonly kind: TurnKind;
  /** What the caller said, if this answers it. */
  readonly caller: string | undefined;
  readonly callerEnd: CallerEnd | undefined;
  readonly source: Source;
  /** Tokens spent on replies that were begun for the caller's words and thrown away. */
  readonly wasted?: readonly ModelUsage[];
}

/** The record of a turn, with what only the conversation needs: what was heard of each step. */
export interface SettledTurn {
  readonly turn: Turn;
  readonly heardSteps: readonly HeardStretch[];
  /** All steps of the model in this turn. */
  readonly steps: readonly number[];
}

export interface RunningTurn {
  readonly kind: TurnKind;
  /** Our audio is on the line, or held. */
  readonly speaking: boolean;
  /** What we are saying, as far as it has been made. */
  readonly text: string;
  /** It ends in a question. */
  readonly asking: boolean;
  /** Only the last of a question is still to be heard. */
  readonly ending: boolean;
  /** What is known of it by now. */
  look(): TurnUnderWay;
  /** Silences the line; `resume` plays on, `interrupt` ends the turn. */
  hold(): void;
  resume(): void;
  /** Silences the line at once and ends the turn. */
  interrupt(): void;
  /** Resolves when the turn is over; never rejects. */
  readonly settled: Promise<SettledTurn>;
}

/** Starts saying what `source` yields. The call's signal ends the turn like an interruption. */
export function startTurn(
  parts: TurnParts,
  { kind, caller, callerEnd, source, wasted }: TurnStart,
  callSignal: AbortSignal,
): RunningTurn {
  const { transport, clock, language } = parts;
  const { sampleRate } = transport;
  const scope = new Scope(callSignal);
  const { signal } = scope;
  const trace = new Trace(clock, callerEnd);
  const heard = new Heard(transport.heardMs());
  const turn = new Running(kind, {
    transport,
    echoGuard: parts.echoGuard,
    heard,
    scope,
    trace,
    caller,
  });
  let fillers = 0;
  let spokenMs = 0;
  let givenMs = 0;
  for (const usage of wasted ?? []) trace.addWasted(usage);

  turn.settled = run();
  return turn;

  async function run(): Promise<SettledTurn> {
    let ending: Turn['ending'] = 'completed';
    let error: unknown;
    try {
      await speak();
    } catch (thrown) {
      ending = signal.aborted ? 'interrupted' : 'failed';
      error = thrown;
    }
    turn.over = true;
    turn.speaking = false;
    scope[Symbol.dispose]();
    const heardMs = transport.heardMs();
    const { timing, usage, tools, outcomes, steps } = trace;
    const times = trace.wallTimes();
    const said = heard.upTo(heardMs);
    const unheard = ending === 'completed' ? '' : heard.after(heardMs).slice(0, UNHEARD_MAX);
    const record = { kind, caller, heard: said, ending, timing, usage, tools, outcomes, ...times };
    return {
      turn: { ...record, ...(unheard && { unheard }), ...(error !== undefined && { error }) },
      heardSteps: heard.stretchesUpTo(heardMs),
      steps,
    };
  }

  async function speak(): Promise<void> {
    const items = readAhead(source(trace, signal), TOKENS_AHEAD)[Symbol.asyncIterator]();
    try {
      for (let item = await next(items); item && !full();) {
        if (item.type === 'clip') {
          await playClip(item.clip);
          item = await next(items);
        } else if (item.type === 'text') {
          item = await speakStep(item, items);
        } else {
          item = await next(items);
        }
      }
    } finally {
      items.return().catch(() => {});
    }
    await transport.drain(signal);
  }

  function full(): boolean {
    return spokenMs >= SPEECH_MS_MAX || givenMs >= SPEECH_MS_MAX;
  }

  /** The next thing to say; a tool that keeps it waiting is covered. */
  async function next(items: Items<Utterable>): Promise<Utterable | undefined> {
    const step = items.next();
    step.catch(() => {});
    let waitMs = trace.toolRunning ? FILLER_MS : SLOW_MODEL_MS;
    for (let silentMs = 0; ;) {
      const late = await lateBy(step, FILLER_STEP_MS);
      if (late !== 'late') return late.done ? undefined : late.value;
      silentMs += FILLER_STEP_MS;
      if (fillers === 0 && trace.toolRunning) waitMs = FILLER_MS;
      const filler = parts.fillers[fillers % Math.max(1, parts.fillers.length)];
      if (silentMs < waitMs || !filler || kind !== 'reply') continue;
      fillers += 1;
      silentMs = 0;
      waitMs = FILLER_AGAIN_MS;
      await playClip(filler);
    }
  }

  function lateBy<T>(promise: Promise<T>, waitMs: number): Promise<T | 'late'> {
    return new Promise((resolve, reject) => {
      const onAbort = () => settle(() => reject(signal.reason));
      const timer = clock.after(waitMs, () => settle(() => resolve('late')));
      const settle = (act: () => void) => {
        timer[Symbol.dispose]();
        signal.removeEventListener('abort', onAbort);
        act();
      };
      if (signal.aborted) return onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      promise.then(
        (value) => settle(() => resolve(value)),
        (error) => settle(() => reject(error)),
      );
    });
  }

  async function playClip(clip: Clip): Promise<void> {
    heard.begin(undefined);
    heard.addText(clip.text);
    heard.addWords(clip.words);
    heard.addAudio((clip.samples.length / clip.sampleRate) * 1000);
    heard.complete();
    await play(clip.samples);
  }

  async function play(samples: Int16Array): Promise<void> {
    trace.onSpeech(samples, sampleRate);
    turn.speaking = true;
    parts.echoGuard.onPlay(samples);
    await transport.play(samples, signal);
  }

  /** Speaks one step, from its first text; gives what comes after it. */
  async function speakStep(
    first: Extract<Utterable, { type: 'text' }>,
    items: Items<Utterable>,
  ): Promise<Utterable | undefined> {
    let after: Utterable | undefined;
    heard.begin(first.step);
    const voice = await parts.textToSpeech;
    const options = { sampleRate, language, signal, onGiven: trace.onGiven };
    const speech = readAhead(voice.synthesize(pieces(), options), SPEECH_AHEAD);
    for await (const piece of abortable(speech, signal)) {
      if (piece.type === 'words') {
        heard.addWords(piece.words);
      } else {
        const ms = (piece.samples.length / sampleRate) * 1000;
        heard.addAudio(ms);
        await play(piece.samples);
        spokenMs += ms;
        if (spokenMs >= SPEECH_MS_MAX) break;
      }
    }
    heard.complete();
    return after ?? (full() ? undefined : await next(items));

    async function* pieces(): AsyncGenerator<string> {
      for await (const piece of sentences(texts())) {
        const spoken = parts.spokenForm(piece);
        const text = spoken.map((each) => each.spoken).join('');
        trace.onText(text);
        heard.addText(spoken);
        yield text;
        givenMs += text.length * MS_PER_CHARACTER;
        if (full()) return;
      }
    }

    async function* texts(): AsyncGenerator<string> {
      yield first.text;
      for (let step = await items.next(); !step.done; step = await items.next()) {
        if (step.value.type !== 'text' || step.value.step !== first.step) {
          after = step.value;
          turn.made ||= after.type === 'end-of-step' && after.last;
          return;
        }
        yield step.value.text;
      }
    }
  }
}

interface RunningParts {
  readonly transport: Transport;
  readonly echoGuard: EchoGuard;
  readonly heard: Heard;
  readonly scope: Scope;
  readonly trace: Trace;
  readonly caller: string | undefined;
}

/** The turn as its call sees it, and looks at it with each frame of the caller. */
class Running implements RunningTurn {
  readonly kind: TurnKind;
  settled!: Promise<SettledTurn>;
  speaking = false;
  over = false;
  /** All that will be said is known. What we say of ourselves is one piece. */
  made: boolean;
  readonly #parts: RunningParts;

  constructor(kind: TurnKind, parts: RunningParts) {
    this.kind = kind;
    this.made = kind !== 'reply';
    this.#parts = parts;
  }

  get text(): string {
    return this.#parts.heard.text;
  }

  get asking(): boolean {
    return asks(this.text);
  }

  get ending(): boolean {
    if (!this.made || !this.asking) return false;
    const { heard, transport } = this.#parts;
    return heard.remainingMs(transport.heardMs()) <= TAIL_MS;
  }

  look(): TurnUnderWay {
    const { heard, transport, trace, caller = '' } = this.#parts;
    const { tools } = trace;
    const { kind } = this;
    return { kind, caller, heard: heard.upTo(transport.heardMs()), tools, ...trace.wallTimes() };
  }

  hold(): void {
    if (!this.over) this.#parts.transport.hold();
  }

  resume(): void {
    if (!this.over) this.#parts.transport.resume();
  }

  interrupt(): void {
    if (this.over) return;
    const { transport, echoGuard, scope } = this.#parts;
    transport.clear();
    echoGuard.onClear(transport.heardMs());
    scope.abort(new Error('interrupted by the caller'));
  }
}

function asks(text: string): boolean {
  return /\?["')\]]*\s*$/.test(text);
}
