// What a chat's turn costs: taken once, only where it is free, given back once; the books agree after everything.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chargeChatTurn, giveBackChatTurn } from '../../../src/billing/metering/chat-charge.ts';
import { newId } from '../../../src/lib/ids.ts';
import { admitLease } from '../../../src/store/money/leases.ts';
import { findBalance } from '../../../src/store/money/ledger-entries.ts';
import { testDatabase } from '../../support/database/database.ts';
import { saveTestClient } from '../../support/product/test-client.ts';

async function start(t: { after(act: () => Promise<void>): void }, seconds: number) {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const { id: clientId } = await saveTestClient(sql, newId(1), { seconds });
  let turns = 0;
  const charge = () => ({
    clientId,
    conversationId: 'c',
    turnId: String((turns += 1)),
    seconds: 10,
  });
  const balance = async () => (await findBalance(sql, clientId))!.balanceSeconds;
  const books = () =>
    sql`SELECT 1 FROM meter_audit WHERE net <> ledger_sum OR reserved <> lease_sum`;
  t.after(async () => assert.equal((await books().catch(() => [])).length, 0));
  return { sql, clientId, charge, balance, books };
}

test('once for each turn, and back once', async (t) => {
  const { sql, charge, balance, books } = await start(t, 100);
  const turn = charge();
  await chargeChatTurn(sql, turn);
  await chargeChatTurn(sql, turn);
  assert.equal(await balance(), 90);
  await giveBackChatTurn(sql, turn);
  await giveBackChatTurn(sql, turn);
  assert.equal(await balance(), 100);
  await chargeChatTurn(sql, { ...charge(), seconds: 0 });
  assert.equal(await balance(), 100);
  assert.equal((await books()).length, 0);
});

test('of many at once as many as there is credit for', async (t) => {
  const { sql, charge, balance, books } = await start(t, 55);
  const charged = await Promise.allSettled(
    Array.from({ length: 12 }, () => chargeChatTurn(sql, charge())),
  );
  assert.equal(charged.filter(({ status }) => status === 'fulfilled').length, 5);
  for (const each of charged) {
    if (each.status === 'rejected') {
      assert.equal((each.reason as { code: string }).code, 'out_of_balance');
    }
  }
  assert.equal(await balance(), 5);
  assert.equal((await books()).length, 0);
});

test('what is promised to a running call is not free, and a client that is off takes none', async (t) => {
  const { sql, clientId, charge, balance, books } = await start(t, 60);
  const call = { clientId, callSid: 'call', streamSid: 'call', owner: 'test' };
  await admitLease(sql, {
    ...call,
    leaseId: newId(2),
    headroomSeconds: 55,
    secondsMin: 1,
    leaseSeconds: 60,
  });
  await assert.rejects(chargeChatTurn(sql, charge()), { code: 'out_of_balance' });
  for (const off of ['is_active = false', 'deleted_at = now()', 'audit_failed_at = now()']) {
    await sql`UPDATE clients SET is_active = true, deleted_at = NULL WHERE id = ${clientId}`;
    await sql`UPDATE clients SET ${sql.unsafe(off)} WHERE id = ${clientId}`;
    await assert.rejects(chargeChatTurn(sql, charge()), { code: 'conflict' }, off);
  }
  assert.equal(await balance(), 60);
  assert.equal((await books()).length, 0);
});
