// Notices: told once for each key, to the owner and to the client's webhook.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  listNotices,
  markAllNotices,
  markNotice,
  notifyOwner,
} from '../../../src/store/clients/notices.ts';
import { takeDue } from '../../../src/store/service/outbox.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { bookingClient } from '../../support/bookings/booking-client.ts';
import { testDatabase } from '../../support/database/database.ts';

const page = { limit: 10, offset: 0 };

async function withWebhook(sql: Sql): Promise<string> {
  const clientId = await bookingClient(sql);
  await sql`INSERT INTO webhook_endpoints (client_id, url, secret_sealed) VALUES (${clientId}, 'https://a.example.com', 's')`;
  return clientId;
}

test('a notice is told once for its key, and sent where the client wants to be told', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await withWebhook(sql);
  const notice = {
    clientId,
    kind: 'calendar_disconnected',
    severity: 'error' as const,
    text: 'The calendar has to be connected again.',
    dedupeKey: 'calendar:1',
    data: { calendar: 1 },
  };
  assert.equal(await notifyOwner(sql, notice), true);
  assert.equal(await notifyOwner(sql, notice), false);
  assert.equal(await notifyOwner(sql, { ...notice, clientId: await bookingClient(sql) }), true);
  const { rows, total } = await listNotices(sql, { ownerId: undefined }, { clientId }, page);
  assert.equal(total, 1);
  const [{ id, text, data, readAt }] = rows as [(typeof rows)[number]];
  assert.deepEqual([text, data, readAt], [notice.text, notice.data, null]);
  const due = await takeDue(sql, 10);
  assert.deepEqual(
    due.map((each) => each.kind === 'webhook' && [each.clientId, each.event, each.payload]),
    [
      [
        clientId,
        'notice.created',
        { id, kind: notice.kind, severity: 'error', text: notice.text, data: notice.data },
      ],
    ],
  );
});

test('what is told within a transaction that fails was never told', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await withWebhook(sql);
  const notice = { clientId, kind: 'x', severity: 'info' as const, text: 'x', dedupeKey: 'x' };
  await assert.rejects(
    sql.begin(async (tx) => {
      await notifyOwner(tx, notice);
      throw new Error('no');
    }),
  );
  assert.equal((await listNotices(sql, { ownerId: undefined }, {}, page)).total, 0);
  assert.deepEqual(await takeDue(sql, 10), []);
});

test('notices are read by whom they are for', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await bookingClient(sql);
  const [{ ownerId }] = await sql<
    [{ ownerId: string }]
  >`SELECT owner_id AS "ownerId" FROM clients WHERE id = ${clientId}`;
  const stranger = { ownerId: '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5a' };
  for (const key of ['a', 'b', 'c']) {
    await notifyOwner(sql, { clientId, kind: 'x', severity: 'info', text: key, dedupeKey: key });
  }
  const { rows } = await listNotices(sql, { ownerId }, { unread: true }, { limit: 2, offset: 0 });
  assert.deepEqual(
    rows.map(({ text }) => text),
    ['c', 'b'],
  );
  assert.equal((await listNotices(sql, stranger, {}, page)).total, 0);
  const [first] = rows as [(typeof rows)[number]];
  assert.equal(await markNotice(sql, stranger, { id: first.id, read: true }), undefined);
  assert.ok((await markNotice(sql, { ownerId }, { id: first.id, read: true }))?.readAt);
  assert.equal(await markAllNotices(sql, stranger), 0);
  assert.equal(await markAllNotices(sql, { ownerId }), 2);
  assert.equal((await listNotices(sql, { ownerId }, { unread: true }, page)).total, 0);
});

test('a failing webhook is not told of by webhook', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await withWebhook(sql);
  await notifyOwner(sql, {
    clientId,
    kind: 'webhook_failed',
    severity: 'error',
    text: 'x',
    dedupeKey: 'x',
  });
  assert.deepEqual(await takeDue(sql, 10), []);
});
