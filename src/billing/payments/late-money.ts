// Money that comes in for clients after they were deleted, from a bank that takes days for instance, goes back.

import type { Log } from '../../lib/log.ts';
import { listLatePayments } from '../../store/money/payments.ts';
import type { Sql } from '../../store/database/sql.ts';
import type { Till } from './till.ts';

/** Payments given back in one round. */
const ROUND_MAX = 50;

/** Of one client or of all; what fails is tried again by the next round. Safe to repeat. */
export async function refundLate(
  { sql, till, log }: { readonly sql: Sql; readonly till: Till; readonly log: Log },
  clientId?: string,
): Promise<void> {
  for (const paymentIntent of await listLatePayments(sql, { clientId, limit: ROUND_MAX })) {
    try {
      // Messages about the refund take the talk time back.
      await till.refundAll(paymentIntent);
    } catch (error) {
      log.error('ALARM: money for a deleted client could not be given back yet', {
        paymentIntent,
        error,
      });
    }
  }
}
