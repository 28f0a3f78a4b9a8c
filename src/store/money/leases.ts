// Leases of running calls: thin words for the metering functions of sql/0002_metering.sql, all safe to repeat.
// All of them throw `unavailable` when the database does not answer.

import type { Sql } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

/** How a settled lease came to its end. Only after `orphan` may its stream go on, as the next segment. */
export type SettleReason =
  | 'stop'
  | 'closed'
  | 'credit'
  | 'max'
  | 'drain'
  | 'superseded'
  | 'orphan'
  | 'error';

export interface AdmitRequest {
  readonly leaseId: string;
  readonly clientId: string;
  readonly callSid: string;
  readonly streamSid: string;
  /** Which process holds the lease; for people who look. */
  readonly owner: string;
  /** Quota wanted. */
  readonly headroomSeconds: number;
  /** With less credit than this a call is not let in. */
  readonly secondsMin: number;
  readonly leaseSeconds: number;
}

export type Admission =
  | {
      readonly status: 'ok';
      /** Of this lease. */
      readonly grantedSeconds: number;
      /** What the client has left beside all quotas; 0 makes the grant the final one. */
      readonly freeSeconds: number;
      readonly epoch: number;
      /** By earlier segments of the stream. */
      readonly alreadyBilledSeconds: number;
    }
  | {
      readonly status: 'no_credit' | 'inactive' | 'too_many' | 'duplicate' | 'ended';
      readonly alreadyBilledSeconds: number;
    };

interface AdmissionRow {
  status: Admission['status'];
  granted: number;
  free: number;
  epoch: number;
  already_billed: number;
}

/** Reserves the first quota of a stream, or of its next segment. Asking again with the same id gives the same answer. */
export async function admitLease(sql: Sql, request: AdmitRequest): Promise<Admission> {
  const [row] = await idempotent(
    () => sql<[AdmissionRow]>`
    SELECT * FROM meter_admit(${request.leaseId}, ${request.clientId}, ${request.callSid}, ${request.streamSid},
      ${request.owner}, ${request.headroomSeconds}, ${request.secondsMin}, make_interval(secs => ${request.leaseSeconds}))
  `,
  );
  if (row.status !== 'ok') return { status: row.status, alreadyBilledSeconds: row.already_billed };
  return {
    status: 'ok',
    grantedSeconds: row.granted,
    freeSeconds: row.free,
    epoch: row.epoch,
    alreadyBilledSeconds: row.already_billed,
  };
}

export interface BeatRequest {
  readonly leaseId: string;
  readonly epoch: number;
  /** Cumulative, of this lease. */
  readonly usedSeconds: number;
  readonly headroomSeconds: number;
  readonly leaseSeconds: number;
}

export type BeatAnswer =
  | { readonly status: 'ok'; readonly grantedSeconds: number; readonly freeSeconds: number }
  | { readonly status: 'lost' | 'unknown' };

/** Reports what was used, and renews quota and lease. */
export async function beatLease(sql: Sql, request: BeatRequest): Promise<BeatAnswer> {
  const [row] = await idempotent(
    () => sql<[{ status: BeatAnswer['status']; granted: number; free: number }]>`
    SELECT status, granted, free FROM meter_beat(${request.leaseId}, ${request.epoch}, ${request.usedSeconds},
      ${request.headroomSeconds}, make_interval(secs => ${request.leaseSeconds}))
  `,
  );
  if (row.status !== 'ok') return { status: row.status };
  return { status: 'ok', grantedSeconds: row.granted, freeSeconds: row.free };
}

export type SettleAnswer =
  | {
      readonly status: 'ok' | 'already';
      readonly billedSeconds: number;
      readonly reason: SettleReason;
    }
  | { readonly status: 'lost' | 'unknown' };

/** Posts the charge of a lease, once: at most `usedSeconds`, as far as the credit goes. */
export async function settleLease(
  sql: Sql,
  lease: { leaseId: string; epoch: number; usedSeconds: number; reason: SettleReason },
): Promise<SettleAnswer> {
  const [row] = await idempotent(
    () => sql<[{ status: SettleAnswer['status']; billed: number; reason: SettleReason }]>`
    SELECT * FROM meter_settle(${lease.leaseId}, ${lease.epoch}, ${lease.usedSeconds}, ${lease.reason})
  `,
  );
  if (row.status === 'lost' || row.status === 'unknown') return { status: row.status };
  return { status: row.status, billedSeconds: row.billed, reason: row.reason };
}

/** Which active leases to look at: those that have expired, all, or those of a call without a beat for a while. */
export type Orphans =
  | { readonly which: 'expired' }
  | { readonly which: 'all' }
  | { readonly which: 'silent'; readonly callSid: string; readonly silentMs: number };

/** Ids of leases that may be orphans, the longest expired first, at most `limit`. */
export async function listOrphans(sql: Sql, orphans: Orphans, limit: number): Promise<string[]> {
  const rows = await idempotent(
    () => sql<{ id: string }[]>`
    SELECT id FROM call_leases WHERE state = 'active' AND ${candidates(sql, orphans)}
    ORDER BY expires_at LIMIT ${limit}
  `,
  );
  return rows.map((row) => row.id);
}

/** Settles one lease at its last beat if it still is an orphan; undefined when its owner came back. */
export async function reapLease(
  sql: Sql,
  leaseId: string,
  orphans: Orphans,
): Promise<number | undefined> {
  const silentMs = orphans.which === 'silent' ? orphans.silentMs : null;
  const [row] = await idempotent(
    () => sql<[{ status: 'ok' | 'skip'; billed: number }]>`
    SELECT * FROM meter_reap_one(${leaseId}, ${orphans.which === 'all'},
      make_interval(secs => ${silentMs}::float8 / 1000))
  `,
  );
  return row.status === 'ok' ? row.billed : undefined;
}

function candidates(sql: Sql, orphans: Orphans) {
  switch (orphans.which) {
    case 'expired':
      return sql`expires_at <= clock_timestamp()`;
    case 'all':
      return sql`true`;
    case 'silent':
      return sql`call_sid = ${orphans.callSid}
        AND beat_at <= clock_timestamp() - make_interval(secs => ${orphans.silentMs}::float8 / 1000)`;
  }
}
