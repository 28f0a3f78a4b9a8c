// What went wrong, in words for people.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../../clients/typescript/client.ts';
import { explain, faultsOf, isAnswered, statusOf } from '../../../src/dashboard/lib/failures.ts';

test('what is said about fields is told at the fields', () => {
  const error = new ApiError(400, { name: ['Too long.', 'Too odd.'], count: 3 }, undefined);
  assert.deepEqual(faultsOf(error), { name: 'Too long. Too odd.' });
  assert.equal(explain(error), 'Too long. Too odd.');
  assert.deepEqual(faultsOf(new ApiError(400, { detail: 'No.' }, undefined)), {});
  assert.deepEqual(faultsOf(new ApiError(409, { name: ['Taken.'] }, undefined)), {});
});

test('one sentence for every failure', () => {
  assert.equal(explain(new ApiError(409, { detail: 'It is taken.' }, undefined)), 'It is taken.');
  assert.match(explain(new ApiError(429, { detail: 'Too many requests.' }, 7)), /7 seconds/);
  assert.match(explain(new ApiError(502, '<html>', undefined)), /on our side/);
  assert.match(explain(new TypeError('fetch failed')), /cannot be reached/);
  assert.match(explain(new ApiError(409, { detail: 'Still running.' }, 1)), /still being done/);
  assert.equal(statusOf(new TypeError('fetch failed')), undefined);
  assert.equal(statusOf(new ApiError(404, {}, undefined)), 404);
});

test('what the server has not decided is the same request when it is asked again', () => {
  const open = [
    new TypeError('fetch failed'),
    new ApiError(500, {}, undefined),
    new ApiError(429, {}, 7),
    new ApiError(409, { detail: 'Still running.' }, 1),
  ];
  for (const error of open) assert.equal(isAnswered(error), false, error.message);
  for (const status of [400, 402, 404, 409]) {
    assert.equal(isAnswered(new ApiError(status, {}, undefined)), true, String(status));
  }
});
