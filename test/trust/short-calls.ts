// Many callers who hang up 0.4 s after they are put through, at a business with more credit than an int holds.

import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Call } from '../../sandbox/phone/call.ts';
import { adjustBalance } from '../../src/billing/metering/adjust.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { assertSound, eventually } from '../support/product/after-call.ts';
import { startTestFrontdesk } from '../support/product/frontdesk.ts';

/** The most that is given at once. */
const GIVEN = 300_000_000;
const GIFTS = 8;
const CREDIT = GIVEN * GIFTS;
const TALK_MS = 400;
/** A phone that saw no more than this was surely below a second for the server, too. */
const SURELY_BELOW_A_SECOND_MS = 600;
/** On the line at once. */
const CALLERS = 8;

/** Plays `count` calls through the telephone's door and holds the books against what the phones saw. */
export async function playShortCalls(t: TestContext, count: number): Promise<void> {
  const f = await startTestFrontdesk(t, { client: { seconds: GIVEN, concurrencyMax: 50 } });
  const sql = f.database.general;
  for (let gift = 1; gift < GIFTS; gift += 1) {
    const adjustment = { clientId: f.client.id, deltaSeconds: GIVEN, reason: 'more', by: 'test' };
    await adjustBalance(sql, { ...adjustment, idemKey: `gift-${gift}` });
  }
  /** By the name of the call: milliseconds with a stream. */
  const seen = new Map<string, number>();
  let left = count;
  let sentAway = 0;
  await Promise.all(Array.from({ length: CALLERS }, keepCalling));

  const leases = await eventually('all are charged', async () => {
    const rows = await sql<{ callSid: string; billed: number | null; overrun: number }[]>`
      SELECT call_sid AS "callSid", billed_seconds AS billed, overrun_seconds AS overrun FROM call_leases
      WHERE client_id = ${f.client.id}`;
    return rows.every(({ billed }) => billed !== null) ? rows : undefined;
  });
  assert.equal(leases.length, count, 'each call has one lease');
  let billedSeconds = 0;
  let surelyShort = 0;
  for (const { callSid, billed, overrun } of leases) {
    const connectedMs = seen.get(callSid)!;
    if (connectedMs <= SURELY_BELOW_A_SECOND_MS) {
      surelyShort += 1;
      assert.equal(billed, 1, `${connectedMs} ms are one second`);
    }
    assert.ok(billed! >= 1 && billed! <= Math.ceil(connectedMs / 1000) + 1);
    assert.equal(overrun, 0);
    billedSeconds += billed!;
  }
  t.diagnostic(`${count} calls, ${surelyShort} of them surely below a second: ${billedSeconds} s`);
  assert.ok(surelyShort > 0);
  const [books] = await sql<
    [{ balance: number; reserved: number; debt: number; ledger: number; entries: number }]
  >`
    SELECT balance_seconds AS balance, reserved_seconds AS reserved, debt_seconds AS debt,
      (SELECT sum(delta_seconds)::bigint FROM ledger WHERE client_id = c.id) AS ledger,
      (SELECT count(*) FROM ledger WHERE client_id = c.id AND kind = 'call') AS entries
    FROM clients c WHERE id = ${f.client.id}`;
  const rest = CREDIT - billedSeconds;
  assert.ok(rest > 2 ** 31, 'what is left does not fit an int either');
  assert.deepEqual(books, { balance: rest, reserved: 0, debt: 0, ledger: rest, entries: count });
  const [stored] = await sql<[{ ended: number }]>`
    SELECT count(*) AS ended FROM conversations WHERE client_id = ${f.client.id} AND ended_at IS NOT NULL`;
  assert.equal(stored.ended, count, 'each call is a conversation that has ended');
  await assertSound(f);

  async function keepCalling(): Promise<void> {
    while (left > 0) {
      left -= 1;
      const call = f.call();
      if (!(await connected(call))) {
        // A process that is late sends callers elsewhere, which costs nothing.
        sentAway += 1;
        assert.ok(sentAway < count, 'most are put through');
        left += 1;
        continue;
      }
      await systemClock.sleep(TALK_MS);
      call.hangUp();
      const summary = await call.ended;
      assert.equal(summary.streams, 1);
      seen.set(call.sid, summary.connectedMs);
    }
  }
}

/** Whether the phone has its stream; false when the call has ended without one. */
async function connected(call: Call): Promise<boolean> {
  for await (const { type } of call.events) if (type === 'stream-started') return true;
  return false;
}
