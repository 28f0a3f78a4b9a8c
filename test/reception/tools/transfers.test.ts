// Who may be dialled for a client, how often, and what each end of the dialling means.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../src/lib/clock.ts';
import { newId } from '../../../src/lib/ids.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { personByWatcher } from '../../../src/reception/tools/put-through.ts';
import {
  announce,
  decide,
  endTransfer,
  openTransfers,
} from '../../../src/reception/tools/transfers.ts';
import { findClient } from '../../../src/store/clients/clients.ts';
import {
  endConversation,
  openConversation,
} from '../../../src/store/conversations/conversations.ts';
import { saveLineSettings, usualLineSettings } from '../../../src/store/clients/line-settings.ts';
import { insertTransferTarget } from '../../../src/store/clients/transfer-targets.ts';
import { findReturn } from '../../../src/store/calls/transfers.ts';
import { refuseToDial } from '../../../src/telephony/dial-policy.ts';
import { testDatabase } from '../../support/database/database.ts';
import { saveTestClient } from '../../support/product/test-client.ts';

async function start(t: { after(act: () => Promise<void>): void }, mode: 'warm' | 'cold' = 'warm') {
  const { database } = await testDatabase(t);
  const sql = database.calls;
  const { id: clientId } = await saveTestClient(sql, newId(0), { fallbackNumber: '+12025550188' });
  await saveLineSettings(sql, clientId, { ...usualLineSettings, transferMode: mode });
  const client = (await findClient(sql, clientId))!;
  const mayDial = (to: string, rules: Parameters<typeof refuseToDial>[1]) =>
    refuseToDial(to, rules) === undefined;
  const parts = { sql, clock: systemClock, log: quietLog, mayDial };
  const call = async (callSid: string, callerPhone: string | undefined = '+14155550111') => {
    const conversation = {
      clientId,
      callSid,
      callerPhone: callerPhone ?? null,
      disclosureVersion: null,
      owner: 'test',
    };
    const { id: callId } = await openConversation(sql, {
      id: newId(systemClock.now()),
      ...conversation,
    });
    const end = () =>
      endConversation(sql, callId, 'test', {
        endReason: 'transferred',
        outcome: 'transferred',
        durationMs: 1,
      });
    return { desk: await openTransfers(parts, { callId, callSid, client, callerPhone }), end };
  };
  const add = (name: string, phoneNumber: string, isActive = true) => {
    const who = { name, phoneNumber, description: '', position: 0, isActive };
    return insertTransferTarget(sql, { id: newId(systemClock.now()), clientId, ...who });
  };
  return { sql, clock: systemClock, call, add };
}

test('the people of the owner, else the fallback number, and never a number that is not to be dialled', async (t) => {
  const { call, add } = await start(t);
  const numbers = async () =>
    (await call('CA1')).desk.people.map(({ key, phoneNumber }) => [key, phoneNumber]);
  assert.deepEqual(await numbers(), [['p1', '+12025550188']]);
  await add('Premium', '+19005550123');
  await add('Satellite', '+882161234567');
  await add('Elsewhere', '+442071838750');
  assert.deepEqual(await numbers(), [], 'who names people means them');
  await add('Ann', '+12025550177');
  await add('Away', '+12025550178', false);
  assert.deepEqual(await numbers(), [['p1', '+12025550177']]);
});

test('whoever watches chooses among the people as they are now, and is told why nobody is reached', async (t) => {
  const { call, add } = await start(t);
  const { desk } = await call('CA1');
  const told: string[] = [];
  const numberOf = async (targetId: string | undefined) =>
    (await personByWatcher(desk, targetId, (why) => told.push(why)))?.phoneNumber;
  assert.equal(await numberOf(undefined), '+12025550188');
  const ann = await add('Ann', '+12025550177');
  const ben = await add('Ben', '+12025550178');
  assert.deepEqual(
    [await numberOf(undefined), await numberOf(ben.id), await numberOf(ann.id)],
    ['+12025550177', '+12025550178', '+12025550177'],
  );
  const premium = await add('Premium', '+19005550123');
  assert.equal(await numberOf(premium.id), undefined);
  assert.equal(await numberOf(ben.id), '+12025550178');
  assert.equal(await numberOf(ben.id), undefined);
  assert.deepEqual(told, ['nobody', 'too_often']);
  assert.equal(await personByWatcher(undefined, undefined, (why) => told.push(why)), undefined);
  assert.deepEqual(told.at(-1), 'nobody');
});

test('a caller is put through five times an hour, from whichever call; others are not held up by it', async (t) => {
  const { sql, call } = await start(t);
  const begin = async (callSid: string, from?: string) => {
    const { desk } = await call(callSid, from);
    return (await desk.begin(desk.people[0]!, '')).type;
  };
  const desks = await Promise.all(Array.from({ length: 8 }, (_, n) => call(`CA${n}`)));
  const tries = await Promise.all(desks.map(({ desk }) => desk.begin(desk.people[0]!, '')));
  assert.equal(tries.filter(({ type }) => type === 'target').length, 5);
  assert.equal(await begin('CA9', '+14155550112'), 'target');
  await sql`UPDATE transfers SET created_at = created_at - interval '61 minutes'`;
  assert.equal(await begin('CA9'), 'target');
});

const ends: readonly [
  mode: 'warm' | 'cold',
  key: boolean | undefined,
  dialStatus: string,
  end: string,
][] = [
  ['warm', true, 'completed', 'talked'],
  ['warm', false, 'completed', 'back'],
  ['warm', undefined, 'completed', 'back'],
  ['warm', undefined, 'busy', 'back'],
  ['warm', undefined, 'no-answer', 'back'],
  ['warm', undefined, 'failed', 'back'],
  ['warm', undefined, 'canceled', 'back'],
  ['warm', undefined, '', 'back'],
  ['cold', undefined, 'completed', 'talked'],
  ['cold', undefined, 'answered', 'talked'],
  ['cold', undefined, 'busy', 'back'],
];

for (const mode of ['warm', 'cold'] as const) {
  test(`${mode}: how the dialling ends`, async (t) => {
    const { sql, clock, call } = await start(t, mode);
    for (const [n, [, key, dialStatus, expected]] of ends.filter(([of]) => of === mode).entries()) {
      const callSid = `CA${n}`;
      const { desk, end } = await call(callSid, `+1415555011${n}`);
      const begun = await desk.begin(desk.people[0]!, 'a tooth');
      assert.ok(begun.type === 'target');
      assert.equal(begun.target.announced, mode === 'warm');
      const transferId = begun.target.transferId!;
      const told = await announce(sql, transferId);
      assert.equal(told === undefined, mode === 'cold');
      if (key !== undefined) assert.equal(await decide(sql, transferId, key), key);
      await end();
      const over = { transferId, callSid, dialStatus, gone: false };
      const what = `${key} ${dialStatus}`;
      const parts = { sql, clock };
      assert.equal(await endTransfer(parts, { ...over, callSid: 'CAother' }), 'unknown', what);
      assert.equal(await endTransfer(parts, over), expected, what);
      assert.equal(await endTransfer(parts, over), 'unknown', 'once');
      assert.equal(await decide(sql, transferId, true), false, 'nobody is connected afterwards');
      assert.equal((await findReturn(sql, callSid)) !== undefined, expected === 'back');
      const [{ ended }] = await sql<[{ ended: boolean }]>`
        SELECT ended_at IS NOT NULL AS ended FROM conversations WHERE call_sid = ${callSid}`;
      assert.equal(
        ended,
        expected === 'talked',
        'the conversation goes on where the caller comes back',
      );
    }
  });
}
