// What is heard of a line that echoes: the caller whole, and nothing of us.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EchoGate } from '../../../src/pipeline/hearing/echo-gate.ts';
import type { Heard } from '../../../src/pipeline/hearing/echo-guard.ts';

/** A gate, and the first samples of the frames it gave: frames go in as 1, 2, 3 … */
function open() {
  const given: number[] = [];
  const gate = new EchoGate((frame) => given.push(frame[0]!));
  let count = 0;
  const pass = (heard: Heard, { voiced = false, times = 1 } = {}) => {
    for (let i = 0; i < times; i += 1) {
      count += 1;
      gate.pass(new Int16Array(160).fill(count), { heard, voiced });
    }
  };
  return { gate, given, pass };
}

test('an echo is silence, anything else is passed on as it is', () => {
  const { given, pass } = open();
  pass('ours', { times: 2 });
  pass('not-ours');
  pass('not-ours', { voiced: true });
  assert.deepEqual(given, [0, 0, 3, 4]);
});

test('what is not clear waits, and is heard whole or not at all', () => {
  for (const [heard, expected] of [
    ['ours', [1, 0, 0, 0, 0]],
    ['not-ours', [1, 2, 3, 4, 5]],
  ] as const) {
    const { given, pass } = open();
    pass('not-ours');
    pass('unsure', { times: 3 });
    assert.deepEqual(given, [1]);
    pass(heard);
    assert.deepEqual(given, expected);
  }
});

test('what is never clear is heard at last, and when the line ends', () => {
  const { gate, given, pass } = open();
  pass('unsure', { times: 21 });
  assert.equal(given.length, 21);
  pass('unsure', { times: 2 });
  gate.flush('not-ours');
  gate.flush('not-ours');
  assert.deepEqual(given.slice(-2), [22, 23]);
});

test('the words of a caller are not chopped by what may be an echo within them', () => {
  const { given, pass } = open();
  pass('not-ours', { voiced: true });
  pass('ours', { times: 10 });
  pass('unsure', { times: 5 });
  assert.equal(given.includes(0), false);
  assert.equal(given.length, 16);
  pass('ours', { times: 4 });
  assert.deepEqual(given.slice(-4), [0, 0, 0, 0]);
});
