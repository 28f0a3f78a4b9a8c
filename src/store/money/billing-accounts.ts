// How clients pay: their customer at Stripe, and what is bought without asking.

import { liveSeconds } from './low-balances.ts';
import type { Package } from './packages.ts';
import { changeSettingsRow, namedColumns } from '../database/named-columns.ts';
import type { Change } from '../database/named-columns.ts';
import type { Sql, SqlRunner } from '../database/sql.ts';
import { idempotent, sqlState } from '../database/store-error.ts';

export interface AutoTopUp {
  readonly enabled: boolean;
  readonly thresholdSeconds: number;
  readonly packageId: string | null;
  /** Why it was turned off; null while nothing went wrong. */
  readonly failure: string | null;
  readonly failedAt: Date | null;
}

export async function findCustomer(sql: Sql, clientId: string): Promise<string | undefined> {
  const [row] = await idempotent(
    () => sql<{ customer: string | null }[]>`
      SELECT stripe_customer AS customer FROM billing_accounts WHERE client_id = ${clientId}`,
  );
  return row?.customer ?? undefined;
}

/** Keeps the customer that is there, unless it is `instead`. Gives the one that is kept. */
export async function saveCustomer(
  sql: Sql,
  clientId: string,
  customer: string,
  instead?: string,
): Promise<string> {
  const [row] = await idempotent(
    () => sql<[{ customer: string }]>`
      INSERT INTO billing_accounts AS a (client_id, stripe_customer) VALUES (${clientId}, ${customer})
      ON CONFLICT (client_id) DO UPDATE SET updated_at = clock_timestamp(), stripe_customer =
        CASE WHEN ${replaced(sql, instead)} THEN excluded.stripe_customer ELSE a.stripe_customer END,
        customer_deleted_at = CASE WHEN ${replaced(sql, instead)} THEN NULL ELSE a.customer_deleted_at END
      RETURNING stripe_customer AS customer`,
  );
  return row.customer;
}

export async function findAutoTopUp(sql: Sql, clientId: string): Promise<AutoTopUp> {
  const [row] = await idempotent(
    () =>
      sql<
        AutoTopUp[]
      >`SELECT ${autoColumns(sql)} FROM billing_accounts WHERE client_id = ${clientId}`,
  );
  return (
    row ?? { enabled: false, thresholdSeconds: 600, packageId: null, failure: null, failedAt: null }
  );
}

/** Changes what is given; turning it on forgets what went wrong. One that was turned off meanwhile stays off unless it is named. */
export async function saveAutoTopUp(
  sql: Sql,
  clientId: string,
  change: Change<Pick<AutoTopUp, 'enabled' | 'thresholdSeconds' | 'packageId'>>,
): Promise<AutoTopUp> {
  const columns = namedColumns({
    autoEnabled: change.enabled,
    autoThresholdSeconds: change.thresholdSeconds,
    autoPackageId: change.packageId,
    ...(change.enabled && { autoFailure: null, autoFailedAt: null }),
  });
  await changeSettingsRow(sql, 'billing_accounts', clientId, columns);
  return findAutoTopUp(sql, clientId);
}

/** Turns automatic purchases off because one failed. True for the one who did. */
export async function stopAutoTopUp(
  sql: SqlRunner,
  clientId: string,
  failure: string,
): Promise<boolean> {
  const stopped = await sql`
    UPDATE billing_accounts SET auto_enabled = false, auto_failure = ${failure.slice(0, 200)},
      auto_failed_at = clock_timestamp(), updated_at = clock_timestamp()
    WHERE client_id = ${clientId} AND auto_enabled RETURNING client_id`;
  return stopped.length > 0;
}

export interface DueTopUp {
  readonly clientId: string;
  readonly packageId: string;
  readonly customer: string | null;
  /** Automatic purchases of the last 24 hours. */
  readonly recent: number;
}

/** Clients below their threshold for whom nothing is being bought, at most `limit`. */
export async function listDueTopUps(sql: Sql, limit: number): Promise<DueTopUp[]> {
  return idempotent(
    () => sql<DueTopUp[]>`
      SELECT a.client_id AS "clientId", a.auto_package_id AS "packageId", a.stripe_customer AS customer,
        (SELECT count(*) FROM orders o WHERE o.client_id = a.client_id AND o.kind = 'auto_top_up'
          AND o.created_at > clock_timestamp() - interval '24 hours') AS recent
      FROM billing_accounts a JOIN clients c ON c.id = a.client_id
      WHERE a.auto_enabled AND c.deleted_at IS NULL AND c.audit_failed_at IS NULL
        AND ${liveSeconds(sql)} < a.auto_threshold_seconds
        AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.client_id = a.client_id AND o.kind = 'auto_top_up'
          AND o.state IN ('open', 'processing'))
      ORDER BY a.client_id LIMIT ${limit}`,
  );
}

/**
 * Makes the order of an automatic purchase if the client is still below the threshold and nothing is being bought: looked at
 * in the statement that makes it, since another process may have bought meanwhile.
 */
export async function insertDueOrder(
  sql: Sql,
  order: { readonly id: string; readonly clientId: string; readonly package: Package },
): Promise<boolean> {
  const { id, clientId, package: sold } = order;
  try {
    const made = await idempotent(
      () => sql`
        INSERT INTO orders (id, client_id, package_id, kind, currency, amount, seconds)
        SELECT ${id}, c.id, ${sold.id}, 'auto_top_up', ${sold.currency}, ${sold.amount}, ${sold.seconds}
        FROM billing_accounts a JOIN clients c ON c.id = a.client_id
        WHERE c.id = ${clientId} AND c.deleted_at IS NULL AND a.auto_enabled AND ${liveSeconds(sql)} < a.auto_threshold_seconds
        ON CONFLICT (id) DO NOTHING RETURNING id`,
    );
    return made.length > 0;
  } catch (error) {
    if (sqlState(error) === '23505') return false;
    throw error;
  }
}

function replaced(sql: Sql, instead: string | undefined) {
  return sql`a.stripe_customer IS NOT DISTINCT FROM ${instead ?? null}`;
}

function autoColumns(sql: Sql) {
  return sql`auto_enabled AS enabled, auto_threshold_seconds AS "thresholdSeconds", auto_package_id AS "packageId",
    auto_failure AS failure, auto_failed_at AS "failedAt"`;
}
