// The job that erases what was deleted: at once, again in a while, one that cannot be erased keeps no other, and it ends when told to.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quietLog } from '../../src/lib/log.ts';
import { eraseDeleted, runErasures } from '../../src/start/erasures.ts';
import { saveCalendarCredentials } from '../../src/store/calendar/calendar-credentials.ts';
import type { Sql } from '../../src/store/database/sql.ts';
import { bookingClient, conversationOf } from '../support/bookings/booking-client.ts';
import { VirtualClock } from '../support/clock.ts';
import { testDatabase } from '../support/database/database.ts';
import { eventually } from '../support/product/after-call.ts';

async function deletedClient(sql: Sql): Promise<string> {
  const clientId = await bookingClient(sql);
  const conversationId = await conversationOf(sql, clientId);
  await sql`UPDATE conversations SET ended_at = clock_timestamp() WHERE id = ${conversationId}`;
  await sql`UPDATE clients SET deleted_at = clock_timestamp() WHERE id = ${clientId}`;
  return clientId;
}

const left = async (sql: Sql, clientId: string) =>
  (await sql`SELECT 1 FROM conversations WHERE client_id = ${clientId}`).length;

test('what opens a calendar is given back before it is forgotten', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const [linked, plain] = [await deletedClient(sql), await deletedClient(sql)];
  const sealed = { kind: 'oauth', sealed: 'x', account: 'a@example.com' } as const;
  await saveCalendarCredentials(sql, { clientId: linked, ...sealed });
  const parted: string[] = [];
  const part = async (clientId: string) => {
    const [held] = await sql`SELECT 1 FROM calendar_credentials WHERE client_id = ${clientId}`;
    assert.ok(held);
    parted.push(clientId);
  };
  await eraseDeleted({ sql, clock: new VirtualClock(), log: quietLog, till: undefined, part });
  assert.deepEqual(parted, [linked]);
  assert.deepEqual([await left(sql, linked), await left(sql, plain)], [0, 0]);
  assert.equal((await sql`SELECT 1 FROM calendar_credentials`).length, 0);
});

test('one that cannot be erased keeps no other from it, and its turn comes again', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const [stuck, other] = [await deletedClient(sql), await deletedClient(sql)];
  const sealed = { kind: 'oauth', sealed: 'x', account: 'a@example.com' } as const;
  await saveCalendarCredentials(sql, { clientId: stuck, ...sealed });
  const clock = new VirtualClock();
  let fails = true;
  const part = async () => {
    if (fails) throw new Error('no');
  };
  const stopping = new AbortController();
  const running = runErasures(
    { sql, clock, log: quietLog, till: undefined, part },
    stopping.signal,
  );
  await eventually('the other', async () => ((await left(sql, other)) === 0 ? true : undefined));
  await eventually('the pause', async () => (clock.pending > 0 ? true : undefined));
  assert.equal(await left(sql, stuck), 1);
  fails = false;
  await sql`UPDATE clients SET erase_try_at = clock_timestamp() WHERE id = ${stuck}`;
  await clock.advance(20_001);
  await eventually('its turn', async () => ((await left(sql, stuck)) === 0 ? true : undefined));
  stopping.abort();
  await running;
  assert.equal(clock.pending, 0);
});
