// Words that come later than the sound: waited for, and not for ever.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AwaitedWords } from '../../../src/pipeline/realtime/awaited-words.ts';
import { settle, VirtualClock } from '../../support/clock.ts';

async function waiting(words: AwaitedWords): Promise<{ known: boolean }> {
  const state = { known: false };
  void words.known().then(() => (state.known = true));
  await settle();
  return state;
}

test('nothing was said, or all of it is known: nobody waits', async () => {
  const words = new AwaitedWords(new VirtualClock());
  assert.equal((await waiting(words)).known, true);
  words.expect();
  words.came();
  assert.equal((await waiting(words)).known, true);
});

test('the words of everything that was said are waited for', async () => {
  const clock = new VirtualClock();
  const words = new AwaitedWords(clock);
  words.expect();
  words.expect();
  const one = await waiting(words);
  const other = await waiting(words);
  words.came();
  await settle();
  assert.deepEqual([one.known, other.known], [false, false]);
  words.came();
  await settle();
  assert.deepEqual([one.known, other.known, clock.pending], [true, true, 0]);
});

test('what does not come in a second and a half is not waited for again', async () => {
  const clock = new VirtualClock();
  const words = new AwaitedWords(clock);
  words.expect();
  const state = await waiting(words);
  await clock.advance(1480);
  assert.equal(state.known, false);
  await clock.advance(20);
  assert.equal(state.known, true);
  assert.equal((await waiting(words)).known, true);
});
