// Raw caller audio as Deepgram is sent it, decoded; and the settings that say what it is.

import { decodeMulaw } from '../../../src/pipeline/audio/mulaw.ts';

export interface AudioFormat {
  /** Hz */
  readonly sampleRate: number;
  decode(bytes: Buffer): Int16Array;
}

const RATE_MIN = 8000;
const RATE_MAX = 48_000;

/** Undefined where the query names no encoding that is known here, or no rate. */
export function audioFormat(query: URLSearchParams): AudioFormat | undefined {
  const sampleRate = Number(query.get('sample_rate'));
  if (!Number.isInteger(sampleRate) || sampleRate < RATE_MIN || sampleRate > RATE_MAX) {
    return undefined;
  }
  switch (query.get('encoding') ?? '') {
    case 'mulaw':
      return { sampleRate, decode: decodeMulaw };
    case 'linear16':
      return { sampleRate, decode: decodeLinear };
    default:
      return undefined;
  }
}

function decodeLinear(bytes: Buffer): Int16Array {
  const samples = new Int16Array(bytes.length >> 1);
  for (let at = 0; at < samples.length; at += 1) samples[at] = bytes.readInt16LE(at * 2);
  return samples;
}
