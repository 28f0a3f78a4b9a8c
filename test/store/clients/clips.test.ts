// Stored speech comes back byte for byte, and the first one under a key stays.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findClips, saveClip } from '../../../src/store/clients/clips.ts';
import { testDatabase } from '../../support/database/database.ts';

test('clips are found by their keys', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clip = {
    text: 'Hello "there" \\ ö',
    audio: Uint8Array.of(0, 1, 127, 128, 255),
    words: [{ text: 'Hello', startMs: 0, endMs: 400 }],
  };
  await saveClip(sql, 'a', clip);
  await saveClip(sql, 'a', { ...clip, text: 'another' });
  await saveClip(sql, 'b', { ...clip, words: [] });
  const found = await findClips(sql, ['a', 'b', 'c']);
  assert.deepEqual([...found.keys()].toSorted(), ['a', 'b']);
  const stored = found.get('a')!;
  assert.deepEqual({ ...stored, audio: Uint8Array.from(stored.audio) }, clip);
  assert.deepEqual(found.get('b')!.words, []);
  assert.equal((await findClips(sql, [])).size, 0);
});
