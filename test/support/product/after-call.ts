// What a call left behind: its lease, its conversation, the books; and whether the server is as well as before.

import assert from 'node:assert/strict';
import type { Call } from '../../../sandbox/phone/call.ts';
import type { CallSummary } from '../../../sandbox/phone/call-events.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import type { TestFrontdesk } from './frontdesk.ts';

/** Only what fails takes this long; on a busy machine calls in real time may fall behind by seconds. */
const BOUND_MS = 60_000;
const POLL_MS = 20;
/** A statement of a call that is not answered is given up after this. */
const GIVEN_UP_MS = 2250;

export interface LeaseRow {
  readonly state: string;
  readonly reason: string | null;
  readonly usedSeconds: number;
  readonly billedSeconds: number | null;
  readonly overrunSeconds: number;
}

export interface ConversationRow {
  readonly id: string;
  readonly callerPhone: string | null;
  readonly endReason: string | null;
  readonly outcome: string | null;
  readonly flags: readonly string[];
  readonly durationMs: number;
}

export interface UtteranceRow {
  readonly role: string;
  readonly content: string;
}

export interface CallRecord {
  readonly leases: readonly LeaseRow[];
  readonly conversation: ConversationRow;
  readonly utterances: readonly UtteranceRow[];
  readonly billed: number;
  /** By how much the server may have learned too late that the caller was gone, in milliseconds. */
  readonly lateMs?: number;
}

/** Asks until the answer is something. Rejects after a minute with what was waited for. */
export async function eventually<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const untilMs = systemClock.elapsed() + BOUND_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (systemClock.elapsed() > untilMs) throw new Error(`waited in vain for ${what}`);
    await systemClock.sleep(POLL_MS);
  }
}

export async function leasesOf(sql: Sql, callSid: string): Promise<LeaseRow[]> {
  return await sql<LeaseRow[]>`
    SELECT state, reason, used_seconds AS "usedSeconds", billed_seconds AS "billedSeconds",
      overrun_seconds AS "overrunSeconds"
    FROM call_leases WHERE call_sid = ${callSid} ORDER BY started_at`;
}

/** Of a call that was admitted: waits until it is charged and its conversation ended. */
export async function recordOf(
  { database }: Pick<TestFrontdesk, 'database'>,
  callSid: string,
): Promise<CallRecord> {
  const sql = database.general;
  return eventually('a call that is stored and charged', async () => {
    const leases = await leasesOf(sql, callSid);
    if (leases.length === 0 || leases.some(({ state }) => state !== 'settled')) return undefined;
    const [conversation] = await sql<ConversationRow[]>`
      SELECT id, caller_phone AS "callerPhone", end_reason AS "endReason", outcome, flags,
        duration_ms AS "durationMs"
      FROM conversations WHERE call_sid = ${callSid} AND ended_at IS NOT NULL`;
    if (!conversation) return undefined;
    const utterances = await sql<UtteranceRow[]>`
      SELECT role, content FROM utterances WHERE conversation_id = ${conversation.id} ORDER BY id`;
    const billed = leases.reduce((sum, each) => sum + (each.billedSeconds ?? 0), 0);
    return { leases, conversation, utterances, billed };
  });
}

/** The call to its end, and what it left behind. */
export async function finished(
  f: TestFrontdesk,
  call: Call,
): Promise<CallRecord & { summary: CallSummary }> {
  const summary = await call.ended;
  const record = await recordOf(f, call.sid);
  return { summary, ...record, lateMs: call.lateMs };
}

/**
 * Seconds charged are those connected, as the carrier's end saw them: begun seconds count, one may be in transit. Until the
 * server has learned that the caller is gone, which takes a busy machine a while, it counts on.
 */
export function assertBilled({ billed, lateMs = 0 }: CallRecord, connectedMs: number): void {
  const seconds = connectedMs / 1000;
  const late = lateMs / 1000;
  assert.ok(
    billed <= Math.ceil(seconds + late) && billed >= Math.floor(seconds - 0.5),
    `${billed} s charged for ${seconds.toFixed(2)} s and ${late.toFixed(2)} s until that was known`,
  );
}

/**
 * Waits until as many calls as that have been told something like this, in large letters or small. What the agent says is stored once it has been heard;
 * quiet alone may be that of a machine which falls behind.
 */
export async function heardSaying(
  { database }: Pick<TestFrontdesk, 'database'>,
  text: RegExp,
  calls = 1,
): Promise<void> {
  await eventually(`${calls} calls that were told ${text}`, async () => {
    const [{ told }] = await database.general<[{ told: number }]>`
      SELECT count(DISTINCT conversation_id)::int AS told FROM utterances
      WHERE role = 'assistant' AND content ~* ${text.source}`;
    return told >= calls || undefined;
  });
}

export interface Effects {
  readonly leases: number;
  readonly conversations: number;
  readonly ledger: number;
  readonly tokens: number;
  readonly vendors: number;
}

/** Everything that a call which is let in would leave; unlike an answer's status, it cannot be polite. */
export async function effects(f: TestFrontdesk): Promise<Effects> {
  const [rows] = await f.database.general<[Omit<Effects, 'vendors'>]>`
    SELECT (SELECT count(*)::int FROM call_leases) AS leases,
      (SELECT count(*)::int FROM conversations) AS conversations,
      (SELECT count(*)::int FROM ledger WHERE kind = 'call') AS ledger,
      (SELECT count(*)::int FROM stream_tokens) AS tokens`;
  const { deepgram, openai, cartesia } = f;
  const vendors = [deepgram, openai, cartesia].reduce(
    (sum, { counts }) => sum + counts.connections + counts.requests,
    0,
  );
  return { ...rows, vendors };
}

/** The agent has begun and ended its greeting. */
export async function greeted(call: Call): Promise<void> {
  await call.speaking(20, BOUND_MS);
  await call.quiet(500, BOUND_MS);
}

/**
 * By how many milliseconds a busy machine is late now, while the database is slow or says nothing: a statement that nobody
 * answers is given up as late as those of the product.
 */
export async function lateness({ database }: Pick<TestFrontdesk, 'database'>): Promise<number> {
  const since = systemClock.elapsed();
  await database.calls`SELECT 1`.catch(() => {});
  return Math.max(0, systemClock.elapsed() - since - GIVEN_UP_MS);
}

/** The end of every attack: books in order, nothing unhandled, alive, and one more ordinary call works. */
export async function assertSound(f: TestFrontdesk): Promise<void> {
  const client = await f.addClient();
  const call = f.call({ to: client.number });
  await greeted(call);
  call.hangUp();
  const record = await finished(f, call);
  assert.equal(record.conversation.endReason, 'caller');
  assertBilled(record, record.summary.connectedMs);
  const wrong = await f.database.general`
    SELECT * FROM meter_audit WHERE net <> ledger_sum OR reserved <> lease_sum`;
  assert.deepEqual([...wrong], []);
  assert.deepEqual(
    f.log.filter(({ msg }) => msg === 'unhandled rejection'),
    [],
  );
  const health = await fetch(`${f.publicUrl}/health`);
  assert.equal(health.status, 200);
  assert.equal(((await health.json()) as { status: string }).status, 'ok');
}
