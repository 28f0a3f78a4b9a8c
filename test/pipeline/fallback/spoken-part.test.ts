// How far a voice has come in its text, by the times of its words or by the length of its audio.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SpokenPart } from '../../../src/pipeline/fallback/spoken-part.ts';
import type { Speech } from '../../../src/pipeline/types.ts';

const RATE = 8000;

function audio(part: SpokenPart, ms: number): Speech[] {
  const samples = new Int16Array((ms * RATE) / 1000);
  return [...part.addAudio({ type: 'audio', samples }, RATE)];
}

test('words are told when half of them has come, on the time of all voices', () => {
  const part = new SpokenPart(1000);
  part.addText('We open');
  part.addWords([
    { text: 'We', startMs: 0, endMs: 200 },
    { text: 'open', startMs: 200, endMs: 600 },
  ]);
  const told = audio(part, 300);
  assert.deepEqual(
    told.map((each) => each.type === 'words' && each.words),
    [[{ text: 'We', startMs: 1000, endMs: 1200 }], false],
  );
  assert.equal(part.saidCharacters(), 2);
  audio(part, 150);
  assert.equal(part.saidCharacters(), 7);
  assert.deepEqual([part.endMs, [...part.lastWords()]], [1450, []]);
});

test('without times, some fifteen characters a second', () => {
  const part = new SpokenPart(0);
  assert.equal(part.saidCharacters(), 0);
  part.addText(' We open at nine.');
  assert.equal(part.saidCharacters(), 0);
  audio(part, 600);
  assert.equal(' We open at nine.'.slice(0, part.saidCharacters()), ' We open');
});

test('it owes audio only where there is more text than the audio can have said', () => {
  const part = new SpokenPart(0);
  part.addText('We open at nine, and close at five.');
  audio(part, 500);
  assert.equal(part.owes, true);
  audio(part, 1000);
  assert.equal(part.owes, false);
});
