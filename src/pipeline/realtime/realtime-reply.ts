// One reply of a model that speaks itself, as a turn wants it: its words as a source, its sound as a voice.

import { abortable } from '../../lib/abort.ts';
import { Channel } from '../../lib/channel.ts';
import { AppError } from '../../lib/errors.ts';
import type { SpeechEvent, SpeechToSpeech } from './speech-to-speech.ts';
import { SPEECH_RATE } from './speech-to-speech.ts';
import type { SpokenForm, SpokenPiece } from '../spoken-form/spoken-form.ts';
import { refusals, told } from '../thinking/think.ts';
import type { Utterable } from '../thinking/think.ts';
import type { Toolbox } from '../thinking/toolbox.ts';
import type { Trace } from '../trace.ts';
import type { Samples, SpeakOptions, Speech, TextToSpeech, ToolCall } from '../types.ts';

/** Events ahead of the turn: a minute of sound and its words. */
const EVENTS_MAX = 4096;
/** Sound of one answer that waits for the line. */
const AUDIO_MAX = 2048;
/** Answers in one turn, each after tools of the one before. */
const ANSWERS_MAX = 6;
/** Tool calls in one turn; more are refused. */
const TOOL_CALLS_MAX = 5;

export interface RealtimeReplyParts {
  readonly model: SpeechToSpeech;
  readonly toolbox: Toolbox;
  /** What the line has played, in milliseconds. */
  heardMs(): number;
  /** Whether a tool has asked to end or to hand over the call. */
  leaving(): boolean;
  /** The client's voice, for what is said word for word. Rejects where none can be had: then the model is asked to. */
  ownVoice(): Promise<TextToSpeech>;
  /** How that voice says it. */
  readonly spokenForm: SpokenForm;
  /** Resolves when the words of what the caller has said last are known, or too late. */
  callerKnown(): Promise<void>;
}

/** What is said next: sound of the model, as it comes, or a sentence in our own voice. */
type Spoken =
  | { readonly type: 'model'; readonly audio: Channel<{ item: string; samples: Samples }> }
  | { readonly type: 'own'; readonly voice: TextToSpeech; readonly say: string };

/** What is said under one name, and where on the line. */
interface Item {
  readonly name: string;
  readonly startMs: number;
  givenMs: number;
}

export class RealtimeReply {
  readonly #parts: RealtimeReplyParts;
  readonly #events = new Channel<SpeechEvent>(EVENTS_MAX);
  /** In the order in which it is spoken. */
  readonly #spoken: Spoken[] = [];
  /** What is being said now. */
  #speaking: Spoken | undefined;
  /** Of the model, what is on the line; and all it has made. */
  #item: Item | undefined;
  readonly #made = new Set<string>();
  /** Something can be heard of it, of the model or in our own voice. */
  #sounds = false;
  /** Where on the line the last sound ends that was given to it. */
  #endMs = 0;
  #toolCalls = 0;
  /** The model makes no more of it. */
  #over = false;

  constructor(parts: RealtimeReplyParts) {
    this.#parts = parts;
  }

  /** The model has made all of it, and it needs no more than to be heard. */
  get over(): boolean {
    return this.#over;
  }

  /** What the model does while this is its reply. */
  push(event: SpeechEvent): void {
    this.#events.push(event);
  }

