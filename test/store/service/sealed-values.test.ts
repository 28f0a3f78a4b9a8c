// A new sealing key: all that was sealed with the old one is sealed anew, wherever it is kept, and the old one is needed no more.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSealer } from '../../../src/lib/sealing.ts';
import { saveCalendarCredentials } from '../../../src/store/calendar/calendar-credentials.ts';
import { resealValues } from '../../../src/store/service/sealed-values.ts';
import { bookingClient } from '../../support/bookings/booking-client.ts';
import { testDatabase } from '../../support/database/database.ts';

test('everything sealed is sealed anew, and nowhere else is anything sealed', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const [first, second] = [
    'the first key of the tests, long enough',
    'the second key of the tests, too',
  ];
  const old = openSealer([first]);
  const clients = [await bookingClient(sql), await bookingClient(sql)];
  for (const clientId of clients) {
    const sealed = old.seal(`token of ${clientId}`, clientId);
    await saveCalendarCredentials(sql, {
      clientId,
      kind: 'oauth',
      sealed,
      account: 'a@example.com',
    });
    await sql`
      INSERT INTO webhook_endpoints (client_id, url, secret_sealed, previous_sealed)
      VALUES (${clientId}, 'https://example.com', ${old.seal('secret', clientId)}, NULL)`;
  }
  const next = openSealer([second, first]);
  const reseal = (sealed: string, owner: string) => next.seal(next.open(sealed, owner), owner);
  assert.equal(await resealValues(sql, next.keyId, reseal), 4);
  assert.equal(await resealValues(sql, next.keyId, reseal), 0);
  const only = openSealer([second]);
  const rows = await sql<{ owner: string; sealed: string }[]>`
    SELECT client_id AS owner, sealed FROM calendar_credentials`;
  assert.deepEqual(
    rows.map(({ owner, sealed }) => only.open(sealed, owner)).toSorted(),
    clients.map((clientId) => `token of ${clientId}`).toSorted(),
  );
  // A column that somebody adds must be in the list.
  const columns = await sql<{ name: string }[]>`
    SELECT table_name || '.' || column_name AS name FROM information_schema.columns
    WHERE table_schema = 'public' AND column_name LIKE '%sealed' ORDER BY 1`;
  assert.deepEqual(
    columns.map(({ name }) => name),
    [
      'calendar_credentials.sealed',
      'mcp_servers.headers_sealed',
      'owner_tools.headers_sealed',
      'webhook_endpoints.previous_sealed',
      'webhook_endpoints.secret_sealed',
    ],
    'resealValues knows them all',
  );
});
