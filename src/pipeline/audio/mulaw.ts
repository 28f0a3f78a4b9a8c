// G.711 mu-law, the eight bits a sample has on a phone line, to and from 16-bit PCM.

import type { Samples } from '../types.ts';

/** What mu-law sends for silence. */
export const MULAW_SILENCE = 0xff;

const BIAS = 0x84;
const CLIP = 0x7fff - BIAS;

const decoded = Int16Array.from({ length: 0x100 }, (_, code) => decodeOne(code));
/** Indexed by the sample's sixteen bits taken as unsigned. */
const encoded = Uint8Array.from({ length: 0x10000 }, (_, bits) => encodeOne((bits << 16) >> 16));

/** One sample for each byte; into `samples`, of the same length, where a caller brings its own. */
export function decodeMulaw(
  bytes: Uint8Array,
  samples: Int16Array = new Int16Array(bytes.length),
): Samples {
  for (let i = 0; i < bytes.length; i += 1) samples[i] = decoded[bytes[i]!]!;
  return samples;
}

/** One byte for each sample, as ITU-T G.711 says, from all sixteen bits; louder than 32635 is clipped. Into `bytes` as above. */
export function encodeMulaw(
  samples: Samples,
  bytes: Uint8Array = new Uint8Array(samples.length),
): Uint8Array {
  for (let i = 0; i < samples.length; i += 1) bytes[i] = encoded[samples[i]! & 0xffff]!;
  return bytes;
}

function decodeOne(code: number): number {
  const bits = ~code & 0xff;
  const size = (((bits & 0x0f) << 3) + BIAS) << ((bits >> 4) & 7);
  return bits & 0x80 ? BIAS - size : size - BIAS;
}

function encodeOne(sample: number): number {
  const size = Math.min(Math.abs(sample), CLIP) + BIAS;
  // The segment is the place of the highest set bit, which the bias keeps at 7 or above.
  const segment = 24 - Math.clz32(size);
  const step = (size >> (segment + 3)) & 0x0f;
  return ~((sample < 0 ? 0x80 : 0) | (segment << 4) | step) & 0xff;
}
