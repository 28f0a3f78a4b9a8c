// The charge of one call: ceil(connected seconds) once for the whole stream, whatever happened to its leases.

import { AppError } from '../../lib/errors.ts';
import { newId } from '../../lib/ids.ts';
import { admitLease, settleLease } from '../../store/money/leases.ts';
import type { SettleReason } from '../../store/money/leases.ts';
import type { Sql } from '../../store/database/sql.ts';

/** All that is needed to charge a call that is over, now or after a restart. */
export interface Settlement {
  /** The lease the call held last. */
  readonly leaseId: string;
  readonly epoch: number;
  readonly clientId: string;
  readonly callSid: string;
  readonly streamSid: string;
  readonly owner: string;
  /** Charged to earlier segments of the stream. */
  readonly billedBeforeSeconds: number;
  /** Of the whole stream, by the monotonic clock. */
  readonly connectedMs: number;
  readonly reason: SettleReason;
}

/** What is billed for a connection: whole milliseconds, rounded up to seconds once. */
export function billableSeconds(connectedMs: number): number {
  return Math.ceil(Math.max(0, Math.floor(connectedMs)) / 1000);
}

/**
 * Charges the call, and resolves with the seconds billed to its whole stream: the billable seconds, or fewer where the
 * credit ended first. May be repeated. Rejects with `unavailable` when it should be tried again.
 */
export async function settleStream(
  sql: Sql,
  call: Settlement,
  { nowMs, leaseSeconds }: { nowMs: number; leaseSeconds: number },
): Promise<number> {
  const totalSeconds = billableSeconds(call.connectedMs);
  const answer = await settleLease(sql, {
    leaseId: call.leaseId,
    epoch: call.epoch,
    usedSeconds: totalSeconds - call.billedBeforeSeconds,
    reason: call.reason,
  });
  if (answer.status === 'ok' || (answer.status === 'already' && answer.reason !== 'orphan')) {
    return call.billedBeforeSeconds + answer.billedSeconds;
  }
  // The lease was taken for an orphan and charged up to its last beat: the rest needs a segment of its own.
  const leaseId = newId(nowMs);
  const next = await admitLease(sql, {
    ...call,
    leaseId,
    headroomSeconds: Math.max(1, totalSeconds - call.billedBeforeSeconds),
    secondsMin: 1,
    leaseSeconds,
  });
  if (next.status === 'duplicate') {
    throw new AppError(
      'unavailable',
      'an earlier try holds the rest of the call until its lease expires',
    );
  }
  if (next.status !== 'ok') return next.alreadyBilledSeconds;
  const rest = await settleLease(sql, {
    leaseId,
    epoch: next.epoch,
    usedSeconds: Math.max(0, totalSeconds - next.alreadyBilledSeconds),
    reason: call.reason,
  });
  if (rest.status === 'ok') return next.alreadyBilledSeconds + rest.billedSeconds;
  throw new AppError('unavailable', 'the rest of the call was reaped between two statements');
}
