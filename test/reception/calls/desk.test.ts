// What a call can do: the client's tools, messages always, a transfer where there is somebody; less without a calendar.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../src/lib/clock.ts';
import { newId } from '../../../src/lib/ids.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { openBuiltInCalendar } from '../../../src/calendar/built-in.ts';
import { openDesk } from '../../../src/reception/calls/desk.ts';
import { findClient } from '../../../src/store/clients/clients.ts';
import type { Client } from '../../../src/store/clients/clients.ts';
import { testDatabase } from '../../support/database/database.ts';
import { ownToolParts } from '../../support/own-tools.ts';
import { saveTestClient } from '../../support/product/test-client.ts';

test('tools are those switched on, and those that every call has', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.calls;
  const { id } = await saveTestClient(sql, newId(0), { fallbackNumber: '+12025550188' });
  const client = (await findClient(sql, id))!;
  const parts = {
    ...ownToolParts(),
    sql,
    log: quietLog,
    openCalendar: (clientId: string) => openBuiltInCalendar({ sql, clock: systemClock }, clientId),
    parsePhone: () => undefined,
    mayDial: () => true,
  };
  const desk = async (changes: Partial<Client>) => {
    const call = {
      callId: newId(0),
      callSid: 'CA1',
      callerPhone: undefined,
      client: { ...client, ...changes },
    };
    const { tools, dates } = await openDesk(parts, call);
    return { names: tools.map(({ name }) => name), dates };
  };
  const all = await desk({});
  assert.deepEqual(all.names, [
    'get_available_slots',
    'book_appointment',
    'reschedule_appointment',
    'cancel_appointment',
    'recall_caller',
    'take_message',
    'end_call',
    'transfer_call',
  ]);
  assert.match(all.dates!, /Today is/);
  const few = await desk({
    enabledTools: ['get_available_slots', 'no_such'],
    fallbackNumber: null,
  });
  assert.deepEqual(few.names, ['get_available_slots', 'recall_caller', 'take_message', 'end_call']);

  await database.general.begin(async (tx) => {
    await tx`RESET ROLE`;
    await tx`ALTER TABLE opening_hours RENAME TO gone`;
  });
  const broken = await desk({});
  assert.deepEqual(broken.names, ['take_message', 'end_call', 'transfer_call']);
  assert.equal(broken.dates, undefined);
});
