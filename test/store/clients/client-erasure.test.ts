// What a deleted client leaves: its books, and nothing of anybody who called; nothing of others goes with it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endConversation } from '../../../src/store/conversations/conversations.ts';
import {
  claimErasure,
  eraseClient,
  erasedTables,
  keptTables,
} from '../../../src/store/clients/client-erasure.ts';
import { settleLease } from '../../../src/store/money/leases.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { startTestApi } from '../../support/product/api.ts';
import { startBusiness } from '../../support/product/business.ts';
import { testDatabase } from '../../support/database/database.ts';

const WORD = 'vanishing';
const PHONE = '+14155550142';

test('of every table it is known whether a deleted client’s rows go or stay', async (t) => {
  const { database } = await testDatabase(t);
  const tables = await database.general<{ name: string }[]>`
    SELECT table_name AS name FROM information_schema.columns
    WHERE table_schema = 'public' AND column_name = 'client_id' ORDER BY 1`;
  // Each with a reason of its own: sound goes after its file, calendars after what is in them.
  const known = [...erasedTables, ...keptTables, 'recordings', 'calendars'];
  assert.deepEqual(
    tables.map(({ name }) => name),
    known.toSorted(),
  );
});

test('a deleted client is erased when its calls are over; its books stay, and so does all of others', async (t) => {
  const api = await startTestApi(t);
  const sql = api.database.general;
  const owner = await api.user();
  const other = await startBusiness(api, owner, { word: 'staying', phone: '+14155550143' });
  const before = await rowsWith(sql, 'staying');
  const doomed = await startBusiness(api, owner, { word: WORD, phone: PHONE });
  const mine = api.as(owner);
  assert.equal((await mine.delete(`/api/clients/${doomed.client_id}`)).status, 200);
  const id = doomed.client_id;
  // The server's own rounds leave it to us.
  await sql`UPDATE clients SET erase_try_at = 'infinity' WHERE id = ${id}`;
  assert.equal(await eraseClient(sql, id), 'busy', 'somebody still talks');
  assert.ok((await rowsWith(sql, WORD)).length > 0);

  const [lease] = await sql<{ id: string; epoch: number }[]>`
    SELECT id, epoch FROM call_leases WHERE client_id = ${id}`;
  await settleLease(sql, {
    leaseId: lease!.id,
    epoch: lease!.epoch,
    usedSeconds: 7,
    reason: 'stop',
  });
  const end = { endReason: 'caller', outcome: 'answered', durationMs: 7000 };
  await endConversation(sql, doomed.call_id, 'test', end);
  assert.equal(await eraseClient(sql, id), 'found');
  assert.deepEqual(await rowsWith(sql, WORD), []);
  assert.deepEqual(await rowsWith(sql, PHONE), []);
  assert.equal(await eraseClient(sql, id), 'erased');
  assert.equal(await claimErasure(sql), undefined, 'nothing is left to do');

  const [books] = await sql<[{ name: string; sum: number; orders: number }]>`
    SELECT name, (SELECT sum(delta_seconds)::bigint FROM ledger WHERE client_id = c.id) AS sum,
      (SELECT count(*) FROM orders WHERE client_id = c.id) AS orders FROM clients c WHERE id = ${id}`;
  assert.deepEqual({ ...books }, { name: 'Deleted client', sum: 993, orders: 1 });
  assert.deepEqual(await rowsWith(sql, 'staying'), before);
  assert.equal((await mine.get(`/api/clients/${other.client_id}`)).status, 200);
});

test('each is given to one process, and again when that has died', async (t) => {
  const api = await startTestApi(t);
  const sql = api.database.general;
  const { client_id: id } = await startBusiness(api, await api.user());
  assert.equal(await claimErasure(sql), undefined, 'a client that lives');
  await sql`UPDATE clients SET deleted_at = clock_timestamp(), erase_try_at = 'infinity' WHERE id = ${id}`;
  assert.equal(await claimErasure(sql), undefined);
  await sql`UPDATE clients SET erase_try_at = NULL WHERE id = ${id}`;
  const claims = await Promise.all([claimErasure(sql), claimErasure(sql), claimErasure(sql)]);
  assert.deepEqual(claims.filter(Boolean), [id]);
  await sql`UPDATE clients SET erase_try_at = clock_timestamp() WHERE id = ${id}`;
  assert.equal(await claimErasure(sql), id);
});

/** Where the text stands: names of tables, one for each row. */
async function rowsWith(sql: Sql, text: string): Promise<string[]> {
  const tables = await sql<{ name: string }[]>`
    SELECT table_name AS name FROM information_schema.tables
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1`;
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await sql`SELECT 1 FROM ${sql(name)} r WHERE position(${text} IN r::text) > 0`;
    found.push(...rows.map(() => name));
  }
  return found;
}
