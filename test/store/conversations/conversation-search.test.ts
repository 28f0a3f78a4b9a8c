// Searches among many conversations: how far they are counted, how few are read, and that the few at the far end are found.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { systemClock } from '../../../src/lib/clock.ts';
import { newId } from '../../../src/lib/ids.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { listConversations } from '../../../src/store/conversations/conversation-list.ts';
import { READ_COUNTED_MAX } from '../../../src/store/conversations/conversation-search.ts';
import type { Keyset } from '../../../src/store/database/keyset.ts';
import { openMaintenance } from '../../../src/store/database/sql.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { testDatabase } from '../../support/database/database.ts';
import { saveTestClient } from '../../support/product/test-client.ts';

const MANY = 3000;
const OTHERS = 500;

/**
 * Each says "good morning", "morning dear", and an even or an odd word; only the oldest "good morning dear", and only the
 * two oldest nothing of "weather".
 */
async function open(t: TestContext): Promise<{ sql: Sql; clientId: string }> {
  const { database, connection } = await testDatabase(t);
  const { id: clientId } = await saveTestClient(database.general, newId(0));
  const sql = openMaintenance({ connection, clock: systemClock, log: quietLog });
  t.after(() => sql.end());
  await sql`
    INSERT INTO conversations (id, client_id, channel, created_at, ended_at, search)
    SELECT gen_random_uuid(), ${clientId}, 'browser', at, at, to_tsvector('simple',
      CASE WHEN n = 1 THEN 'good morning dear ' ELSE 'good morning my morning dear ' END
      || CASE WHEN n % 2 = 0 THEN 'even' ELSE 'odd' END || CASE WHEN n > 2 THEN ' weather' ELSE '' END)
    FROM (SELECT n, timestamptz '2027-03-01' + make_interval(mins => n) AS at FROM generate_series(1, ${MANY}::int) n) g`;
  // Clients with one conversation each, which is what the server takes for usual.
  await sql`
    WITH others AS (
      INSERT INTO clients (id, owner_id, name, llm_model, stt_model, tts_provider, tts_voice_id)
      SELECT gen_random_uuid(), owner_id, 'Other', 'm', 'm', 'cartesia', ''
      FROM clients, generate_series(1, ${OTHERS}::int) WHERE clients.id = ${clientId} RETURNING clients.id
    )
    INSERT INTO conversations (id, client_id, channel) SELECT gen_random_uuid(), id, 'browser' FROM others`;
  await sql`ANALYZE conversations`;
  return { sql, clientId };
}

test('matches that must be read are counted to a bound, and all of them are there page by page', async (t) => {
  const { sql, clientId } = await open(t);
  const times: number[] = [];
  let after: Keyset | undefined;
  do {
    const filter = { clientId, words: '"good morning" weather' };
    const page = await listConversations(sql, filter, { limit: 100, offset: 0, after });
    assert.deepEqual([page.total, page.countedMax], [READ_COUNTED_MAX, READ_COUNTED_MAX]);
    times.push(...page.rows.map(({ createdAt }) => createdAt.getTime()));
    after = page.next;
  } while (after);
  assert.equal(times.length, MANY - 2);
  assert.deepEqual(
    times,
    times.toSorted((a, b) => b - a),
  );
  const words = await listConversations(
    sql,
    { clientId, words: 'good' },
    { limit: 1, offset: MANY - 1 },
  );
  assert.deepEqual([words.rows.length, words.total, words.countedMax], [1, MANY, 10_000]);
});

test('no more are read than are counted', async (t) => {
  const { sql, clientId } = await open(t);
  const ask = async (words: string, after?: Keyset) => {
    const before = await scans(sql, 'conversations_pkey');
    const page = await listConversations(sql, { clientId, words }, { limit: 20, offset: 0, after });
    return { ...page, reads: (await scans(sql, 'conversations_pkey')) - before };
  };
  const deep = await listConversations(
    sql,
    { clientId, words: '"good morning"' },
    { limit: 1, offset: 2000 },
  );
  // Often enough for the server to plan without the words in view, too.
  for (let time = 1; time <= 8; time += 1) {
    const first = await ask('"good morning"');
    assert.equal(first.rows.length, 20);
    assert.ok(first.reads <= READ_COUNTED_MAX + 50, `${first.reads} read of the first page`);
    const further = await ask('"good morning"', deep.next);
    assert.equal(further.rows.length, 20);
    assert.ok(further.reads <= READ_COUNTED_MAX + 50, `${further.reads} read of a later page`);
    for (const [words, total, readsMax] of [
      ['-even', MANY / 2, 50],
      ['-"good evening"', READ_COUNTED_MAX, 50],
      ['-"good evening" or "good morning"', READ_COUNTED_MAX, 50],
      ['"good morning" -weather', 2, 50],
      ['"good evening" or -weather', 2, 50],
      ['odd -"good morning"', 0, MANY / 2 + 50],
    ] as const) {
      const page = await ask(words);
      assert.equal(page.total, total, words);
      assert.ok(page.reads <= readsMax, `${page.reads} read for ${words}`);
    }
    const before = await scans(sql, 'conversations_search');
    assert.equal((await ask('even')).total, MANY / 2);
    assert.equal(await scans(sql, 'conversations_search'), before + 1, `time ${time}`);
  }
});

test('few matches among many that look like it are found', async (t) => {
  const { sql, clientId } = await open(t);
  for (const [words, count] of [
    ['"good morning dear"', 1],
    ['-weather', 2],
    ['-"good morning" or -weather', 2],
    ['-"my morning"', 1],
    ['-"good morning" or "morning dear" -weather odd', 1],
    ['-good', 0],
  ] as const) {
    const page = await listConversations(sql, { clientId, words }, { limit: 20, offset: 0 });
    assert.deepEqual([page.rows.length, page.total], [count, count], words);
  }
});

/** How often an index was asked. That of the ids: once for each conversation that is read, and for each row of a page. */
async function scans(sql: Sql, index: string): Promise<number> {
  await sql`SELECT pg_stat_force_next_flush()`;
  const [row] = await sql<[{ scans: number }]>`
    SELECT idx_scan AS scans FROM pg_stat_user_indexes WHERE indexrelname = ${index}`;
  return row.scans;
}
