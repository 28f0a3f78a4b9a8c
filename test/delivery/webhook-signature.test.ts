// The signature of webhooks, checked as a receiver would.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { signWebhook } from '../../src/delivery/webhook-signature.ts';

test('time and body are signed with every secret that is good', () => {
  const header = signWebhook(['new', 'old'], '{"a":1}', 1_700_000_000);
  const [time, ...signatures] = header.split(',');
  assert.equal(time, 't=1700000000');
  const expected = ['new', 'old'].map(
    (secret) => `v1=${createHmac('sha256', secret).update('1700000000.{"a":1}').digest('hex')}`,
  );
  assert.deepEqual(signatures, expected);
});

test('the wire does not change by mistake', () => {
  assert.equal(
    signWebhook(['whsec_test'], '{}', 1),
    't=1,v1=7500d5d4be4b3ef07af1fe56f7d522d135cdaa7530de557e67cc1049c52de094',
  );
});
