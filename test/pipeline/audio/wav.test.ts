// WAV files as others write them, in bytes, and everything about them that may be wrong.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatWav, parseWav } from '../../../src/pipeline/audio/wav.ts';

const riff = '52494646';
const wave = '57415645';
const data = '64617461';
/** fmt: 16 bytes, PCM, one channel, 8000 Hz, 16 bits. */
const pcm8k = '666d7420 10000000 0100 0100 401f0000 803e0000 0200 1000';
/** fmt: 18 bytes, mu-law, one channel, 8000 Hz, 8 bits, no extension. */
const mulaw8k = '666d7420 12000000 0700 0100 401f0000 401f0000 0100 0800 0000';

function file(...parts: readonly string[]): Uint8Array {
  return Buffer.from(parts.join('').replaceAll(/\s/g, ''), 'hex');
}

const good: readonly [what: string, hex: Uint8Array, rate: number, samples: number[]][] = [
  [
    'plain PCM',
    file(riff, '28000000', wave, pcm8k, data, '04000000', 'e803 18fc'),
    8000,
    [1000, -1000],
  ],
  [
    'chunks before and after, one of odd length',
    file(riff, '00000000', wave, '4c495354 03000000 41424300', pcm8k, data, '02000000 e803', data),
    8000,
    [1000],
  ],
  [
    'a stream that did not know its length',
    file(riff, 'ffffffff', wave, pcm8k, data, 'ffffffff', 'e803 18fc 0100'),
    8000,
    [1000, -1000, 1],
  ],
  [
    'mu-law',
    file(riff, '00000000', wave, mulaw8k, data, '03000000', 'ff 80 00 00'),
    8000,
    [0, 32_124, -32_124],
  ],
  [
    'the extensible form of PCM',
    file(
      riff,
      '00000000',
      wave,
      '666d7420 28000000 feff 0100 80bb0000 00770100 0200 1000 1600 1000 04000000',
      '0100 000000001000800000aa00389b71',
      data,
      '02000000 e803',
    ),
    48_000,
    [1000],
  ],
  ['no samples', file(riff, '24000000', wave, pcm8k, data, '00000000'), 8000, []],
  [
    'half a sample at the end',
    file(riff, '25000000', wave, pcm8k, data, '03000000 e80318'),
    8000,
    [1000],
  ],
];

for (const [what, bytes, sampleRate, samples] of good) {
  test(`reads ${what}`, () => {
    assert.deepEqual(parseWav(bytes), { sampleRate, samples: Int16Array.from(samples) });
  });
}

const bad: readonly [what: string, bytes: Uint8Array, message: RegExp][] = [
  ['nothing', file(), /not a WAV file/],
  ['another RIFF', file(riff, '04000000', '41564920'), /not a WAV file/],
  ['no data', file(riff, '24000000', wave, pcm8k), /no data/],
  [
    'data before the format',
    file(riff, '24000000', wave, data, '00000000', pcm8k),
    /before its format/,
  ],
  [
    'a short format',
    file(riff, '00000000', wave, '666d7420 04000000 01000100', data, '00000000'),
    /cut short/,
  ],
  [
    '24 bits',
    file(riff, '00000000', wave, pcm8k.replace('0200 1000', '0300 1800'), data, '00000000'),
    /24 bits/,
  ],
  [
    'MP3 inside',
    file(riff, '00000000', wave, pcm8k.replace('0100 0100', '5500 0100'), data, '00000000'),
    /format 85/,
  ],
  [
    'no channels',
    file(riff, '00000000', wave, pcm8k.replace('0100 0100', '0100 0000'), data, '00000000'),
    /0 channels/,
  ],
  [
    'a rate of zero',
    file(riff, '00000000', wave, pcm8k.replace('401f', '0000'), data, '00000000'),
    /rate is 0/,
  ],
  ['a thousand chunks', file(riff, '00000000', wave, '4c49535400000000'.repeat(1000)), /no data/],
];

for (const [what, bytes, message] of bad) {
  test(`refuses ${what}`, () => {
    assert.throws(() => parseWav(bytes), { code: 'invalid', message });
  });
}

test('reads the channel asked for, and no other', () => {
  const stereo = pcm8k.replace('0100 0100', '0100 0200').replace('0200 1000', '0400 1000');
  const bytes = file(riff, '00000000', wave, stereo, data, '08000000', 'e803 18fc e903 17fc');
  assert.deepEqual(parseWav(bytes).samples, Int16Array.of(1000, 1001));
  assert.deepEqual(parseWav(bytes, { channel: 1 }).samples, Int16Array.of(-1000, -1001));
  assert.throws(() => parseWav(bytes, { channel: 2 }), { code: 'invalid' });
});

test('refuses more than it was told to take', () => {
  const bytes = formatWav({ sampleRate: 8000, samples: new Int16Array(11) });
  assert.equal(parseWav(bytes, { maxSamples: 11 }).samples.length, 11);
  assert.throws(() => parseWav(bytes, { maxSamples: 10 }), { code: 'too_large' });
});

test('writes the bytes of a PCM file', () => {
  const bytes = formatWav({ sampleRate: 8000, samples: Int16Array.of(1000, -1000) });
  const wanted = file(riff, '28000000', wave, pcm8k, data, '04000000', 'e803 18fc');
  assert.equal(Buffer.from(bytes).toString('hex'), Buffer.from(wanted).toString('hex'));
});

test('writes the bytes of a mu-law file, filled to an even length', () => {
  const bytes = formatWav(
    { sampleRate: 8000, samples: Int16Array.of(0, 32_124, -32_124) },
    'mulaw',
  );
  const wanted = file(riff, '2a000000', wave, mulaw8k, data, '03000000', 'ff 80 00 00');
  assert.equal(Buffer.from(bytes).toString('hex'), Buffer.from(wanted).toString('hex'));
});

test('reads a view into a larger buffer', () => {
  const wav = formatWav({ sampleRate: 8000, samples: Int16Array.of(5, 6, 7) });
  const larger = new Uint8Array(wav.length + 7);
  larger.set(wav, 3);
  assert.deepEqual(parseWav(larger.subarray(3, 3 + wav.length)).samples, Int16Array.of(5, 6, 7));
});
