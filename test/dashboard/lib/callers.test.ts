// Whom the dashboard names for a message and for a call.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callerName, messageFrom } from '../../../src/dashboard/lib/callers.ts';

const phone = '+12025550123';

test('a message is from a name, else from a number that can be read', () => {
  assert.equal(messageFrom({ name: 'Ann', phone }), 'Ann');
  assert.equal(messageFrom({ name: phone, phone }), '(202) 555-0123');
  assert.equal(messageFrom({ name: '', phone: '' }), 'Unknown number');
});

test('a contact without a name is named by number', () => {
  assert.equal(callerName({ contact_name: '', caller_phone: phone }), '(202) 555-0123');
});
