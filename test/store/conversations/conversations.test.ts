// Conversations as they are written: opened once for a call, turn by turn, ended by their owner or as orphans.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../src/lib/ids.ts';
import {
  endConversation,
  endOrphans,
  flagConversation,
  hasEnded,
  keepOutcome,
  openConversation,
  reopenConversation,
  saveTurn,
} from '../../../src/store/conversations/conversations.ts';
import type { TurnRow } from '../../../src/store/conversations/conversations.ts';
import { admitLease, settleLease } from '../../../src/store/money/leases.ts';
import { saveStreamToken, useStreamToken } from '../../../src/store/calls/stream-tokens.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { bookingClient } from '../../support/bookings/booking-client.ts';
import { testDatabase } from '../../support/database/database.ts';
import { saveTestClient } from '../../support/product/test-client.ts';

const callerPhone = '+14155550100';
const ended = { endReason: 'caller', outcome: 'answered', durationMs: 1234.6 };

function open(sql: Sql, clientId: string, callSid = 'CA1', owner = 'me') {
  const id = newId(0);
  return openConversation(sql, {
    id,
    clientId,
    callSid,
    callerPhone,
    disclosureVersion: null,
    owner,
  });
}

function turn(number: number, said: string, heard: string): TurnRow {
  const at = new Date('2027-03-01T15:00:00Z');
  return {
    number,
    kind: 'reply',
    ending: 'completed',
    responseMs: 512.4,
    endpointMs: 300,
    hearMs: null,
    thinkMs: 100,
    speakMs: 50,
    playMs: 0,
    inputTokens: 10,
    outputTokens: 5,
    wastedInputTokens: 0,
    wastedOutputTokens: 0,
    characters: 20,
    costMicrodollars: 1234,
    costs: [{ vendor: 'm', unit: 'input_tokens', quantity: 15, microdollars: 1234 }],
    tools: [{ name: 't', arguments: '{}', result: 'ok', elapsedMs: 3, failed: false }],
    unheard: null,
    at,
    utterances: [
      { role: 'user', content: said, interrupted: false, at },
      { role: 'assistant', content: heard, interrupted: true, at },
    ],
  };
}

test('a call that comes back finds its conversation and goes on counting', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await bookingClient(sql);
  const first = await open(sql, clientId);
  assert.deepEqual([first.turns, first.contactName], [0, '']);
  await saveTurn(sql, first.id, turn(0, 'hello', 'Good morning.'));
  await saveTurn(sql, first.id, turn(1, 'when', 'At nine.'));
  const again = await open(sql, clientId, 'CA1', 'you');
  // The stream that is taken over may have a turn under way: three numbers are left to it.
  assert.deepEqual({ ...again }, { id: first.id, turns: 2 + 3, contactName: '' });
  // Only the process that has the call may end it.
  await endConversation(sql, first.id, 'me', ended);
  assert.equal(await hasEnded(sql, 'CA1'), false);
  await endConversation(sql, first.id, 'you', ended);
  assert.equal(await hasEnded(sql, 'CA1'), true);
  assert.equal(await hasEnded(sql, 'CA2'), false);
  const [row] = await sql`
    SELECT end_reason AS "endReason", outcome, duration_ms AS "durationMs" FROM conversations`;
  assert.deepEqual({ ...row }, { ...ended, durationMs: 1235 });
});

