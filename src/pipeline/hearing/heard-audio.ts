// What a recogniser has made of the caller's audio so far, so that another can go on: no word lost, none twice. Pure.

import type { Samples, Transcript, Word } from '../types.ts';

/** Audio kept for the next recogniser: what one that stalls takes to be noticed, and another to be opened. */
const KEPT_MS = 4000;
/** In one portion of what is heard again. */
const PORTION_MS = 200;
/** Flushes that wait for an answer; every recogniser answers each within half a second. */
const FLUSHES_MAX = 16;
/** Words that the next recogniser may hear once more at the seam, where they have no times. */
const SEAM_WORDS_MAX = 4;

type Words = Extract<Transcript, { type: 'words' }>;

/** What the next recogniser begins with. */
export interface Handover {
  /** Audio to be heard again, from the earliest that has no final words. */
  readonly replay: readonly Samples[];
  /** Where it begins, in milliseconds of the call. */
  readonly startMs: number;
  /** Words from before that audio: they are final, as nobody will hear it again. */
  readonly carried: Words;
  /** The caller has paused in it: it is to be flushed. An answer without final words was none. */
  readonly flush: boolean;
}

const nothing: Words = { type: 'words', text: '', final: false, flushed: false, words: [] };

/** Times are milliseconds of the call's audio. */
export class HeardAudio {
  readonly #sampleRate: number;
  /** A ring of the last audio: frames kept one by one would grow old in memory, and be costly to clear away. */
  readonly #ring: Int16Array;
  /** Samples taken from the caller. */
  #taken = 0;
  /** Audio up to here has its final words. */
  #finalMs = 0;
  /** The words that are not final, and how much audio had been taken when they came. */
  #open: Words = nothing;
  #openMs = 0;
  /** Where the flushes without an answer stand, and the last of all. */
  #flushes: number[] = [];
  #lastFlushMs = 0;
  /** The end of the last final word, and the last final words, for the seam. */
  #lastWordMs = 0;
  #lastWords: readonly string[] = [];
  /** Where the current recogniser began. */
  #startMs = 0;
  /** Its first words may repeat the last ones. */
  #atSeam = false;

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
    this.#ring = new Int16Array((KEPT_MS * sampleRate) / 1000);
  }

  get #takenMs(): number {
    return (this.#taken / this.#sampleRate) * 1000;
  }

  /** Whether nothing is half heard: a good moment to change. */
  get quiet(): boolean {
    return this.#open.text === '' && this.#flushes.length === 0;
  }

  addAudio(samples: Samples): void {
    let rest = samples.subarray(-this.#ring.length);
    this.#taken += samples.length - rest.length;
    while (rest.length > 0) {
      const at = this.#taken % this.#ring.length;
      const part = rest.subarray(0, this.#ring.length - at);
      this.#ring.set(part, at);
      this.#taken += part.length;
      rest = rest.subarray(part.length);
    }
  }

  addFlush(): void {
    this.#lastFlushMs = this.#takenMs;
    this.#flushes.push(this.#takenMs);
    if (this.#flushes.length > FLUSHES_MAX) this.#flushes.shift();
  }

  /** Takes a report of the current recogniser, whose times count from where it began; gives it on the call's time. */
  hear(transcript: Transcript): Transcript {
    if (transcript.type === 'end-of-turn') {
      const text = this.#atSeam ? this.#withoutSeam(transcript.text) : transcript.text;
      this.#close(this.#takenMs, text, []);
      return { ...transcript, text };
    }
    if (transcript.type !== 'words') return transcript;
    const heard = this.#afterSeam(this.#onTheCall(transcript));
    const flushMs = heard.flushed ? this.#flushes.shift() : undefined;
    if (heard.final) {
      const endMs = Math.max(heard.words.at(-1)?.endMs ?? 0, flushMs ?? 0);
      this.#close(endMs, heard.text, heard.words);
    } else {
      this.#open = heard;
      this.#openMs = this.#takenMs;
    }
    return heard;
  }

  /** The current recogniser is gone: what the next one needs, and what it need not hear. */
  handOver(): Handover {
    const oldestMs = Math.max(0, this.#takenMs - KEPT_MS);
    const { words, text } = this.#open;
    let startMs = Math.max(oldestMs, this.#finalMs);
    let carried = nothing;
    if (startMs > this.#finalMs && text !== '') {
      if (words.length > 0) {
        const gone = words.filter((word) => word.endMs <= startMs);
        carried = { ...nothing, text: gone.map((word) => word.text).join(' '), words: gone };
      } else {
        carried = { ...nothing, text };
        startMs = Math.max(startMs, this.#openMs);
      }
    }
    if (carried.text !== '') this.#close(startMs, carried.text, carried.words);
    this.#open = nothing;
    this.#startMs = startMs;
    this.#atSeam = true;
    const replay = this.#from(startMs);
    const flush = this.#lastFlushMs > startMs;
    this.#flushes = flush ? [this.#takenMs] : [];
    return { replay, startMs, carried: { ...carried, final: carried.text !== '' }, flush };
  }

  /** A copy, in portions: the ring goes on. */
  #from(startMs: number): Samples[] {
    const portions: Samples[] = [];
    const portion = (PORTION_MS * this.#sampleRate) / 1000;
    let at = Math.round((startMs * this.#sampleRate) / 1000);
    while (at < this.#taken) {
      const from = at % this.#ring.length;
      const length = Math.min(portion, this.#taken - at, this.#ring.length - from);
      portions.push(this.#ring.slice(from, from + length));
      at += length;
    }
    return portions;
  }

  #close(endMs: number, text: string, words: readonly Word[]): void {
    // No word can have been said after the audio so far: times that say so would have all that follows taken for heard.
    const told = (ms: number) => Math.min(ms, this.#takenMs);
    this.#finalMs = Math.max(this.#finalMs, told(endMs));
    this.#lastWordMs = Math.max(this.#lastWordMs, told(words.at(-1)?.endMs ?? 0));
    const spoken = plainWords(text);
    if (spoken.length > 0) {
      this.#lastWords = spoken;
      this.#atSeam = false;
    }
    this.#open = nothing;
  }

  #onTheCall(heard: Words): Words {
    if (this.#startMs === 0) return heard;
    const words = heard.words.map(({ text, startMs, endMs }) => ({
      text,
      startMs: startMs + this.#startMs,
      endMs: endMs + this.#startMs,
    }));
    return { ...heard, words };
  }

  /** Without the words that the recogniser before has given already. */
  #afterSeam(heard: Words): Words {
    if (!this.#atSeam || heard.text === '') return heard;
    if (heard.words.length === 0) return { ...heard, text: this.#withoutSeam(heard.text) };
    const words = heard.words.filter((word) => (word.startMs + word.endMs) / 2 > this.#lastWordMs);
    if (words.length === heard.words.length) return heard;
    return { ...heard, words, text: words.map((word) => word.text).join(' ') };
  }

  #withoutSeam(text: string): string {
    const words = text.split(/\s+/).filter((word) => word !== '');
    const plain = plainWords(text);
    if (plain.length !== words.length) return text;
    for (let count = Math.min(SEAM_WORDS_MAX, words.length); count > 0; count -= 1) {
      const before = this.#lastWords.slice(-count);
      if (before.length < count || before.some((word, index) => word !== plain[index])) continue;
      return words.slice(count).join(' ');
    }
    return text;
  }
}

function plainWords(text: string): string[] {
  return text
    .toLowerCase()
    .split(/\s+/)
    .map((word) => word.replaceAll(/[^\p{L}\p{N}']/gu, ''))
    .filter((word) => word !== '');
}
