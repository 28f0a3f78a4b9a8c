// How many there are, said as far as the server has counted.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { texts } from '../../src/dashboard/texts/texts.ts';

test('a count that stopped says that there may be more', () => {
  const { conversations, contacts } = texts;
  assert.equal(conversations.count(1, 10_000), '1 conversation');
  assert.equal(conversations.count(1000, 10_000), '1,000 conversations');
  assert.equal(conversations.count(1000, 1000), '1,000+ conversations');
  assert.equal(contacts.count(10_000, 10_000), '10,000+ contacts');
});