test('what was done on the streams before counts for the whole call, and so do their seconds', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const { id: clientId } = await saveTestClient(sql, newId(0), { seconds: 600 });
  const lease = async (callSid: string, seconds: number) => {
    const leaseId = newId(0);
    const terms = { headroomSeconds: 15, leaseSeconds: 30, secondsMin: 5 };
    await admitLease(sql, {
      leaseId,
      clientId,
      callSid,
      streamSid: leaseId,
      owner: 'me',
      ...terms,
    });
    await settleLease(sql, { leaseId, epoch: 1, usedSeconds: seconds, reason: 'closed' });
  };
  const outcomeOf = async (callSid: string, ends: readonly [outcome: string, how: string][]) => {
    for (const [outcome, how] of ends) {
      const { id } = await open(sql, clientId, callSid);
      if (how === 'handed over') await keepOutcome(sql, id, outcome);
      else await endConversation(sql, id, 'me', { ...ended, outcome });
      if (how === 'came back') await reopenConversation(sql, callSid);
    }
    const [row] = await sql<[{ outcome: string; ms: number }]>`
      SELECT outcome, duration_ms::int AS ms FROM conversations WHERE call_sid = ${callSid}`;
    return row;
  };
  await lease('CA1', 8);
  await lease('CA1', 24);
  assert.deepEqual(
    {
      ...(await outcomeOf('CA1', [
        ['booked', 'came back'],
        ['answered', 'ended'],
      ])),
    },
    {
      outcome: 'booked',
      ms: 32_000,
    },
  );
  const table: readonly [ends: [string, string][], outcome: string][] = [
    [
      [
        ['transferred', 'came back'],
        ['abandoned', 'ended'],
      ],
      'abandoned',
    ],
    [
      [
        ['transferred', 'came back'],
        ['message', 'ended'],
      ],
      'message',
    ],
    [[['transferred', 'ended']], 'transferred'],
    [
      [
        ['rescheduled', 'handed over'],
        ['message', 'ended'],
      ],
      'rescheduled',
    ],
    [
      [
        ['answered', 'handed over'],
        ['failed', 'ended'],
      ],
      'failed',
    ],
    [
      [
        ['message', 'came back'],
        ['booked', 'ended'],
      ],
      'booked',
    ],
  ];
  for (const [index, [ends, outcome]] of table.entries()) {
    const found = await outcomeOf(`CB${index}`, ends);
    assert.deepEqual({ ...found }, { outcome, ms: 1235 }, JSON.stringify(ends));
  }
});

test('a message that was left before the caller was put through in vain is the outcome', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await bookingClient(sql);
  const { id } = await open(sql, clientId);
  await sql`
    INSERT INTO messages (id, client_id, conversation_id, name, phone, text, urgent)
    VALUES (${newId(0)}, ${clientId}, ${id}, ${callerPhone}, ${callerPhone}, '(voice message, 3 s)', false)`;
  await endConversation(sql, id, 'me', { ...ended, outcome: 'answered' });
  const [row] = await sql`
    SELECT c.outcome, k.name FROM conversations c JOIN contacts k ON k.id = c.contact_id WHERE c.id = ${id}`;
  assert.deepEqual({ ...row }, { outcome: 'message', name: '' }, 'a number is nobody’s name');
});

test('a known caller is named, and the call noted', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await bookingClient(sql);
  const contactId = newId(0);
  await sql`
    INSERT INTO contacts (id, client_id, phone_number, name)
    VALUES (${contactId}, ${clientId}, ${callerPhone}, 'Ann')`;
  assert.equal((await open(sql, clientId)).contactName, 'Ann');
  assert.equal((await open(sql, await bookingClient(sql), 'CA2')).contactName, '');
  const [row] = await sql`
    SELECT c.contact_id AS contact, k.last_call_at IS NOT NULL AS noted
    FROM conversations c JOIN contacts k ON k.id = c.contact_id`;
  assert.deepEqual({ ...row }, { contact: contactId, noted: true });
});

test('a turn written twice is one turn', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const { id } = await open(sql, await bookingClient(sql));
  await saveTurn(sql, id, turn(0, 'hello', 'Good morning.'));
  await saveTurn(sql, id, turn(0, 'hello', 'Good morning.'));
  const said = await sql`SELECT role, content, interrupted FROM utterances ORDER BY id`;
  assert.deepEqual(
    said.map((row) => ({ ...row })),
    [
      { role: 'user', content: 'hello', interrupted: false },
      { role: 'assistant', content: 'Good morning.', interrupted: true },
    ],
  );
  const rows = await sql<
    { tools: unknown; hear_ms: number | null; cost_microdollars: number }[]
  >`SELECT * FROM turns`;
  assert.equal(rows.length, 1);
  assert.equal(rows[0]!.cost_microdollars, 1234);
  assert.deepEqual(rows[0]!.tools, turn(0, '', '').tools);
  assert.equal(rows[0]!.hear_ms, null);
  const costs = await sql`SELECT vendor, quantity, microdollars FROM conversation_costs`;
  assert.deepEqual({ ...costs[0] }, { vendor: 'm', quantity: 15, microdollars: 1234 });
});

