// Callers without a number, with a strange one, and callers of nobody: a valid answer for each, and nothing odd is stored.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseTwiml } from '../../sandbox/phone/twiml.ts';
import { assertSound, effects, finished, greeted } from '../support/product/after-call.ts';
import { carrierPost, ringFields } from '../support/product/carrier.ts';
import { startTestFrontdesk } from '../support/product/frontdesk.ts';

const strange = [
  '',
  'anonymous',
  'Anonymous',
  '+266696687',
  '266696687',
  'Restricted',
  'unknown',
  '+',
  '+0',
  'sip:someone@example.com',
  'client:abc',
  '+1415555010\r\nX-Evil: 1',
  "'; DROP TABLE clients; --",
  '%2B14155550100',
  '../../../etc/passwd',
  '\u{1F4DE}',
  '\u0000',
  '9'.repeat(500),
  `+${'1'.repeat(500)}`,
];

describe('numbers', { concurrency: 5 }, () => {
  test('From: a caller is let in and stored as nobody', async (t) => {
    const f = await startTestFrontdesk(t);
    const url = new RegExp(`/ws/${f.client.id}/anonymous"`);
    for (const from of strange) {
      const fields = ringFields(f, { from, to: f.client.number });
      const answer = await carrierPost(f, { path: '/voice', fields });
      assert.equal(answer.status, 200, from);
      parseTwiml(answer.text);
      assert.match(answer.text, url, from);
    }
    const {
      From: _from,
      Caller: _caller,
      ...without
    } = ringFields(f, { from: '', to: f.client.number });
    const answer = await carrierPost(f, { path: '/voice', fields: without });
    assert.match(answer.text, url);
    const stored = await f.database.general`
    SELECT 1 FROM stream_tokens WHERE caller_phone IS NOT NULL`;
    assert.equal(stored.length, 0);

    const calls = ['anonymous', '9'.repeat(500)].map((from) => f.call({ from }));
    for (const call of calls) {
      await greeted(call);
      call.hangUp();
      const { conversation } = await finished(f, call);
      assert.equal(conversation.callerPhone, null);
    }
    await assertSound(f);
  });

  test('To: a number nobody has, and forms without what matters', async (t) => {
    const f = await startTestFrontdesk(t);
    const before = await effects(f);
    const from = '+14155550100';
    const forms: Record<string, string>[] = [
      ...strange.map((to) => ringFields(f, { from, to })),
      ringFields(f, { from, to: '+12025559999' }),
      {},
      { CallSid: '' },
      { ...ringFields(f, { from, to: f.client.number }), CallSid: '' },
    ];
    for (const fields of forms) {
      const { status, text } = await carrierPost(f, { path: '/voice', fields });
      assert.equal(status, 200);
      const verbs = parseTwiml(text).children.map(({ name }) => name);
      assert.deepEqual(verbs, ['Say', 'Hangup'], JSON.stringify(fields['To']));
    }
    const repeated = new URLSearchParams(ringFields(f, { from, to: f.client.number }));
    assert.ok(repeated.size > 0);
    assert.deepEqual(await effects(f), before);

    const call = f.call({ to: '+12025559999' });
    const { endedBy, said, streams } = await call.ended;
    assert.deepEqual({ endedBy, streams }, { endedBy: 'twiml', streams: 0 });
    assert.deepEqual(said, ['This number is not in service. Goodbye.']);
    await assertSound(f);
  });
});
