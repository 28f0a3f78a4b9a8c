// Callers who hang up while a person is being rung, in whole calls: their owner sees that they were missed, and whom to call back.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import type { DialPlan } from '../../../../sandbox/phone/call-options.ts';
import { systemClock } from '../../../../src/lib/clock.ts';
import { newId } from '../../../../src/lib/ids.ts';
import {
  saveLineSettings,
  usualLineSettings,
} from '../../../../src/store/clients/line-settings.ts';
import { insertTransferTarget } from '../../../../src/store/clients/transfer-targets.ts';
import { assertSound, eventually, finished, greeted } from '../../../support/product/after-call.ts';
import { startTestFrontdesk } from '../../../support/product/frontdesk.ts';
import { ownerReader } from '../../../support/product/owner-token.ts';

const rings: DialPlan = { status: 'completed', ringMs: 60_000, talkMs: 100, keys: '1' };
const from = '+14155550123';

async function start(t: TestContext, plan: DialPlan, mode: 'warm' | 'cold' = 'warm') {
  const f = await startTestFrontdesk(t, { dial: () => plan });
  const sql = f.database.general;
  await saveLineSettings(sql, f.client.id, { ...usualLineSettings, transferMode: mode });
  await insertTransferTarget(sql, {
    id: newId(systemClock.now()),
    clientId: f.client.id,
    name: 'Dr. Ruiz',
    phoneNumber: '+12025550177',
    description: 'Emergencies',
    position: 0,
    isActive: true,
  });
  const call = f.call({ from, statusCallback: `${f.publicUrl}/voice/status` });
  await greeted(call);
  f.says.push('let me talk to a person');
  f.openai.script({ text: '', calls: [{ name: 'transfer_call', arguments: { person: 'p1' } }] });
  await call.say(f.voice('let me talk to a person'));
  return { f, sql, call, read: await ownerReader(f) };
}

/** What the owner of a missed caller sees. */
async function assertMissed({ f, call, read }: Awaited<ReturnType<typeof start>>): Promise<void> {
  await finished(f, call);
  const [notice] = await eventually('the owner is told', async () => {
    const listed = await read('/api/notices?unread=true');
    return listed.length > 0 ? listed : undefined;
  });
  const path = `/api/clients/${f.client.id}/conversations`;
  const [listed] = await read(`${path}?outcome=missed`);
  assert.deepEqual(
    [listed.outcome, listed.end_reason, listed.caller_phone, listed.follow_up],
    ['missed', 'caller', from, true],
  );
  assert.deepEqual(
    [notice.kind, notice.severity, notice.text],
    [
      'missed_caller',
      'warning',
      `${from} wanted to speak to Dr. Ruiz and reached nobody. Please call them back.`,
    ],
  );
  assert.deepEqual(notice.data, { conversation_id: listed.id, caller_phone: from });
  // The words of the call are read after that, and do not take it back.
  const reviewed = await eventually('the review', async () => {
    const one = await read(`/api/conversations/${listed.id}`);
    return one.review_state === 'due' ? undefined : one;
  });
  assert.equal(reviewed.follow_up, true);
  assert.match(reviewed.follow_up_reason, /.+/);
  assert.equal((await read('/api/notices')).length, 1);
  await assertSound(f);
}

describe('a caller who hangs up while a person is rung', { concurrency: 7 }, () => {
  for (const mode of ['warm', 'cold'] as const) {
    test(`${mode}: is missed`, async (t) => {
      const started = await start(t, rings, mode);
      const { call, sql } = started;
      await call.until(() => call.history.some(({ type }) => type === 'dial'), 60_000);
      call.hangUp();
      await assertMissed(started);
      const [{ state }] = await sql<[{ state: string }]>`SELECT state FROM transfers`;
      assert.equal(state, 'abandoned');
    });
  }

  for (const mode of ['warm', 'cold'] as const) {
    test(`${mode}: is missed also where the carrier tells of the call only`, async (t) => {
      const started = await start(t, { ...rings, silentWhenAbandoned: true }, mode);
      const { call } = started;
      await call.until(() => call.history.some(({ type }) => type === 'dial'), 60_000);
      call.hangUp();
      await assertMissed(started);
    });
  }

  test('is not missed where somebody has answered, though the carrier does not tell of the end', async (t) => {
    const talks = { ...rings, ringMs: 50, talkMs: 60_000, silentWhenAbandoned: true };
    const { f, sql, call, read } = await start(t, talks, 'cold');
    await call.until(() => call.history.some(({ type }) => type === 'bridged'), 60_000);
    const answered = async () => {
      const [{ state }] = await sql<[{ state: string }]>`SELECT state FROM transfers`;
      return state === 'accepted' || undefined;
    };
    await eventually('the carrier has told who answered', answered);
    call.hangUp();
    const { conversation } = await finished(f, call);
    assert.equal(conversation.outcome, 'transferred');
    assert.deepEqual(await read('/api/notices'), []);
  });

  test('is missed before that, too, while told that they are put through', async (t) => {
    const started = await start(t, rings);
    const { call, sql } = started;
    await eventually('the transfer has begun', async () => {
      const rows = await sql`SELECT 1 FROM transfers`;
      return rows.length > 0 || undefined;
    });
    await call.speaking(200, 60_000);
    call.hangUp();
    await assertMissed(started);
    assert.ok(!call.history.some(({ type }) => type === 'dial'));
  });

  test('is not missed where a person has taken the call', async (t) => {
    const { f, call, read } = await start(t, { ...rings, ringMs: 50, talkMs: 60_000 });
    await call.until(() => call.history.some(({ type }) => type === 'bridged'), 60_000);
    call.hangUp();
    const { conversation } = await finished(f, call);
    assert.equal(conversation.outcome, 'transferred');
    await eventually('the carrier has told of the end', async () =>
      f.log.some(({ msg }) => msg === 'transfer ended') ? true : undefined,
    );
    assert.deepEqual(await read('/api/notices'), []);
    const [listed] = await read(`/api/clients/${f.client.id}/conversations`);
    assert.equal(listed.outcome, 'transferred');
  });
});
