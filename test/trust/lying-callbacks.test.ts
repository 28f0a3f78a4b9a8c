// Status callbacks that lie, come late, twice or too early (T40): they end no call that is alive, and nothing is charged for them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newSid } from '../../sandbox/phone/sids.ts';
import {
  assertBilled,
  assertSound,
  effects,
  finished,
  greeted,
} from '../support/product/after-call.ts';
import { carrierPost, ringFields } from '../support/product/carrier.ts';
import { startTestFrontdesk } from '../support/product/frontdesk.ts';
import type { TestFrontdesk } from '../support/product/frontdesk.ts';

/** What the carrier says of a call whose end it has seen. */
function tellEnd(
  f: TestFrontdesk,
  callSid: string,
  { path = '/voice/status', state = 'completed', seconds = '86400' } = {},
) {
  const from = '+14155550100';
  const fields = {
    ...ringFields(f, { from, to: f.client.number, callSid }),
    CallStatus: state,
    CallDuration: seconds,
  };
  return carrierPost(f, { path, fields });
}

test('of a call that nobody knows, a call that runs, and one that is over', async (t) => {
  const f = await startTestFrontdesk(t);
  const before = await effects(f);
  for (const callSid of [newSid('CA'), 'CA', 'x'.repeat(500)]) {
    assert.equal((await tellEnd(f, callSid)).status, 204);
  }
  assert.deepEqual(await effects(f), before);

  const call = f.call();
  await greeted(call);
  const lies = [
    { state: 'completed' },
    { state: 'failed', seconds: '-5' },
    { state: 'canceled', seconds: 'NaN' },
    { state: 'no-answer', seconds: '1e9' },
    { path: '/voice/stream-status', state: 'completed' },
  ];
  for (const lie of lies) {
    const answers = await Promise.all([1, 2, 3].map(() => tellEnd(f, call.sid, lie)));
    assert.ok(answers.every(({ status }) => status === 204));
  }
  f.says.push('when do you open');
  f.openai.script('We open at nine.');
  await call.say(f.voice('when do you open'));
  await call.reply(700, 60_000);
  call.hangUp();
  const record = await finished(f, call);
  assert.equal(record.conversation.endReason, 'caller');
  assert.equal(record.leases.length, 1, 'it was never taken for an orphan');
  assert.equal(record.utterances.at(-1)?.content, 'We open at nine.');
  assertBilled(record, record.summary.connectedMs);

  // The review of the call may ask a vendor meanwhile.
  const books = async () => ({ ...(await effects(f)), vendors: undefined });
  const after = await books();
  await tellEnd(f, call.sid);
  await tellEnd(f, call.sid, { state: 'busy', seconds: '0' });
  assert.deepEqual(await books(), after);
  await assertSound(f);
});
