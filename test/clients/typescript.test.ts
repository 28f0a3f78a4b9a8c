// The typed client against the product: what an owner's own program would do with it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, openFrontdesk } from '../../clients/typescript/client.ts';
import { startTestApi } from '../support/product/api.ts';

test('a program runs a business with the typed client', async (t) => {
  const api = await startTestApi(t);
  const owner = await api.user();
  const frontdesk = openFrontdesk({ baseUrl: api.url, token: owner.accessToken });
  const body = { name: 'Typed', phone_number: '+13035550100' };
  const idempotencyKey = 'once';
  const client = await frontdesk.call('POST /api/clients', { body }, { idempotencyKey });
  const again = await frontdesk.call('POST /api/clients', { body }, { idempotencyKey });
  assert.equal(again.id, client.id);
  const params = { client_id: client.id };
  const csv = 'phone_number,name\n+14155550101,Ann\n+14155550102,Bob\n+14155550103,Cy\n';
  const done = await frontdesk.call('POST /api/clients/{client_id}/contacts/import', {
    params,
    body: csv,
  });
  assert.deepEqual(done, { created: 3, updated: 0, errors: [] });
  const list = 'GET /api/clients/{client_id}/contacts';
  const first = await frontdesk.page(list, { params, query: { limit: 2 } });
  assert.deepEqual([first.rows.length, first.total, first.countedMax], [2, 3, 10_000]);
  const { cursor } = first;
  assert.ok(cursor);
  const second = await frontdesk.page(list, { params, query: { limit: 2, cursor } });
  assert.deepEqual([second.rows.length, second.cursor], [1, undefined]);
  const text = await frontdesk.call('GET /api/clients/{client_id}/contacts/export', { params });
  assert.match(text, /^phone_number,/);
  await assert.rejects(
    frontdesk.call('GET /api/clients/{client_id}', { params: { client_id: owner.id } }),
    (error) => error instanceof ApiError && error.status === 404 && error.message === 'Not found.',
  );
});
