// What a caller says into the end of the line: the model hears silence, so that it takes them to be over, and has a moment for the words.

import type { Clock } from '../../lib/clock.ts';
import { FRAME_MS } from '../types.ts';
import type { CallEnd } from '../types.ts';
import type { MutualSilence } from './mutual-silence.ts';
import { SPEECH_RATE } from './speech-to-speech.ts';
import type { SpeechEvent, SpeechToSpeech } from './speech-to-speech.ts';

/** Voice within this time before the end may be words that have not come. */
const JUST_MS = 3000;
/** So much silence ends what they say. */
const SILENCE_MS = 1000;
/** Their words come within this, or not at all. */
const WAIT_MS = 1500;

export class LastWords implements Disposable {
  readonly #clock: Clock;
  readonly #silence: MutualSilence;
  readonly #onOver: () => void;
  #cameAtMs: number;
  #end: CallEnd | undefined;
  #waiting: Disposable | undefined;

  /** `onOver`: they have not come. */
  constructor(clock: Clock, silence: MutualSilence, onOver: () => void) {
    this.#clock = clock;
    this.#silence = silence;
    this.#onOver = onOver;
    this.#cameAtMs = clock.elapsed();
  }

  [Symbol.dispose](): void {
    this.#waiting?.[Symbol.dispose]();
  }

  /** How the line has ended, while they are waited for. */
  get end(): CallEnd | undefined {
    return this.#end;
  }

  /** Words of the caller are there. */
  came(): void {
    this.#cameAtMs = this.#clock.elapsed();
  }

  /** The line has ended so. Gives the end back unless there are words to wait for. */
  await(end: CallEnd, model: SpeechToSpeech | undefined): CallEnd | undefined {
    const { voicedAtMs } = this.#silence;
    const spoke = voicedAtMs > this.#cameAtMs && this.#clock.elapsed() - voicedAtMs < JUST_MS;
    if (!spoke || !model) return end;
    this.#end = end;
    const silence = new Int16Array((SPEECH_RATE * FRAME_MS) / 1000);
    for (let ms = 0; ms < SILENCE_MS; ms += FRAME_MS) model.hear(silence);
    this.#waiting = this.#clock.after(WAIT_MS, this.#onOver);
    return undefined;
  }

  /** The end, once the words are there; `heard` gets them. */
  take(event: SpeechEvent, heard: (text: string) => void): CallEnd | undefined {
    if (event.type !== 'caller') return undefined;
    if (event.text !== '') heard(event.text);
    return this.#end;
  }
}
