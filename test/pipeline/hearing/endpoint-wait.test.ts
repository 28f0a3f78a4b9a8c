// How long quiet has to last: by how finished it sounds, by the caller's own pauses, by the client's wish.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EndpointWait } from '../../../src/pipeline/hearing/endpoint-wait.ts';
import type { Completeness } from '../../../src/pipeline/hearing/completeness.ts';

test('the less finished it sounds, the longer we wait', () => {
  const wait = new EndpointWait();
  const order: Completeness[] = ['complete', 'likely', 'unclear', 'unfinished', 'dictating'];
  const waits = order.map((each) => wait.ms(each));
  assert.deepEqual(
    waits,
    waits.toSorted((a, b) => a - b),
  );
  assert.equal(wait.shortestMs, wait.ms('complete'));
});

test('a caller who thinks long is waited for, a quick one is not', () => {
  const slow = new EndpointWait();
  const quick = new EndpointWait();
  for (let turn = 0; turn < 5; turn += 1) {
    slow.notePause(1100);
    quick.notePause(300);
  }
  const usual = new EndpointWait().ms('unclear');
  assert.ok(slow.ms('unclear') > usual);
  assert.ok(quick.ms('unclear') < usual);
  assert.ok(slow.ms('unfinished') >= 2000);
  assert.ok(slow.ms('unfinished') <= 3000);
});

test('gaps between words are no pauses', () => {
  const wait = new EndpointWait();
  for (let word = 0; word < 20; word += 1) wait.notePause(120);
  assert.equal(wait.ms('unclear'), new EndpointWait().ms('unclear'));
});

test('who was cut off is given more time, and less again when it goes well', () => {
  const wait = new EndpointWait();
  const usual = wait.ms('complete');
  wait.noteCutOff(260);
  const careful = wait.ms('complete');
  assert.ok(careful > usual);
  for (let times = 0; times < 20; times += 1) wait.noteCutOff(260);
  assert.ok(wait.ms('complete') <= usual + 240);
  for (let turn = 0; turn < 10; turn += 1) wait.noteTurn();
  assert.equal(wait.ms('complete'), usual);
});

test('who spells is waited for by the rhythm of this turn alone', () => {
  const wait = new EndpointWait();
  wait.notePause(700);
  assert.ok(wait.ms('spelling') > 1000);
  wait.noteTurn();
  assert.ok(wait.ms('spelling') < 1000);
});

test('a client may want more patience or less', () => {
  const unclear = (patience: 'quick' | 'normal' | 'patient') =>
    new EndpointWait(patience).ms('unclear');
  assert.ok(unclear('quick') < unclear('normal') && unclear('normal') < unclear('patient'));
});
