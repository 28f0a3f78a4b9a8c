// Keys pressed together are one answer.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Keypad } from '../../src/pipeline/keypad.ts';
import { VirtualClock } from '../support/clock.ts';

test('keys belong together until a pause, or until #', async () => {
  const clock = new VirtualClock();
  const answers: string[] = [];
  using keypad = new Keypad(clock, (keys) => answers.push(keys));
  for (const key of '12') keypad.press(key);
  await clock.advance(1900);
  keypad.press('3');
  await clock.advance(1900);
  assert.deepEqual(answers, []);
  await clock.advance(200);
  assert.deepEqual(answers, ['123']);
  for (const key of '45#6') keypad.press(key);
  assert.deepEqual(answers, ['123', '45']);
  keypad.press('#');
  assert.deepEqual(answers, ['123', '45', '6']);
  keypad.press('#');
  assert.equal(answers.length, 3);
});

test('a caller who leans on the keypad fills nothing, and the end leaves no timer', () => {
  const clock = new VirtualClock();
  const answers: string[] = [];
  const keypad = new Keypad(clock, (keys) => answers.push(keys));
  for (let pressed = 0; pressed < 1000; pressed += 1) keypad.press('1');
  keypad[Symbol.dispose]();
  assert.equal(clock.pending, 0);
  keypad.press('#');
  assert.equal(answers[0]?.length, 64);
});
