// A ticket opens one thing, once, within a minute.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  deleteExpiredTickets,
  saveTicket,
  useTicket,
} from '../../../src/store/accounts/tickets.ts';
import type { Ticket } from '../../../src/store/accounts/tickets.ts';
import { testDatabase } from '../../support/database/database.ts';

const ticket: Ticket = { purpose: 'test-call', subject: 'a-client', userId: null };

test('once, for what it was made for, and not after a minute', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const token = await saveTicket(sql, ticket);
  assert.equal(await useTicket(sql, token, { ...ticket, subject: 'another' }), undefined);
  assert.equal(await useTicket(sql, token, { ...ticket, purpose: 'transcript' }), undefined);
  assert.deepEqual({ ...(await useTicket(sql, token, ticket)) }, ticket);
  assert.equal(await useTicket(sql, token, ticket), undefined);

  const old = await saveTicket(sql, ticket);
  await sql`UPDATE tickets SET expires_at = expires_at - interval '61 seconds'`;
  assert.equal(await useTicket(sql, old, ticket), undefined);
  await deleteExpiredTickets(sql);
  assert.equal((await sql`SELECT 1 FROM tickets`).length, 0);
});

test('of sixteen that come with one ticket, one is let in', async (t) => {
  const { database } = await testDatabase(t);
  const token = await saveTicket(database.general, ticket);
  const used = await Promise.all(
    Array.from({ length: 16 }, () => useTicket(database.general, token, ticket)),
  );
  assert.equal(used.filter((each) => each !== undefined).length, 1);
});
