// What a 20 ms frame costs in each thing that is done to audio: `node bench/audio.ts`.

import assert from 'node:assert/strict';
import { EnergyDetector } from '../src/pipeline/audio/energy-detector.ts';
import { decodeMulaw, encodeMulaw } from '../src/pipeline/audio/mulaw.ts';
import { loadResampler } from '../src/pipeline/audio/resample.ts';
import { formatWav, parseWav } from '../src/pipeline/audio/wav.ts';
import { frames, vowels } from '../test/support/sounds.ts';
import { printFigures, printMachine, time } from './support/measure.ts';

printMachine();

const [frame = new Int16Array(160)] = frames(vowels(8000, 20), 8000);
const bytes = encodeMulaw(frame);
assert.equal(bytes.length, 160);

printFigures(
  'mu-law to PCM',
  time(() => decodeMulaw(bytes)),
  'µs',
);
printFigures(
  'PCM to mu-law',
  time(() => encodeMulaw(frame)),
  'µs',
);
printFigures(
  'mu-law to PCM, by arithmetic',
  time(() => decodeByArithmetic(bytes)),
  'µs',
);

const detector = new EnergyDetector(8000);
printFigures(
  'voice by loudness',
  time(() => detector.push(frame)),
  'µs',
);

const open = await loadResampler();
for (const [fromHz, toHz] of [
  [8000, 16_000],
  [16_000, 8000],
  [24_000, 8000],
  [48_000, 8000],
] as const) {
  using resampler = open(fromHz, toHz);
  const samples = vowels(fromHz, 20);
  const name = `${fromHz / 1000} to ${toHz / 1000} kHz`;
  printFigures(
    name,
    time(() => resampler.push(samples)),
    'µs',
  );
}

const minute = formatWav({ sampleRate: 8000, samples: vowels(8000, 60_000) }, 'mulaw');
const reading = time(() => parseWav(minute), { rounds: 50, perRound: 2 });
printFigures('a minute of mu-law WAV, read', reading, 'µs');

/** The same without a table, for comparison. */
function decodeByArithmetic(codes: Uint8Array): Int16Array {
  const samples = new Int16Array(codes.length);
  for (let i = 0; i < codes.length; i += 1) {
    const bits = ~codes[i]! & 0xff;
    const size = (((bits & 0x0f) << 3) + 132) << ((bits >> 4) & 7);
    samples[i] = bits & 0x80 ? 132 - size : size - 132;
  }
  return samples;
}
