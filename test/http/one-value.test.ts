// One strange value in a request that is right otherwise, at every door of the API: a part of them each time, the same ones.
// `test/long/one-value.test.ts` sends them all.

import { test } from 'node:test';
import { askStrangeFields } from '../support/contracts/ask-strange-fields.ts';

/** No list of values has a length that it divides: each value meets some field. */
const EVERY = 5;

test('one strange value in a right request', async (t) => {
  await askStrangeFields(t, EVERY);
});
