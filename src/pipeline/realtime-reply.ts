// One reply of a model that speaks itself, as a turn wants it: its words as a source, its sound as a voice.

import { abortable } from '../lib/abort.ts';
import { Channel } from '../lib/channel.ts';
import type { SpeechEvent, SpeechToSpeech } from './speech-to-speech.ts';
import { SPEECH_RATE } from './speech-to-speech.ts';
import type { Utterable } from './think.ts';
import type { Toolbox } from './toolbox.ts';
import type { Trace } from './trace.ts';
import type { Samples, SpeakOptions, Speech, TextToSpeech, ToolCall } from './types.ts';

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
}

/** What is said under one name, and where on the line. */
interface Item {
  readonly name: string;
  readonly startMs: number;
  givenMs: number;
}

export class RealtimeReply {
  readonly #parts: RealtimeReplyParts;
  readonly #events = new Channel<SpeechEvent>(EVENTS_MAX);
  /** The sound of each answer, in the order in which they are spoken. */
  readonly #spoken: Channel<{ item: string; samples: Samples }>[] = [];
  #item: Item | undefined;
  #toolCalls = 0;
  /** The model makes no more of it. */
  #over = false;

  constructor(parts: RealtimeReplyParts) {
    this.#parts = parts;
  }

  /** What the model does while this is its reply. */
  push(event: SpeechEvent): void {
    this.#events.push(event);
  }

  /** It is not wanted any more: the model learns how much of it was heard. */
  cut(): void {
    const { model } = this.#parts;
    if (!this.#over) model.cancel();
    const item = this.#item;
    if (!item) return;
    const ms = Math.min(item.givenMs, Math.max(0, this.#parts.heardMs() - item.startMs));
    if (!this.#over || ms < item.givenMs) model.cut(item.name, ms);
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
          this.#spoken.push(audio);
          // Its voice is asked for by the first text, which may come after the first sound.
          yield { type: 'text', step: undefined, text: '' };
        }
        if (event.type === 'audio') audio.push(event);
        else yield { type: 'text', step: undefined, text: event.text };
      }
      audio?.end();
      const last = calls.length === 0 || count === ANSWERS_MAX;
      this.#over = last;
      yield { type: 'end-of-step', last };
      if (last) return;
      for (const call of calls) await this.#run(call, trace, signal);
      if (this.#parts.leaving()) {
        this.#over = true;
        return;
      }
      this.#parts.model.respond();
    }
  }

  async #run(call: ToolCall, trace: Trace, signal: AbortSignal): Promise<void> {
    const { model, toolbox } = this.#parts;
    this.#toolCalls += 1;
    if (this.#toolCalls > TOOL_CALLS_MAX) {
      return model.result(call.id, 'Error: too many tools in one turn. Answer with what you have.');
    }
    trace.toolStarts();
    try {
      await toolbox.run(call, ({ result, run }) => {
        trace.addTool(run, result);
        const say = result.say === undefined ? '' : ` Now say, word for word: "${result.say}"`;
        model.result(call.id, result.text + say);
      });
      // It is the model that says them.
      trace.takeSays();
    } finally {
      trace.toolEnds();
    }
    signal.throwIfAborted();
  }

  async *#speak(text: AsyncIterable<string>, { signal }: SpeakOptions): AsyncGenerator<Speech> {
    // The words are noted as they come, and all of them before the turn goes on.
    const noted = drain(text);
    noted.catch(() => {});
    const audio = this.#spoken.shift();
    for await (const { item, samples } of abortable(audio ?? new Channel<never>(1), signal)) {
      this.#note(item, (samples.length / SPEECH_RATE) * 1000);
      yield { type: 'audio', samples };
    }
    await noted;
  }

  #note(name: string, ms: number): void {
    if (this.#item?.name !== name) {
      const endMs = this.#item ? this.#item.startMs + this.#item.givenMs : 0;
      const startMs = Math.max(this.#parts.heardMs(), endMs);
      this.#item = { name, startMs, givenMs: 0 };
    }
    this.#item.givenMs += ms;
  }
}

async function drain(text: AsyncIterable<string>): Promise<void> {
  const pieces = text[Symbol.asyncIterator]();
  while (!(await pieces.next()).done);
}
