// Every strange value at every field of every door of the API, each in a request that is right otherwise.

import { test } from 'node:test';
import { askStrangeFields } from '../support/contracts/ask-strange-fields.ts';

test('each strange value, each field', async (t) => {
  await askStrangeFields(t, 1);
});
