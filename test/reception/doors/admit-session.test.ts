// What a session takes of somebody's day: set aside when it begins, settled once, by its process or by housekeeping after its death.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { admitSession } from '../../../src/reception/doors/admit-session.ts';
import { Settings } from '../../../src/reception/settings.ts';
import { endLostSessions } from '../../../src/store/accounts/session-grants.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { VirtualClock } from '../../support/clock.ts';
import { testDatabase } from '../../support/database/database.ts';
import type { TestDatabase } from '../../support/database/database.ts';
import { eventually } from '../../support/product/after-call.ts';

const DAY_SECONDS = 1800;

let db: TestDatabase;
let sql: Sql;
before(async () => {
  db = await testDatabase();
  sql = db.database.general;
});
after(() => db.close());

let people = 0;

/** A session of somebody new, admitted; and what is used of their day. */
async function admitted() {
  people += 1;
  const clock = new VirtualClock(Date.now());
  const defaults = { anonymous_allowance_seconds: DAY_SECONDS };
  const settings = new Settings({ sql, clock, defaults });
  const subject = `address:${people}` as const;
  const asked = { userId: null, subject, room: 'r', systemPrompt: undefined };
  const admit = () => admitSession({ sql, clock, settings, owner: 'x' }, asked);
  const session = await admit();
  const used = async () => {
    const rows = await sql`SELECT used_seconds AS used FROM daily_usage WHERE subject = ${subject}`;
    return rows[0]?.['used'] as number;
  };
  /** The process says nothing more for so long. */
  const silent = (seconds: number) => sql`
    UPDATE session_grants SET beat_at = beat_at - make_interval(secs => ${seconds})
    WHERE conversation_id = ${session.callId}`;
  return { clock, admit, session, used, silent };
}

async function endOf(id: string) {
  const [row] = await sql`
    SELECT end_reason AS reason, duration_ms AS ms FROM conversations WHERE id = ${id} AND ended_at IS NOT NULL`;
  return row && [row['reason'], row['ms']];
}

test('what is set aside comes back when the session is over, but for what it used', async () => {
  const { clock, admit, session, used } = await admitted();
  assert.equal(await used(), DAY_SECONDS);
  await assert.rejects(admit(), { code: 'out_of_balance' });
  assert.deepEqual(await session.meter.settle(61_001, 'stop'), { billedSeconds: 62 });
  assert.equal(await used(), 62);
  await endLostSessions(sql, 'all');
  assert.equal(await used(), 62, 'once');
  assert.equal(clock.pending, 0);
});

test('of a process that died everything comes back but what was used when it was last heard of', async () => {
  const { clock, session, used, silent } = await admitted();
  session.meter.check(12_000);
  await clock.advance(5000);
  await eventually('a beat', async () =>
    (await sql`SELECT 1 FROM session_grants WHERE used_seconds = 12`).length > 0 ? true : undefined,
  );
  await silent(100);
  await endLostSessions(sql, 'abandoned');
  assert.deepEqual([await used(), await endOf(session.callId)], [DAY_SECONDS, undefined]);
  await silent(30);
  await Promise.all([endLostSessions(sql, 'abandoned'), endLostSessions(sql, 'abandoned')]);
  assert.deepEqual([await used(), await endOf(session.callId)], [12, ['lost', 12_000]]);
  // It was not dead after all.
  await session.meter.settle(90_000, 'stop');
  assert.equal(await used(), 12);
});

test('what is set aside on one day comes back to that day', async () => {
  const { session, used } = await admitted();
  await sql`UPDATE daily_usage SET day = day - 1 WHERE used_seconds = ${DAY_SECONDS}`;
  await sql`UPDATE session_grants SET day = day - 1 WHERE conversation_id = ${session.callId}`;
  await session.meter.settle(10_000, 'stop');
  assert.equal(await used(), 10);
});
