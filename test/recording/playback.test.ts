// Any part of a recording is read as if it were one file, and ranges are understood as HTTP means them.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { newId } from '../../src/lib/ids.ts';
import { parseWav } from '../../src/pipeline/audio/wav.ts';
import { openPlayback, parseRange } from '../../src/recording/playback.ts';
import { openShelf } from '../../src/recording/shelf.ts';

const ranges: readonly [header: string | undefined, range: ReturnType<typeof parseRange>][] = [
  [undefined, undefined],
  ['bytes=0-9', { from: 0, to: 10 }],
  ['bytes=10-', { from: 10, to: 100 }],
  ['bytes=-10', { from: 90, to: 100 }],
  ['bytes=-1000', { from: 0, to: 100 }],
  ['bytes=0-1000', { from: 0, to: 100 }],
  ['bytes=99-99', { from: 99, to: 100 }],
  ['bytes=100-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=9-8', undefined],
  ['bytes=0-1,5-6', undefined],
  ['items=0-1', undefined],
  ['bytes=', undefined],
  ['bytes=-', undefined],
  ['bytes=x-1', undefined],
];

test('ranges', () => {
  for (const [header, range] of ranges)
    assert.deepEqual(parseRange(header, 100), range, header ?? '');
});

test('parts of a call are one file, whichever part of it is read', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'frontdesk-playback-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const shelf = openShelf(folder, undefined);
  const recordings = [];
  for (const [n, length] of [400, 200].entries()) {
    const id = newId(n);
    const file = await shelf.create(id);
    await file.write(new Uint8Array(length).fill(n + 1));
    await file.close();
    recordings.push({
      id,
      place: 'disk' as const,
      sampleRate: 8000,
      bytes: length,
      startedAt: new Date(n),
      keepUntil: new Date(n + 1),
    });
  }
  const playback = openPlayback(shelf, recordings)!;
  const read = async (from: number, to: number) =>
    Buffer.concat(await Array.fromAsync(playback.read(from, to)));
  const whole = await read(0, playback.length);
  assert.equal(whole.length, playback.length);
  const { sampleRate, samples } = parseWav(whole, { channel: 1 });
  assert.deepEqual([sampleRate, samples.length], [8000, 300]);
  for (const [from, to] of [
    [0, 1],
    [40, 50],
    [45, 46],
    [46, 47],
    [440, 450],
    [445, 646],
    [646, 646],
  ] as const) {
    assert.deepEqual(await read(from, to), whole.subarray(from, to), `${from} to ${to}`);
  }
  assert.equal(openPlayback(shelf, []), undefined);
  const [gone] = recordings;
  await shelf.remove(gone!);
  await assert.rejects(read(0, playback.length), { code: 'not_found' });
});
