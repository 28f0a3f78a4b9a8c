// A signed request that is sent again: a signature holds no time, so what it opens must be open only once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newSid } from '../../sandbox/phone/sids.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { assertSound, effects, finished, greeted } from '../support/product/after-call.ts';
import {
  carrierPost,
  openMediaSocket,
  ringFields,
  startMessage,
  streamOf,
} from '../support/product/carrier.ts';
import { startTestFrontdesk } from '../support/product/frontdesk.ts';

test('after a call its webhook, its token and its upgrade are worth nothing', async (t) => {
  let laterMs = 0;
  const clock = { ...systemClock, now: () => systemClock.now() + laterMs };
  const f = await startTestFrontdesk(t, { clock });
  const from = '+14155550100';
  const fields = ringFields(f, { from, to: f.client.number });
  const callSid = fields['CallSid']!;
  const call = f.call({ from, callSid });
  await greeted(call);
  call.hangUp();
  const { billed } = await finished(f, call);
  const url = streamUrl(call.history);
  const after = await effects(f);
  assert.equal(after.conversations, 1);

  for (let count = 0; count < 100; count += 1) {
    // The second half an hour after the call.
    if (count === 50) laterMs = 3_600_000;
    const { status, text } = await carrierPost(f, { path: '/voice', fields });
    assert.equal(status, 200);
    assert.doesNotMatch(text, /<Stream|<Dial/);
  }
  laterMs = 0;
  const status = { ...fields, CallStatus: 'completed', CallDuration: '9999' };
  for (let count = 0; count < 3; count += 1) {
    assert.equal((await carrierPost(f, { path: '/voice/status', fields: status })).status, 204);
  }
  // The upgrade's signature is as good as on the first day; its token is not.
  const socket = await openMediaSocket(f, url);
  const token = 'A'.repeat(43);
  socket.send(startMessage(f, { callSid, streamSid: newSid('MZ'), token }));
  assert.equal(await socket.closed, 1008);
  assert.deepEqual(await effects(f), after);

  // A token that was minted while the call still rang is useless when it is over.
  const second = ringFields(f, { from, to: f.client.number });
  const early = streamOf((await carrierPost(f, { path: '/voice', fields: second })).text);
  const again = f.call({ from, callSid: second['CallSid']! });
  await greeted(again);
  again.hangUp();
  const ended = await finished(f, again);
  const late = await openMediaSocket(f, early.url);
  const start = { callSid: again.sid, streamSid: newSid('MZ'), token: early.token };
  late.send(startMessage(f, start));
  assert.equal(await late.closed, 1008);

  const [books] = await f.database.general`
    SELECT (SELECT count(*)::int FROM conversations) AS conversations,
      (SELECT -sum(delta_seconds)::int FROM ledger WHERE kind = 'call') AS billed`;
  assert.deepEqual({ ...books }, { conversations: 2, billed: billed + ended.billed });
  await assertSound(f);
});

function streamUrl(history: readonly { type: string }[]): string {
  const started = history.find(
    (event): event is { type: 'stream-started'; url: string } => event.type === 'stream-started',
  );
  return started!.url;
}
