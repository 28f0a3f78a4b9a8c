// How loud we were, so many frames ago.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OurLoudness, SILENT_DB, decibels } from '../../../src/pipeline/hearing/our-loudness.ts';

test('decibels of full scale', () => {
  assert.equal(Math.round(decibels(32_768 ** 2)), 0);
  assert.equal(Math.round(decibels(327.68 ** 2)), -40);
  assert.equal(decibels(0), SILENT_DB);
});

test('each frame has its place, and one is found within some frames of it', () => {
  const loudness = new OurLoudness(30, -55);
  assert.equal(loudness.audible, false);
  loudness.push(-20);
  for (let i = 0; i < 10; i += 1) loudness.push(SILENT_DB);
  assert.equal(loudness.near(10, 0), -20);
  assert.equal(loudness.near(11, 1), -20);
  assert.equal(loudness.near(12, 1), SILENT_DB);
  assert.equal(loudness.loudest, -20);
});

test('it dies away as in a room, and is heard no more', () => {
  const loudness = new OurLoudness(30, -55);
  loudness.push(-20);
  loudness.push(-60);
  loudness.push(-60);
  assert.equal(loudness.near(0, 0), -24);
  loudness.push(-21);
  assert.equal(loudness.near(0, 0), -21);
  assert.equal(loudness.audible, true);
  for (let i = 0; i < 47; i += 1) loudness.push(SILENT_DB);
  assert.equal(loudness.audible, true);
  loudness.push(SILENT_DB);
  assert.equal(loudness.audible, false);
  loudness.push(-20);
  loudness.clear();
  assert.deepEqual([loudness.audible, loudness.loudest], [false, SILENT_DB]);
});
