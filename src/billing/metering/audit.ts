// Compares the books hourly: a client whose ledger and balance disagree gets no new calls until a person has looked.

import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { notifyOwner } from '../../store/clients/notices.ts';
import { auditBooks } from '../../store/money/ledger-entries.ts';
import type { AuditFinding } from '../../store/money/ledger-entries.ts';
import type { Sql } from '../../store/database/sql.ts';
import type { MeterTimers } from './meter-timers.ts';
import { auditFailed } from '../owner-news.ts';

export interface AuditParts {
  /** The general pool: the sums take longer than a call may wait. */
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  readonly timers: MeterTimers;
}

/** Audits at once and then every hour, until the signal aborts; then resolves. */
export async function runAudit(parts: AuditParts, signal: AbortSignal): Promise<void> {
  const { clock, log, timers } = parts;
  while (!signal.aborted) {
    try {
      await audit(parts);
    } catch (error) {
      log.error('the books could not be compared', { error });
    }
    await clock.sleep(timers.auditMs, signal).catch(() => {});
  }
}

/** One comparison. Clients found wrong are barred and an alarm is logged for each; nothing is repaired. */
export async function audit({
  sql,
  log,
}: Pick<AuditParts, 'sql' | 'log'>): Promise<AuditFinding[]> {
  const findings = await auditBooks(sql);
  for (const finding of findings) {
    log.error('ALARM: ledger and balance disagree; this client gets no new calls', { ...finding });
    const { clientId, netSeconds, ledgerSeconds, reservedSeconds, leaseSeconds } = finding;
    const key = [netSeconds, ledgerSeconds, reservedSeconds, leaseSeconds].join(':');
    await notifyOwner(sql, auditFailed(clientId, key));
  }
  return findings;
}
