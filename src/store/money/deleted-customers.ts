// Customers at Stripe of deleted clients: whose turn it is to be deleted there, and that it is done.

import { latePayment } from './payments.ts';
import { endedStatuses } from './subscriptions.ts';
import type { Sql } from '../database/sql.ts';

/** Before another try, of what failed or whose process died. */
const AGAIN_SECONDS = 60;

/**
 * A deleted client whose customer is to be deleted now, for this process alone until it is tried again. Never one of whom money
 * may still come or has to go back: an order that waits for its bank, a plan that is not over, a payment after the deletion.
 */
export async function claimCustomerDeletion(sql: Sql): Promise<string | undefined> {
  const [row] = await sql<{ clientId: string }[]>`
    UPDATE billing_accounts SET customer_try_at = clock_timestamp() + make_interval(secs => ${AGAIN_SECONDS})
    WHERE client_id = (
      SELECT a.client_id FROM billing_accounts a JOIN clients c ON c.id = a.client_id
      WHERE c.deleted_at IS NOT NULL AND a.stripe_customer IS NOT NULL AND a.customer_deleted_at IS NULL
        AND (a.customer_try_at IS NULL OR a.customer_try_at <= clock_timestamp())
        AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.client_id = c.id AND o.state IN ('open', 'processing')
          AND o.kind <> 'plan_change')
        AND NOT EXISTS (SELECT 1 FROM subscriptions s WHERE s.client_id = c.id
          AND (s.surplus_try_at IS NOT NULL OR NOT s.status = ANY (${[...endedStatuses]}::text[])))
        AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.client_id = c.id AND ${latePayment(sql)})
      ORDER BY a.customer_try_at NULLS FIRST LIMIT 1 FOR NO KEY UPDATE OF a SKIP LOCKED)
    RETURNING client_id AS "clientId"`;
  return row?.clientId;
}

/** One that a request made meanwhile is another, and has its own turn. */
export async function noteCustomerDeleted(
  sql: Sql,
  clientId: string,
  customer: string,
): Promise<void> {
  await sql`
    UPDATE billing_accounts SET customer_deleted_at = clock_timestamp(), customer_try_at = NULL
    WHERE client_id = ${clientId} AND stripe_customer = ${customer}`;
}
