// When a balance is low: below what its owner has set, or, where they have set nothing, below what was used lately; and whom that was told.

import type { Sql, SqlRunner } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

/** Where owners have set nothing: what these days used, but not less than ten minutes nor more than three hours. */
const DAYS = 3;
const SECONDS_MIN = 600;
const SECONDS_MAX = 10_800;

export interface LowBalance {
  readonly clientId: string;
  readonly clientName: string;
  readonly liveSeconds: number;
  readonly debtSeconds: number;
  readonly thresholdSeconds: number;
}

/** Of `clients c`: the balance without what running calls have used, and what is owed taken off. */
export function liveSeconds(sql: SqlRunner) {
  return sql`(c.balance_seconds - c.debt_seconds - ${runningSeconds(sql)})`;
}

/** Of `clients c`: below this the balance is low; null where the owner has switched that off, with 0. */
export function alertSeconds(sql: SqlRunner) {
  return sql`CASE WHEN c.alert_below_seconds IS NULL
    THEN least(greatest(${usedSeconds(sql)}, ${SECONDS_MIN}), ${SECONDS_MAX}) ELSE nullif(c.alert_below_seconds, 0) END`;
}

export async function findAlertSeconds(sql: Sql, clientId: string): Promise<number | null> {
  const [row] = await idempotent(
    () => sql<{ seconds: number | null }[]>`
      SELECT ${alertSeconds(sql)} AS seconds FROM clients c WHERE id = ${clientId}`,
  );
  return row?.seconds ?? null;
}

/**
 * Clients whose balance is low and whose owner was not told yet; at most `limit`. Where the owner has set nothing, those of
 * whom something was used lately: of others nobody loses a call.
 */
export async function listLowBalances(sql: Sql, limit: number): Promise<LowBalance[]> {
  return idempotent(
    () => sql<LowBalance[]>`
      SELECT c.id AS "clientId", c.name AS "clientName", ${liveSeconds(sql)} AS "liveSeconds",
        c.debt_seconds AS "debtSeconds", ${alertSeconds(sql)} AS "thresholdSeconds"
      FROM clients c LEFT JOIN billing_accounts a ON a.client_id = c.id
      WHERE c.deleted_at IS NULL AND a.low_told_at IS NULL
        AND ${liveSeconds(sql)} < coalesce(c.alert_below_seconds, ${SECONDS_MAX})
        AND ${liveSeconds(sql)} < ${alertSeconds(sql)}
        AND (c.alert_below_seconds IS NOT NULL OR c.is_active AND ${usedSeconds(sql)} > 0)
      ORDER BY c.id LIMIT ${limit}`,
  );
}

/** True for the one who is to tell: asked in the transaction that tells. */
export async function markLowTold(
  sql: SqlRunner,
  { clientId, liveSeconds: left }: Pick<LowBalance, 'clientId' | 'liveSeconds'>,
): Promise<boolean> {
  const marked = await sql`
    INSERT INTO billing_accounts AS a (client_id, low_told_at, low_told_seconds)
    VALUES (${clientId}, clock_timestamp(), ${left})
    ON CONFLICT (client_id) DO UPDATE SET low_told_at = clock_timestamp(), low_told_seconds = ${left}
      WHERE a.low_told_at IS NULL
    RETURNING client_id`;
  return marked.length > 0;
}

/** Forgets that a low balance was told where it is low no more: because talk time was added, not because less was used lately. */
export async function forgetLowTold(sql: Sql): Promise<void> {
  await idempotent(
    () => sql`
      UPDATE billing_accounts a SET low_told_at = NULL, low_told_seconds = NULL FROM clients c
      WHERE a.low_told_at IS NOT NULL AND c.id = a.client_id
        AND (c.alert_below_seconds = 0 OR ${liveSeconds(sql)} >= ${alertSeconds(sql)}
          AND (c.alert_below_seconds IS NOT NULL OR ${liveSeconds(sql)} > coalesce(a.low_told_seconds, 0)))`,
  );
}

function runningSeconds(sql: SqlRunner) {
  return sql`COALESCE((SELECT sum(l.used_seconds)::bigint FROM call_leases l
    WHERE l.client_id = c.id AND l.state = 'active'), 0)`;
}

/** Of `clients c`: lately, running calls included. */
function usedSeconds(sql: SqlRunner) {
  return sql`(${runningSeconds(sql)} - coalesce((SELECT sum(g.delta_seconds)::bigint FROM ledger g WHERE g.client_id = c.id
    AND g.kind IN ('call', 'chat') AND g.created_at > clock_timestamp() - make_interval(days => ${DAYS})), 0))`;
}
