// Messages for the business: kept as they were given.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../src/lib/ids.ts';
import { saveMessage } from '../../../src/store/calls/messages.ts';
import { bookingClient, conversationOf } from '../../support/bookings/booking-client.ts';
import { testDatabase } from '../../support/database/database.ts';

test('a message is stored with who left it and where', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await bookingClient(sql);
  const conversationId = await conversationOf(sql, clientId);
  const message = {
    id: newId(0),
    clientId,
    conversationId,
    name: 'Ann',
    phone: '+14155550100',
    text: "Call me back, it's about the 'tooth'.",
    urgent: true,
  };
  await saveMessage(sql, message);
  const [row] = await sql`
    SELECT id, client_id AS "clientId", conversation_id AS "conversationId", name, phone, text, urgent,
      read_at AS "readAt" FROM messages`;
  assert.deepEqual({ ...row }, { ...message, readAt: null });
  await assert.rejects(saveMessage(sql, { ...message, id: newId(1), text: '' }));
});
