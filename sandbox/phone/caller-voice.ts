// What the caller's telephone sends: speech when there is any, background otherwise, one frame at a time.

import { LINE_FRAME_MS, SILENT_FRAME } from './caller-speech.ts';
import type { CallerSpeech } from './caller-speech.ts';

/** One `say`: when its sound began and ended on the line, in milliseconds of the caller's clock. */
export interface CallerSpan {
  readonly text: string;
  readonly startMs: number;
  /** Undefined while it is being said. */
  endMs: number | undefined;
}

/** Spans kept of one call. */
const SPANS_MAX = 2000;

interface Saying {
  readonly speech: CallerSpeech;
  next: number;
  span: CallerSpan | undefined;
  done(): void;
}

export interface CallerVoiceEvents {
  started(span: CallerSpan): void;
  ended(span: CallerSpan): void;
}

export class CallerVoice {
  readonly spans: CallerSpan[] = [];
  readonly #queue: Saying[] = [];
  readonly #events: CallerVoiceEvents;
  #background: readonly string[] = [];
  #backgroundAt = 0;

  constructor(events: CallerVoiceEvents) {
    this.#events = events;
  }

  get speaking(): boolean {
    return this.#queue.length > 0;
  }

  /** What is sent between words, over and over; nothing by default. */
  set background(speech: CallerSpeech | undefined) {
    this.#background = speech?.frames ?? [];
  }

  /** Queues `speech`. Resolves when its last frame has been sent, or when the line has gone. */
  say(speech: CallerSpeech): Promise<void> {
    return new Promise((resolve) => {
      this.#queue.push({ speech, next: 0, span: undefined, done: resolve });
    });
  }

  /** Stops in the middle of the word. */
  hush(): void {
    for (const saying of this.#queue.splice(0)) saying.done();
  }

  /** The next frame, in base64; `startMs` is when its first sample was spoken. */
  frame(startMs: number): string {
    const saying = this.#queue[0];
    if (!saying) return this.#quietFrame();
    const { speech } = saying;
    const index = saying.next;
    saying.next += 1;
    if (index === speech.firstVoiced) {
      saying.span = { text: speech.text, startMs, endMs: undefined };
      if (this.spans.length < SPANS_MAX) this.spans.push(saying.span);
      this.#events.started(saying.span);
    }
    if (index === speech.lastVoiced && saying.span) {
      saying.span.endMs = startMs + LINE_FRAME_MS;
      this.#events.ended(saying.span);
    }
    if (saying.next >= speech.frames.length) {
      this.#queue.shift();
      saying.done();
    }
    return speech.frames[index] ?? this.#quietFrame();
  }

  #quietFrame(): string {
    if (this.#background.length === 0) return SILENT_FRAME;
    this.#backgroundAt = (this.#backgroundAt + 1) % this.#background.length;
    return this.#background[this.#backgroundAt]!;
  }
}
