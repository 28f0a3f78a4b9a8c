// Owners who paid on two pages have two plans that bill: the second is ended at Stripe, its money goes back, and they are told.

import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { notifyOwner } from '../../store/clients/notices.ts';
import { listOpenPlanOrders } from '../../store/money/orders.ts';
import { claimSurplusPlan, endSurplusPlan } from '../../store/money/subscriptions.ts';
import type { SurplusPlan } from '../../store/money/subscriptions.ts';
import type { Sql } from '../../store/database/sql.ts';
import { planSurplus } from '../owner-news.ts';
import { isForgotten } from './till.ts';
import type { Till } from './till.ts';

export interface SurplusParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  readonly till: Till;
}

/** After a try that failed, or whose process died. Every step may be repeated. */
const AGAIN_SECONDS = 60;
/** Ended in one round. */
const ROUND_MAX = 50;
/** Pages of one client that are looked at: each is good for an hour. */
const PAGES_MAX = 20;

/** Ends what is surplus, of one client or of all; what fails is tried again by a later round. Safe in any number of processes. */
export async function endSurplusPlans(parts: SurplusParts, clientId?: string): Promise<void> {
  const { sql, log } = parts;
  for (let count = 0; count < ROUND_MAX; count += 1) {
    const plan = await claimSurplusPlan(sql, { clientId, againSeconds: AGAIN_SECONDS });
    if (!plan) return;
    try {
      await endSurplus(parts, plan);
    } catch (error) {
      const { id: subscriptionId, clientId: of } = plan;
      log.error('ALARM: a second plan that bills an owner could not be ended yet', {
        clientId: of,
        subscriptionId,
        error,
      });
    }
  }
}

async function endSurplus({ sql, till }: SurplusParts, plan: SurplusPlan): Promise<void> {
  const { id, clientId } = plan;
  const paid = await till.endPlan(id);
  const payment = paid && (await till.paymentOfInvoice(paid.invoiceId));
  // Messages about the refund take the talk time back.
  if (payment !== undefined) await till.refundAll(payment);
  const refunded = payment === undefined ? undefined : paid?.amount;
  await sql.begin(async (tx) => {
    await endSurplusPlan(tx, id);
    await notifyOwner(tx, planSurplus(clientId, id, refunded));
  });
}

/**
 * Closes the pages on which the client could still pay for a plan. Throws `conflict` when one of them has been paid: its plan is
 * there in a moment.
 */
export async function closePlanPages(
  { sql, till }: Pick<SurplusParts, 'sql' | 'till'>,
  clientId: string,
): Promise<void> {
  for (const sessionId of await listOpenPlanOrders(sql, clientId, PAGES_MAX)) {
    if (await till.closeCheckout(sessionId).catch(isForgotten)) continue;
    throw new AppError('conflict', 'a page of the client for a plan was paid', {
      publicMessage: 'A plan has just been paid for. It shows here in a moment.',
    });
  }
}
