// G.711 mu-law as the carrier does it, on its own so that a fault in the product's codec cannot hide behind it.

/** What Twilio sends when nobody speaks. */
export const SILENCE_BYTE = 0xff;

const CLIP = 32_635;
const BIAS = 132;

const linear = Int16Array.from({ length: 256 }, (_, byte) => {
  const code = ~byte & 0xff;
  const magnitude = ((((code & 0x0f) << 3) + BIAS) << ((code & 0x70) >> 4)) - BIAS;
  return (code & 0x80) !== 0 ? -magnitude : magnitude;
});

const loudness = Uint16Array.from(linear, (sample) => Math.abs(sample));

/** 16-bit samples as mu-law bytes. */
export function encodeMulaw(samples: Int16Array): Uint8Array {
  return Uint8Array.from(samples, encodeSample);
}

/** mu-law bytes as 16-bit samples. */
export function decodeMulaw(bytes: Uint8Array): Int16Array {
  return Int16Array.from(bytes, (byte) => linear[byte]!);
}

/** Mean absolute value of `bytes[from..to)`, 0 to 32,124: tells sound from silence without decoding. */
export function meanLevel(bytes: Uint8Array, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < to; at += 1) sum += loudness[bytes[at]!]!;
  return sum / Math.max(1, to - from);
}

function encodeSample(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const biased = Math.min(CLIP, Math.abs(sample)) + BIAS;
  const exponent = 24 - Math.clz32(biased);
  const mantissa = (biased >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}
