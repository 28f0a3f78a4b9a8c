// Turns on their way to the store: in order, kept while the database is away, bounded, and never a reason to wait.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../src/lib/clock.ts';
import { newId } from '../../../src/lib/ids.ts';
import { quietLog } from '../../../src/lib/log.ts';
import type { Turn } from '../../../src/pipeline/types.ts';
import { Transcript } from '../../../src/reception/records/transcript.ts';
import { openDatabase } from '../../../src/store/database/sql.ts';
import { bookingClient, conversationOf } from '../../support/bookings/booking-client.ts';
import { testDatabase } from '../../support/database/database.ts';
import { testServer } from '../../support/database/test-server.ts';
import { turnWith } from '../../support/turn.ts';

function turn(heard: string, caller?: string): Turn {
  const callerAt = 1_800_000_000_000;
  return turnWith({
    caller,
    heard,
    ending: 'interrupted',
    callerAt,
    timing: { ...turnWith({}).timing, responseMs: 500 },
    usage: { inputTokens: 1, outputTokens: 2, characters: 3 },
  });
}

test('turns are stored in order, from the number the conversation has reached', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.calls;
  const conversationId = await conversationOf(sql, await bookingClient(sql));
  const parts = { sql, clock: systemClock, log: quietLog, conversationId, firstNumber: 7 };
  const transcript = new Transcript(parts);
  transcript.add(turn('Good morning.'));
  transcript.add(turn('At nine.', 'when'));
  transcript.add({ ...turn('', 'hello'), unheard: 'Hello to you.' });
  await transcript.flush(5000);
  const rows = await sql`
    SELECT turn_number AS number, role, content, interrupted FROM utterances ORDER BY id`;
  assert.deepEqual(
    rows.map((row) => Object.values(row)),
    [
      [7, 'assistant', 'Good morning.', true],
      [8, 'user', 'when', false],
      [8, 'assistant', 'At nine.', true],
      [9, 'user', 'hello', false],
    ],
  );
  const kept = await sql`SELECT unheard FROM turns ORDER BY number`;
  assert.deepEqual(
    kept.map(({ unheard }) => unheard as string | null),
    [null, null, 'Hello to you.'],
  );
  const [first] = await sql`
    SELECT response_ms AS ms, endpoint_ms AS none, output_tokens AS tokens FROM turns ORDER BY number`;
  assert.deepEqual({ ...first }, { ms: 500, none: null, tokens: 2 });
  const [said] = await sql<{ at: Date }[]>`SELECT at FROM utterances WHERE role = 'user'`;
  assert.equal(said!.at.getTime(), 1_800_000_000_000);
  assert.equal(transcript.dropped, 0);
});

test('characters that the database does not take are left out, in tools too', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.calls;
  const conversationId = await conversationOf(sql, await bookingClient(sql));
  const parts = { sql, clock: systemClock, log: quietLog, conversationId, firstNumber: 0 };
  const transcript = new Transcript(parts);
  const odd = 'a\u0000b\uD800c';
  const run = { id: 'r', name: odd, arguments: odd, result: odd, elapsedMs: 1, failed: true };
  transcript.add({ ...turn(odd, odd), unheard: odd, tools: [run] });
  await transcript.flush(5000);
  const rows = await sql`SELECT content FROM utterances`;
  assert.deepEqual(
    rows.map(({ content }) => content as string),
    ['ab\uFFFDc', 'ab\uFFFDc'],
  );
  assert.equal(transcript.dropped, 0);
});

test('a tool that ends after its turn joins it, once', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.calls;
  const conversationId = await conversationOf(sql, await bookingClient(sql));
  const parts = { sql, clock: systemClock, log: quietLog, conversationId, firstNumber: 4 };
  const transcript = new Transcript(parts);
  const run = (id: string) => {
    return { id, name: 'book', arguments: '{}', result: 'Booked.', elapsedMs: 1, failed: false };
  };
  assert.equal(transcript.next, 4);
  assert.equal(transcript.add({ ...turn('One moment.'), tools: [run('a')] }), 4);
  transcript.addTool(4, run('b'));
  transcript.addTool(4, run('b'));
  await transcript.flush(5000);
  const [row] = await sql<{ tools: { id: string }[] }[]>`SELECT tools FROM turns`;
  assert.deepEqual(
    row!.tools.map(({ id }) => id),
    ['a', 'b'],
  );
});

test('a turn that cannot be stored is dropped and counted, not tried for ever', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.calls;
  const conversationId = newId(0);
  const parts = { sql, clock: systemClock, log: quietLog, conversationId, firstNumber: 0 };
  const transcript = new Transcript(parts);
  transcript.add(turn('of a conversation that is not there'));
  transcript.add(turn('At nine.'));
  await transcript.flush(5000);
  assert.equal(transcript.dropped, 2);
});

test('while the database is away turns wait, the oldest go first when they are too many', async (t) => {
  const server = await testServer(t);
  const database = openDatabase({
    connection: server.connection,
    clock: systemClock,
    log: quietLog,
  });
  t.after(() => database.close());
  const sql = database.calls;
  const conversationId = await conversationOf(sql, await bookingClient(sql));
  await server.kill('SIGKILL');
  const parts = { sql, clock: systemClock, log: quietLog, conversationId, firstNumber: 0 };
  const transcript = new Transcript(parts);
  for (let number = 0; number < 503; number += 1) transcript.add(turn(`turn ${number}`));
  assert.equal(transcript.dropped, 3);
  // The end of a call does not wait for a database that does not come.
  await transcript.flush(200);
  await server.start();
  await transcript.flush(30_000);
  const [row] = await sql`SELECT count(*)::int AS stored, min(number) AS first FROM turns`;
  assert.deepEqual({ ...row }, { stored: 500, first: 3 });
});

test('once the process has closed its database nothing is tried any more', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.calls;
  const conversationId = await conversationOf(sql, await bookingClient(sql));
  const parts = { sql, clock: systemClock, log: quietLog, conversationId, firstNumber: 0 };
  await sql.end();
  const transcript = new Transcript(parts);
  transcript.add(turn('Good morning.'));
  transcript.add(turn('At nine.', 'when'));
  await transcript.flush(5000);
  assert.equal(transcript.dropped, 2);
});