test('a flag is raised once', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const { id } = await open(sql, await bookingClient(sql));
  for (const flag of ['a', 'b', 'a']) await flagConversation(sql, id, flag);
  const [row] = await sql`SELECT flags FROM conversations`;
  assert.deepEqual(row!['flags'], ['a', 'b']);
});

test('conversations of a dead process are ended once their lease is settled, others are left alone', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await bookingClient(sql);
  await sql`SELECT meter_post(${clientId}, 'adjust', 100, 'k', '{}')`;
  const old = async (callSid: string) => {
    const { id } = await open(sql, clientId, callSid);
    await sql`UPDATE conversations SET started_at = now() - interval '5 minutes' WHERE id = ${id}`;
  };
  const lease = async (callSid: string) => {
    const leaseId = newId(0);
    const admitted = await admitLease(sql, {
      leaseId,
      clientId,
      callSid,
      streamSid: `MZ${callSid}`,
      owner: 'dead',
      headroomSeconds: 15,
      secondsMin: 5,
      leaseSeconds: 30,
    });
    assert.equal(admitted.status, 'ok');
    return leaseId;
  };
  await old('CA-running');
  await lease('CA-running');
  await old('CA-just-settled');
  await settleLease(sql, {
    leaseId: await lease('CA-just-settled'),
    epoch: 1,
    usedSeconds: 3,
    reason: 'orphan',
  });
  await old('CA-never');
  await open(sql, clientId, 'CA-young');
  assert.equal(await endOrphans(sql, 'abandoned', assert.fail), 1);
  assert.equal(await hasEnded(sql, 'CA-never'), true);
  await sql.begin(async (tx) => {
    // Settled leases do not change: only time makes them old, and here it is a superuser.
    await tx`RESET ROLE`;
    await tx`SET LOCAL session_replication_role = replica`;
    await tx`UPDATE call_leases SET settled_at = now() - interval '1 minute' WHERE state = 'settled'`;
  });
  assert.equal(await endOrphans(sql, 'abandoned', assert.fail), 1);
  const [row] = await sql`
    SELECT end_reason AS reason, outcome, duration_ms AS ms FROM conversations
    WHERE call_sid = 'CA-just-settled'`;
  assert.deepEqual({ ...row }, { reason: 'lost', outcome: 'failed', ms: 3000 });
  assert.equal(await endOrphans(sql, 'abandoned', assert.fail), 0);
});

test('a call that comes back is waited for, as long as its next stream may come', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await bookingClient(sql);
  const { id } = await open(sql, clientId, 'CA-back');
  await endConversation(sql, id, 'me', { ...ended, endReason: 'transferred' });
  await sql`UPDATE conversations SET started_at = now() - interval '5 minutes'`;
  await sql`
    INSERT INTO transfers (id, client_id, conversation_id, call_sid, target_name, phone_number, mode, state, over_at)
    VALUES (${newId(0)}, ${clientId}, ${id}, 'CA-back', 'Ann', '+12025550177', 'warm', 'unanswered', now())`;
  await reopenConversation(sql, 'CA-back');
  assert.equal(await endOrphans(sql, 'abandoned', assert.fail), 0, 'it is just being let in');
  await sql`UPDATE transfers SET over_at = now() - interval '1 minute'`;
  const token = await saveStreamToken(sql, { clientId, callSid: 'CA-back', callerPhone });
  assert.equal(await endOrphans(sql, 'abandoned', assert.fail), 0, 'its stream may come');
  assert.ok(await useStreamToken(sql, token, { clientId, callSid: 'CA-back' }));
  assert.equal(await endOrphans(sql, 'abandoned', assert.fail), 0, 'its stream is being admitted');
  await sql`UPDATE stream_tokens SET used_at = now() - interval '1 minute'`;
  assert.equal(
    await endOrphans(sql, 'abandoned', assert.fail),
    1,
    'its process has died meanwhile',
  );
});
