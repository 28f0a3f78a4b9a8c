// Clients that are about to be deleted: nothing bills them any more, and nobody can pay for them.

import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import { listOpenPages } from '../../store/money/orders.ts';
import { listPlansOf } from '../../store/money/subscriptions.ts';
import type { Sql } from '../../store/database/sql.ts';
import { refreshSubscription } from './stripe-events.ts';
import { isForgotten } from './till.ts';
import type { Till } from './till.ts';

export interface PartingParts {
  readonly sql: Sql;
  readonly clock: Clock;
  /** Undefined where no payments are configured. */
  readonly till: Till | undefined;
}

/** Pages of one client that are looked at: each is good for an hour. */
const PAGES_MAX = 50;

/**
 * Before a client is deleted: closes the pages on which it could be paid for, and ends its plans at once, without money back.
 * Throws `conflict` when a page was paid a moment ago, `not_configured` when a plan runs and nobody can be told to end it,
 * `vendor_failed` when the payment service cannot be reached: then the client is to stay. May be repeated.
 */
export async function stopPaying(parts: PartingParts, clientId: string): Promise<void> {
  const { sql, till } = parts;
  const plans = await listPlansOf(sql, clientId);
  const pages = await listOpenPages(sql, clientId, PAGES_MAX);
  if (plans.length + pages.length === 0) return;
  if (!till) {
    if (plans.length === 0) return;
    throw new AppError('not_configured', 'a plan runs and no payments are configured', {
      publicMessage:
        'A monthly plan runs, and payments are not configured: STRIPE_SECRET_KEY is not set.',
    });
  }
  for (const sessionId of pages) {
    if (await till.closeCheckout(sessionId).catch(isForgotten)) continue;
    throw new AppError('conflict', 'a page of the client was paid', {
      publicMessage: 'Something has just been paid for. It shows in a moment; then try again.',
    });
  }
  for (const id of plans) {
    await till.endPlan(id).catch(isForgotten);
    await refreshSubscription({ ...parts, till }, id).catch(isForgotten);
  }
}
