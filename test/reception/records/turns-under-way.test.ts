// Turns that are not over, on their way to the store: all calls in one statement, and only what has changed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openLog, quietLog } from '../../../src/lib/log.ts';
import type { TurnUnderWay } from '../../../src/pipeline/types.ts';
import { TurnsUnderWay } from '../../../src/reception/records/turns-under-way.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { bookingClient, conversationOf } from '../../support/bookings/booking-client.ts';
import { VirtualClock } from '../../support/clock.ts';
import { testDatabase } from '../../support/database/database.ts';
import { eventually } from '../../support/product/after-call.ts';

const nothing = { kind: 'reply', tools: [], callerAt: undefined, heardAt: undefined } as const;

/** What the table says of all calls, once it says `wanted`. A round that finds the one before still at work writes nothing. */
async function becomes(
  sql: Sql,
  clock: VirtualClock,
  wanted: readonly (readonly unknown[])[],
): Promise<void> {
  let seen: unknown;
  await eventually('turns under way', async () => {
    const rows =
      await sql`SELECT number, caller, heard FROM turns_under_way ORDER BY caller, number`;
    seen = rows.map((row) => Object.values(row));
    if (JSON.stringify(seen) === JSON.stringify(wanted)) return true;
    await clock.advance(1500);
    return undefined;
  }).catch(() => assert.deepEqual(seen, wanted));
}

test('every second and a half what has changed of every call is written, and words that came to nothing are emptied', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.calls;
  const clock = new VirtualClock();
  const clientId = await bookingClient(sql);
  const underWay = new TurnsUnderWay({ sql, clock, log: quietLog });
  const calls = [];
  for (const name of ['a', 'b']) {
    const call = { next: 0, turns: [] as TurnUnderWay[], looks: 0 };
    const followed = underWay.follow(await conversationOf(sql, clientId), () => call.next);
    followed.look(() => {
      call.looks += 1;
      return call.turns;
    });
    call.turns = [{ ...nothing, caller: name, heard: '' }];
    calls.push({ call, followed });
  }
  const [a, b] = calls as [(typeof calls)[0], (typeof calls)[0]];
  await clock.advance(1499);
  assert.equal(a.call.looks, 0);
  await clock.advance(1);
  await becomes(sql, clock, [
    [0, 'a', ''],
    [0, 'b', ''],
  ]);

  a.call.turns = [
    { ...nothing, caller: 'a', heard: 'We open\u0000' },
    { ...nothing, caller: 'but', heard: '' },
  ];
  const written = await sql`SELECT xmin::text FROM turns_under_way WHERE caller = 'b'`;
  await clock.advance(1500);
  await becomes(sql, clock, [
    [0, 'a', 'We open'],
    [0, 'b', ''],
    [1, 'but', ''],
  ]);
  const again = await sql`SELECT xmin::text FROM turns_under_way WHERE caller = 'b'`;
  assert.deepEqual([...again], [...written], 'what has not changed is not written');

  // The first turn is over, and the words after it were none.
  a.call.next = 1;
  a.call.turns = [];
  await clock.advance(1500);
  await becomes(sql, clock, [
    [1, '', ''],
    [0, 'a', 'We open'],
    [0, 'b', ''],
  ]);
  a.followed[Symbol.dispose]();
  b.followed[Symbol.dispose]();
  assert.equal(clock.pending, 0);
});

test('while the database is away nothing piles up, one line says so, and the next that succeeds tells all', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.calls;
  const clock = new VirtualClock();
  const lines: string[] = [];
  const log = openLog({ level: 'warn', pii: false, write: (line) => lines.push(line) });
  const underWay = new TurnsUnderWay({ sql, clock, log });
  const conversationId = await conversationOf(sql, await bookingClient(sql));
  using followed = underWay.follow(conversationId, () => 0);
  let looks = 0;
  followed.look(() => {
    looks += 1;
    return [{ ...nothing, caller: 'when do you open', heard: '' }];
  });
  await sql`ALTER TABLE turns_under_way RENAME TO away`;
  for (let seconds = 0; seconds < 3; seconds += 1) {
    await eventually('a look', async () => {
      await clock.advance(1500);
      return looks > seconds ? true : undefined;
    });
  }
  await eventually('a line', async () => (lines.length > 0 ? true : undefined));
  await sql`ALTER TABLE away RENAME TO turns_under_way`;
  await eventually('what is known', async () => {
    await clock.advance(1500);
    const rows = await sql`SELECT caller FROM turns_under_way`;
    return rows[0]?.['caller'] === 'when do you open' ? true : undefined;
  });
  assert.equal(lines.length, 1);
});
