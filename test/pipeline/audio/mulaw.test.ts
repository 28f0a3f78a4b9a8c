// The whole mu-law code against the table of G.711, and what the encoder does between its steps.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MULAW_SILENCE, decodeMulaw, encodeMulaw } from '../../../src/pipeline/audio/mulaw.ts';

/** The sizes of codes 0xff down to 0x80, eight segments of sixteen, as ITU-T G.711 table 2a gives them (times four). */
const sizes = [
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 72, 80, 88, 96, 104, 112, 120],
  [132, 148, 164, 180, 196, 212, 228, 244, 260, 276, 292, 308, 324, 340, 356, 372],
  [396, 428, 460, 492, 524, 556, 588, 620, 652, 684, 716, 748, 780, 812, 844, 876],
  [924, 988, 1052, 1116, 1180, 1244, 1308, 1372, 1436, 1500, 1564, 1628, 1692, 1756, 1820, 1884],
  [1980, 2108, 2236, 2364, 2492, 2620, 2748, 2876, 3004, 3132, 3260, 3388, 3516, 3644, 3772, 3900],
  [4092, 4348, 4604, 4860, 5116, 5372, 5628, 5884, 6140, 6396, 6652, 6908, 7164, 7420, 7676, 7932],
  [
    8316, 8828, 9340, 9852, 10364, 10876, 11388, 11900, 12412, 12924, 13436, 13948, 14460, 14972,
    15484, 15996,
  ],
  [
    16764, 17788, 18812, 19836, 20860, 21884, 22908, 23932, 24956, 25980, 27004, 28028, 29052,
    30076, 31100, 32124,
  ],
].flat();

test('all 256 codes decode to the table of G.711', () => {
  const all = decodeMulaw(Uint8Array.from({ length: 256 }, (_, code) => code));
  for (const [step, size] of sizes.entries()) {
    assert.equal(all[0xff - step], size, `code ${(0xff - step).toString(16)}`);
    assert.equal(all[0x7f - step], size === 0 ? 0 : -size, `code ${(0x7f - step).toString(16)}`);
  }
});

test('a code decoded and encoded is itself, but for negative zero', () => {
  const codes = Uint8Array.from({ length: 256 }, (_, code) => code);
  const again = encodeMulaw(decodeMulaw(codes));
  codes[0x7f] = 0xff;
  assert.deepEqual(again, codes);
});

test('samples become the bytes of G.711', () => {
  const table: readonly [samples: number[], hex: string][] = [
    [[0, 0, 0], 'ffffff'],
    [[8, -8, 16, -16], 'fe7efd7d'],
    [[100, -100, 1000, -1000], 'f272ce4e'],
    [[10_000, -10_000], '9c1c'],
    [[32_124, -32_124], '8000'],
    [[32_767, -32_768], '8000'],
    [[-1, -3, -4, 3, 4], '7f7f7efffe'],
  ];
  for (const [samples, hex] of table) {
    assert.equal(Buffer.from(encodeMulaw(Int16Array.from(samples))).toString('hex'), hex);
  }
});

test('every sample comes back within half a step of its size', () => {
  const all = Int16Array.from({ length: 0x10000 }, (_, i) => i - 0x8000);
  const back = decodeMulaw(encodeMulaw(all));
  let worst = 0;
  for (let i = 0; i < all.length; i += 1) {
    const size = Math.min(Math.abs(all[i]!), 32_635);
    const error = Math.abs(Math.abs(back[i]!) - size);
    worst = Math.max(worst, error / (size + 132));
    assert.ok(error <= 4 + (size + 132) / 32, `${all[i]} came back as ${back[i]}`);
  }
  assert.ok(worst > 0.02, 'mu-law loses something; if not, nothing was measured');
});

test('silence is silence', () => {
  assert.deepEqual(decodeMulaw(Uint8Array.of(MULAW_SILENCE, 0x7f)), Int16Array.of(0, 0));
});
