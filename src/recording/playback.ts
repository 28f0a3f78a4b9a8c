// A conversation's recordings as one WAV file: its length, and any part of it, without making the file.

import { stereoMulawHeader } from '../pipeline/audio/wav.ts';
import type { Recording } from '../store/calls/recordings.ts';
import type { Shelf } from './shelf.ts';

export interface Playback {
  /** Bytes of the whole file. */
  readonly length: number;
  /** The bytes from `from` to before `to`. */
  read(from: number, to: number): AsyncIterable<Uint8Array>;
}

/** Of parts with one rate: those of other rates than the first are left out. */
export function openPlayback(shelf: Shelf, recordings: readonly Recording[]): Playback | undefined {
  const [first] = recordings;
  if (!first) return undefined;
  const parts = recordings.filter(({ sampleRate }) => sampleRate === first.sampleRate);
  const bytes = parts.reduce((sum, each) => sum + each.bytes, 0);
  const header = stereoMulawHeader(first.sampleRate, bytes);
  return {
    length: header.length + bytes,
    async *read(from, to) {
      if (from < header.length) yield header.subarray(from, Math.min(to, header.length));
      let start = header.length;
      for (const part of parts) {
        const end = start + part.bytes;
        const [begin, stop] = [Math.max(from, start), Math.min(to, end)];
        if (begin < stop) yield* await shelf.read(part, begin - start, stop - start);
        start = end;
      }
    },
  };
}

/**
 * What a Range header asks for of a file of `length` bytes: one range, or undefined for all of it (no header, several
 * ranges, another unit), or `unsatisfiable`. RFC 9110, 14.
 */
export function parseRange(
  header: string | undefined,
  length: number,
): { from: number; to: number } | 'unsatisfiable' | undefined {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const count = Math.min(Number(last), length);
    return count === 0 ? 'unsatisfiable' : { from: length - count, to: length };
  }
  const from = Number(first);
  const to = last === '' ? length : Math.min(Number(last) + 1, length);
  if (last !== '' && Number(last) < from) return undefined;
  return from >= length ? 'unsatisfiable' : { from, to };
}
