// What the caller hears: audio queued by the other side, played in real time, with its marks. Pure: time is an argument.

import { AUDIBLE_LEVEL, FRAME_BYTES } from './caller-speech.ts';
import { meanLevel, SILENCE_BYTE } from './g711.ts';

/** Sound without a break, in milliseconds of the caller's clock. */
export interface HeardSpan {
  readonly startMs: number;
  endMs: number;
}

/** Audio as it was played, silence included; cut where a `clear` cut it. */
export interface HeardPiece {
  readonly startMs: number;
  readonly bytes: Uint8Array;
}

export interface PlayedMark {
  readonly name: string;
  /** False when it came back because of a `clear`. */
  readonly played: boolean;
}

/** Bytes a millisecond of 8 kHz mu-law. */
const BYTES_MS = 8;
/** Audio that waits to be played; Twilio drops what comes beyond its own limit (warning 31930). */
const QUEUED_MS_MAX = 600_000;
/** Spans of sound kept of one call. */
const SPANS_MAX = 20_000;
/** Marks that wait; more come back at once. */
const MARKS_MAX = 10_000;
/** Quiet inside one utterance: spans closer than this are the same speech. */
export const PAUSE_MS = 300;

export class Earpiece {
  /** Spans of sound, oldest first. The last ones may lie in the future: queued and not yet played. */
  readonly spans: HeardSpan[] = [];
  readonly pieces: HeardPiece[] = [];
  readonly #keepAudio: boolean;
  #queue: { name: string; atMs: number }[] = [];
  #playedOutMs = 0;
  #receivedBytes = 0;
  #firstAudioMs: number | undefined;
  #clearedMs = 0;

  /** `keepAudio`: whether the bytes are kept, 8 kB for a second. */
  constructor({ keepAudio }: { keepAudio: boolean }) {
    this.#keepAudio = keepAudio;
  }

  get receivedMs(): number {
    return this.#receivedBytes / BYTES_MS;
  }

  /** When the first audio arrived, silent or not. */
  get firstAudioMs(): number | undefined {
    return this.#firstAudioMs;
  }

  /** Audio that a `clear` threw away before it was heard. */
  get clearedMs(): number {
    return this.#clearedMs;
  }

  /** Queues audio that arrives at `nowMs`. False when the queue is full and it was dropped. */
  push(bytes: Uint8Array, nowMs: number): boolean {
    const startMs = Math.max(nowMs, this.#playedOutMs);
    if (startMs + bytes.length / BYTES_MS - nowMs > QUEUED_MS_MAX) return false;
    this.#receivedBytes += bytes.length;
    this.#firstAudioMs ??= nowMs;
    this.#playedOutMs = startMs + bytes.length / BYTES_MS;
    if (this.#keepAudio) this.pieces.push({ startMs, bytes });
    for (let from = 0; from < bytes.length; from += FRAME_BYTES) {
      const to = Math.min(bytes.length, from + FRAME_BYTES);
      if (meanLevel(bytes, from, to) < AUDIBLE_LEVEL) continue;
      this.#addSound(startMs + from / BYTES_MS, startMs + to / BYTES_MS);
    }
    return true;
  }

  /** `count` bytes as they were played from `atMs` on; undefined where none were. Only of an earpiece that keeps audio. */
  playedAt(atMs: number, count: number): Uint8Array | undefined {
    let played: Uint8Array | undefined;
    for (let index = this.pieces.length - 1; index >= 0; index -= 1) {
      const { startMs, bytes } = this.pieces[index]!;
      const from = Math.round((atMs - startMs) * BYTES_MS);
      if (from >= bytes.length) break;
      if (from + count <= 0) continue;
      played ??= new Uint8Array(count).fill(SILENCE_BYTE);
      played.set(bytes.subarray(Math.max(0, from), from + count), Math.max(0, -from));
    }
    return played;
  }

  /** Queues a mark behind the audio; true when it is due at once because nothing is queued. */
  mark(name: string, nowMs: number): boolean {
    if (this.#playedOutMs <= nowMs && this.#queue.length === 0) return true;
    if (this.#queue.length >= MARKS_MAX) return true;
    this.#queue.push({ name, atMs: this.#playedOutMs });
    return false;
  }

  /** The marks whose audio has been played by `nowMs`. */
  played(nowMs: number): PlayedMark[] {
    const first = this.#queue[0];
    if (!first || first.atMs > nowMs) return [];
    const due: PlayedMark[] = [];
    while (this.#queue[0] && this.#queue[0].atMs <= nowMs) {
      due.push({ name: this.#queue.shift()!.name, played: true });
    }
    return due;
  }

  /** Drops what has not been played. All marks that wait come back. */
  clear(nowMs: number): PlayedMark[] {
    this.#clearedMs += Math.max(0, this.#playedOutMs - nowMs);
    this.#playedOutMs = Math.min(this.#playedOutMs, nowMs);
    while (this.spans.length > 0 && this.spans.at(-1)!.startMs >= nowMs) this.spans.pop();
    const last = this.spans.at(-1);
    if (last) last.endMs = Math.min(last.endMs, nowMs);
    while (this.pieces.length > 0 && this.pieces.at(-1)!.startMs >= nowMs) this.pieces.pop();
    const piece = this.pieces.at(-1);
    const heardBytes = piece ? Math.round((nowMs - piece.startMs) * BYTES_MS) : 0;
    if (piece && heardBytes < piece.bytes.length) {
      this.pieces.splice(-1, 1, { ...piece, bytes: piece.bytes.subarray(0, heardBytes) });
    }
    const waiting = this.#queue;
    this.#queue = [];
    return waiting.map(({ name }) => ({ name, played: false }));
  }

  /** When the last sound up to `nowMs` ended (`nowMs` itself while it sounds); undefined when there was none. */
  lastSoundMs(nowMs: number): number | undefined {
    const span = this.spans.findLast(({ startMs }) => startMs < nowMs);
    return span && Math.min(span.endMs, nowMs);
  }

  /** When the speech that sounds at `nowMs` began, short pauses bridged; undefined when it is quiet. */
  speakingSinceMs(nowMs: number): number | undefined {
    let sinceMs: number | undefined;
    for (let index = this.spans.length - 1; index >= 0; index -= 1) {
      const span = this.spans[index]!;
      if (span.startMs >= nowMs) continue;
      if ((sinceMs ?? nowMs) - span.endMs > PAUSE_MS) break;
      sinceMs = span.startMs;
    }
    return sinceMs;
  }

  /** When the first sound at or after `fromMs` began. */
  firstSoundMs(fromMs: number): number | undefined {
    return this.spans.find(({ startMs }) => startMs >= fromMs)?.startMs;
  }

  /** When the speech that sounds at `atMs` came to its end, short pauses bridged. */
  quietFromMs(atMs: number): number {
    let endMs = atMs;
    for (const span of this.spans) {
      if (span.endMs <= atMs) continue;
      if (span.startMs - endMs > PAUSE_MS) break;
      endMs = span.endMs;
    }
    return endMs;
  }

  #addSound(startMs: number, endMs: number): void {
    const last = this.spans.at(-1);
    if (last && startMs - last.endMs < 1) last.endMs = endMs;
    else if (this.spans.length < SPANS_MAX) this.spans.push({ startMs, endMs });
  }
}