  /** It is not wanted any more: the model learns how much of it was heard. */
  cut(): void {
    const { model } = this.#parts;
    if (!this.#over) model.cancel();
    const heardMs = this.#parts.heardMs();
    const own = this.#speaking;
    if (own?.type === 'own' && heardMs < this.#endMs) {
      model.tell(`(The caller spoke before they had heard all of this: "${own.say}")`);
    }
    const item = this.#item;
    for (const name of this.#made) if (name !== item?.name) model.cut(name, 0);
    if (!item) return;
    const ms = Math.min(item.givenMs, Math.max(0, heardMs - item.startMs));
    if (!this.#over || ms < item.givenMs) model.cut(item.name, ms);
  }

  /** How what is said now is said: the model says what it says. */
  spokenForm(text: string): SpokenPiece[] {
    if (this.#speaking?.type === 'own') return this.#parts.spokenForm(text);
    return [{ written: text, spoken: text }];
  }

  readonly source = (trace: Trace, signal: AbortSignal): AsyncGenerator<Utterable> =>
    this.#answers(trace, signal);

  readonly voice: TextToSpeech = {
    synthesize: (text, options) => this.#speak(text, options),
  };

  async *#answers(trace: Trace, signal: AbortSignal): AsyncGenerator<Utterable> {
    const events = abortable(this.#events, signal);
    for (let count = 1; ; count += 1) {
      const calls: ToolCall[] = [];
      let audio: Channel<{ item: string; samples: Samples }> | undefined;
      for (let step = await events.next(); !step.done; step = await events.next()) {
        const event = step.value;
        if (event.type === 'done') {
          trace.addUsage(event.usage);
          break;
        }
        if (event.type === 'tool-call') calls.push(event.call);
        if (event.type !== 'text' && event.type !== 'audio') continue;
        trace.onToken();
        if (!audio) {
          audio = new Channel(AUDIO_MAX);
          this.#spoken.push({ type: 'model', audio });
          // Its voice is asked for by the first text, which may come after the first sound.
          yield { type: 'text', step: undefined, text: '' };
        }
        if (event.type === 'audio') {
          this.#made.add(event.item);
          this.#sounds = true;
          audio.push(event);
        } else yield { type: 'text', step: undefined, text: event.text };
      }
      audio?.end();
      const last = calls.length === 0 || count === ANSWERS_MAX;
      this.#over = last;
      // The caller is waiting for an answer.
      if (last && !this.#sounds) throw new AppError('vendor_failed', 'the model has said nothing');
      yield { type: 'end-of-step', last };
      if (last) return;
      const asked = yield* this.#runAll(calls, trace, signal);
      if (asked || this.#parts.leaving()) {
        this.#over = true;
        return;
      }
      this.#parts.model.respond();
    }
  }

  /** Runs what the model has asked for, and says what that wants said; whether the caller is to answer it. */
  async *#runAll(
    calls: readonly ToolCall[],
    trace: Trace,
    signal: AbortSignal,
  ): AsyncGenerator<Utterable, boolean> {
    let asked = false;
    for (const call of calls) {
      const run = await this.#run(call, asked, trace, signal);
      if (!run.own) continue;
      this.#spoken.push(run.own);
      this.#sounds = true;
      asked ||= run.asks;
      yield { type: 'text', step: undefined, text: run.own.say };
      yield { type: 'end-of-step', last: asked };
    }
    return asked;
  }

  async #run(
    call: ToolCall,
    asked: boolean,
    trace: Trace,
    signal: AbortSignal,
  ): Promise<{ own?: Extract<Spoken, { type: 'own' }>; asks: boolean }> {
    const { model, toolbox } = this.#parts;
    this.#toolCalls += 1;
    const refused = asked || this.#toolCalls > TOOL_CALLS_MAX;
    if (refused) {
      model.result(call.id, asked ? refusals.unanswered : refusals['too-many']);
      return { asks: false };
    }
    trace.toolStarts();
    try {
      await this.#parts.callerKnown();
      signal.throwIfAborted();
      let answered = false;
      const { result } = await toolbox.run(call, (outcome) => {
        trace.addTool(outcome.run, outcome.result);
        // They are said here, and not by the turn.
        trace.takeSays();
        const { text, say } = outcome.result;
        // An interruption must not keep the model from knowing what was done.
        answered = say === undefined || signal.aborted;
        if (answered) model.result(call.id, text + told(say, true));
      });
      const { text, say, asks = false } = result;
      if (answered || say === undefined) return { asks };
      const voice = await this.#parts.ownVoice().catch(() => undefined);
      const late = signal.aborted;
      const how = voice || late ? told(say, late) : ` Now say, word for word: "${say}"`;
      model.result(call.id, text + how);
      return voice ? { own: { type: 'own', voice, say }, asks } : { asks: false };
    } finally {
      trace.toolEnds();
      signal.throwIfAborted();
    }
  }

  async *#speak(text: AsyncIterable<string>, options: SpeakOptions): AsyncGenerator<Speech> {
    const { sampleRate, signal } = options;
    const speaking = this.#spoken.shift();
    this.#speaking = speaking;
    if (speaking?.type === 'own') {
      for await (const speech of speaking.voice.synthesize(text, options)) {
        if (speech.type === 'audio') this.#place(speech.samples, sampleRate);
        yield speech;
      }
      return;
    }
    // The words are noted as they come, and all of them before the turn goes on.
    const noted = drain(text);
    noted.catch(() => {});
    const audio = speaking?.audio ?? new Channel<never>(1);
    for await (const { item, samples } of abortable(audio, signal)) {
      const startMs = this.#place(samples, SPEECH_RATE);
      if (this.#item?.name !== item) this.#item = { name: item, startMs, givenMs: 0 };
      this.#item.givenMs += (samples.length / SPEECH_RATE) * 1000;
      yield { type: 'audio', samples };
    }
    await noted;
  }

  /** Where on the line this sound begins. */
  #place(samples: Samples, sampleRate: number): number {
    const startMs = Math.max(this.#parts.heardMs(), this.#endMs);
    this.#endMs = startMs + (samples.length / sampleRate) * 1000;
    return startMs;
  }
}

async function drain(text: AsyncIterable<string>): Promise<void> {
  const pieces = text[Symbol.asyncIterator]();
  while (!(await pieces.next()).done);
}
