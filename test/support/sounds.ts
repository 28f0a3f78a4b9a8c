// Sound made by arithmetic, the same on every run: tones, noise, and something like a voice.

/** Milliseconds of a sine at half of full scale. `hz`: its pitch. */
export function tone(hz: number, sampleRate: number, ms: number): Int16Array {
  return make(sampleRate, ms, (seconds) => 16_000 * Math.sin(2 * Math.PI * hz * seconds));
}

export function silence(sampleRate: number, ms: number): Int16Array {
  return new Int16Array(Math.round((sampleRate * ms) / 1000));
}

/** White noise of a loudness in decibels of full scale. The same `seed` gives the same noise. */
export function noise(sampleRate: number, ms: number, decibels: number, seed = 1): Int16Array {
  const random = randomNumbers(seed);
  const size = 32_768 * 10 ** (decibels / 20) * Math.sqrt(3);
  return make(sampleRate, ms, () => size * (2 * random() - 1));
}

const SYLLABLE_SECONDS = 0.18;
/** Then it begins anew: the pitch swings wider as time goes on, and after six seconds it would be no voice to a detector. */
const VOWELS_SECONDS = 16 * SYLLABLE_SECONDS;

/** A buzz with the resonances of a vowel, in syllables of 180 ms: voiced to any detector. Loudness about -20 dB. */
export function vowels(sampleRate: number, ms: number): Int16Array {
  return make(sampleRate, ms, (at) => {
    const seconds = at % VOWELS_SECONDS;
    const pitch = 120 + 12 * Math.sin(2 * Math.PI * 2.1 * seconds);
    const syllable = Math.max(
      0.15,
      Math.sin((Math.PI * (seconds % SYLLABLE_SECONDS)) / SYLLABLE_SECONDS),
    );
    let sum = 0;
    for (let harmonic = 1; harmonic * pitch < Math.min(3600, sampleRate / 2); harmonic += 1) {
      const hz = harmonic * pitch;
      const level =
        resonance(hz, 700, 110) + 0.5 * resonance(hz, 1220, 120) + 0.2 * resonance(hz, 2600, 160);
      sum += level * Math.sin(2 * Math.PI * hz * seconds + harmonic);
    }
    return 3500 * syllable * sum;
  });
}

export function join(...parts: readonly Int16Array[]): Int16Array {
  const all = new Int16Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** `a` with `b` added, clipped; as long as `a`. */
export function mix(a: Int16Array, b: Int16Array): Int16Array {
  return a.map((sample, i) => Math.max(-32_768, Math.min(32_767, sample + (b[i] ?? 0))));
}

/** Cut into frames of 20 ms; a last short one is left out. */
export function frames(samples: Int16Array, sampleRate: number): Int16Array[] {
  const size = sampleRate / 50;
  return Array.from({ length: Math.floor(samples.length / size) }, (_, i) =>
    samples.subarray(i * size, (i + 1) * size),
  );
}

/** Decibels by which `wanted` is louder than the difference between it and `got`. */
export function signalToNoise(got: Int16Array, wanted: Int16Array): number {
  let signal = 0;
  let error = 0;
  for (let i = 0; i < wanted.length; i += 1) {
    signal += wanted[i]! ** 2;
    error += (got[i]! - wanted[i]!) ** 2;
  }
  return 10 * Math.log10(signal / Math.max(error, 1e-9));
}

/** Numbers from 0 to 1 that look random and are the same for the same seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function make(sampleRate: number, ms: number, at: (seconds: number) => number): Int16Array {
  return Int16Array.from({ length: Math.round((sampleRate * ms) / 1000) }, (_, i) =>
    Math.max(-32_768, Math.min(32_767, Math.round(at(i / sampleRate)))),
  );
}

function resonance(hz: number, centre: number, width: number): number {
  return 1 / (1 + ((hz - centre) / width) ** 2);
}
