// What is heard of the places that callers call from: as loud as asked, and never the same moment twice.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { placeSound, places } from '../../../sandbox/phone/places.ts';
import { formatWav } from '../../../src/pipeline/audio/wav.ts';
import { tone } from '../../support/sounds.ts';

const folder = mkdtempSync(join(tmpdir(), 'places-'));
after(() => rmSync(folder, { recursive: true }));

function rms(samples: Int16Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length);
}

for (const place of places) {
  test(`${place}: as loud as asked, the same for every call`, async () => {
    const sound = await placeSound(place, 400);
    assert.ok(Math.abs(rms(sound) - 400) < 40, `${rms(sound)}`);
    assert.deepEqual(await placeSound(place, 400), sound);
  });
}

test('a recording is made as loud as asked, and one of another rate is refused', async () => {
  const right = join(folder, 'right.wav');
  writeFileSync(right, formatWav({ sampleRate: 8000, samples: tone(300, 8000, 500) }));
  assert.ok(Math.abs(rms(await placeSound(right, 250)) - 250) < 5);
  const wrong = join(folder, 'wrong.wav');
  writeFileSync(wrong, formatWav({ sampleRate: 16_000, samples: tone(300, 16_000, 500) }));
  await assert.rejects(placeSound(wrong, 250), /not a recording of 8 kHz/);
});
