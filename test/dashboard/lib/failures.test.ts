// What went wrong, in words for people.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../../clients/typescript/client.ts';
import { explain, faultsOf, statusOf } from '../../../src/dashboard/lib/failures.ts';

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
  assert.equal(statusOf(new TypeError('fetch failed')), undefined);
  assert.equal(statusOf(new ApiError(404, {}, undefined)), 404);
});
