// Conversations of everybody against a plain reading: a user's own and those of their clients, problems, pages, and searches.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../src/lib/ids.ts';
import {
  listAnyConversations,
  searchAnyConversations,
} from '../../../src/store/conversations/admin-conversations.ts';
import { testDatabase } from '../../support/database/database.ts';
import { saveTestClient } from '../../support/product/test-client.ts';

const MANY = 1200;

test('each is listed once, newest first, and words are found however far back', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const owners = [newId(0), newId(0)];
  const clients = [await saveTestClient(sql, newId(0)), await saveTestClient(sql, newId(0))];
  for (const [n, id] of owners.entries()) {
    await sql`INSERT INTO users (id, username, email) VALUES (${id}, ${`u${n}`}, ${`u${n}@example.com`})`;
    await sql`UPDATE clients SET owner_id = ${id} WHERE id = ${clients[n]!.id}`;
  }
  // In turns: of the first one's client, had by the first one (every other time with that client), of the other's client.
  const all = Array.from({ length: MANY }, (_, n) => ({
    id: newId(0),
    clientId: n % 6 === 0 || n % 3 === 1 ? clients[0]!.id : n % 3 === 2 ? clients[1]!.id : null,
    userId: n % 3 === 0 ? owners[0]! : null,
    outcome: n % 7 === 0 ? 'failed' : 'answered',
    flags: n % 11 === 0 ? ['unbacked_claim'] : [],
    said: `hello there ${n < 3 ? 'old friend' : 'my friend'} ${n % 4 === 0 ? 'four' : ''}`,
    // Two in the same instant each.
    atMs: Date.parse('2027-03-01T12:00:00Z') + Math.floor(n / 2) * 60_000,
  }));
  for (const { id, clientId, userId, outcome, flags, said, atMs } of all) {
    const at = new Date(atMs);
    await sql`
      INSERT INTO conversations (id, client_id, user_id, channel, outcome, flags, created_at, ended_at, search)
      VALUES (${id}, ${clientId}, ${userId}, 'browser', ${outcome}, ${flags}::text[], ${at}, ${at},
        to_tsvector('simple', ${said}))`;
  }
  await sql`ANALYZE conversations`;
  const newest = all.toSorted((a, b) => b.atMs - a.atMs || (a.id < b.id ? 1 : -1));

  for (const userId of [undefined, ...owners]) {
    const theirs = (each: (typeof all)[number]) =>
      userId === undefined ||
      each.userId === userId ||
      each.clientId === clients[owners.indexOf(userId)]!.id;
    for (const problems of [false, true]) {
      const expected = newest
        .filter((each) => theirs(each))
        .filter(({ outcome, flags }) => !problems || outcome === 'failed' || flags.length > 0)
        .map(({ id }) => id);
      for (const [limit, offset] of [
        [100, 0],
        [30, 70],
        [50, expected.length - 20],
      ] as const) {
        const asked = { userId, problems, limit };
        const page = await listAnyConversations(sql, { ...asked, offset });
        const name = `${userId ?? 'all'}, ${limit} from ${offset}${problems ? ', problems' : ''}`;
        const idsOf = ({ rows }: typeof page) => rows.map(({ id }) => id);
        assert.deepEqual(idsOf(page), expected.slice(offset, offset + limit), name);
        assert.equal(page.total, expected.length, name);
        const further = expected.slice(offset + limit, offset + 2 * limit);
        assert.equal(page.next !== undefined, further.length > 0, name);
        if (!page.next) continue;
        const next = await listAnyConversations(sql, { ...asked, offset: 0, after: page.next });
        assert.deepEqual(idsOf(next), further, `${name}, the page after it`);
      }
    }
  }

  for (const [words, holds] of [
    ['hello', () => true],
    ['four', ({ said }) => said.includes('four')],
    ['"old friend"', ({ said }) => said.includes('old friend')],
    ['-my', ({ said }) => !said.includes('my')],
    ['-"my friend" four', ({ said }) => !said.includes('my friend') && said.includes('four')],
    ['-hello', () => false],
    ['"friend old"', () => false],
    ['!!!', () => false],
  ] satisfies [string, (each: (typeof all)[number]) => boolean][]) {
    const found = await searchAnyConversations(sql, { words, limit: 100 });
    assert.deepEqual(
      found.map(({ id }) => id),
      newest
        .filter(holds)
        .map(({ id }) => id)
        .slice(0, 100),
      words,
    );
  }
});
