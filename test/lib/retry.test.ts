// Trying again: how often, after how long, and when not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retry } from '../../src/lib/retry.ts';
import type { RetryOptions } from '../../src/lib/retry.ts';
import { VirtualClock } from '../support/clock.ts';

const passing = new Error('passing');
const options: RetryOptions = {
  attempts: 4,
  waitMs: 100,
  waitMsMax: 300,
  retryable: (error) => error === passing,
  signal: new AbortController().signal,
};

function failing(times: number) {
  const at: number[] = [];
  const clock = new VirtualClock();
  const act = (attempt: number) => {
    at.push(clock.elapsed());
    return attempt <= times ? Promise.reject(passing) : Promise.resolve(attempt);
  };
  return { at, clock, act };
}

test('waits longer each time, up to a limit, with jitter', async () => {
  const { at, clock, act } = failing(3);
  const result = retry(clock, options, act);
  await clock.advance(2000);
  assert.equal(await result, 4);
  const waits = at.slice(1).map((time, i) => time - at[i]!);
  for (const [i, base] of [100, 200, 300].entries()) {
    assert.ok(waits[i]! >= base && waits[i]! <= base * 1.25, `wait ${i} was ${waits[i]}`);
  }
});

test('the last failure is what is thrown', async () => {
  const { at, clock, act } = failing(9);
  const result = assert.rejects(retry(clock, options, act), passing);
  await clock.advance(2000);
  await result;
  assert.equal(at.length, 4);
});

test('what cannot pass is not tried again', async () => {
  const clock = new VirtualClock();
  let attempts = 0;
  await assert.rejects(
    retry(clock, options, () => {
      attempts += 1;
      return Promise.reject(new Error('lasting'));
    }),
    /lasting/,
  );
  assert.equal(attempts, 1);
});

test('the signal ends the wait', async () => {
  const { at, clock, act } = failing(9);
  const abort = new AbortController();
  const result = retry(clock, { ...options, signal: abort.signal }, act);
  const rejected = assert.rejects(result, /enough/);
  await clock.advance(50);
  abort.abort(new Error('enough'));
  await rejected;
  assert.equal(at.length, 1);
  assert.equal(clock.pending, 0);
});
