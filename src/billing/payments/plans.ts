// Monthly plans: changed and cancelled from the next month on; begun by a checkout.

import { AppError } from '../../lib/errors.ts';
import { newId } from '../../lib/ids.ts';
import { insertOrder, linkOrder } from '../../store/money/orders.ts';
import { endedStatuses, findSubscription } from '../../store/money/subscriptions.ts';
import type { Subscription } from '../../store/money/subscriptions.ts';
import type { Sql } from '../../store/database/sql.ts';
import { findSold } from './checkout.ts';
import type { BuyParts } from './checkout.ts';
import { refreshSubscription } from './stripe-events.ts';
import type { SeenSubscription } from './till.ts';

/** Throws `conflict` for a client that has a plan: two would be paid. */
export async function requireNoPlan(sql: Sql, clientId: string): Promise<void> {
  const plan = await findSubscription(sql, clientId);
  if (!plan || endedStatuses.includes(plan.status)) return;
  throw new AppError('conflict', 'the client has a plan', {
    publicMessage: 'There is a plan already. Change it instead.',
  });
}

/** Another plan from the next month on. Throws `not_found` without a plan, `invalid`, `vendor_failed`. */
export async function changePlan(
  parts: Pick<BuyParts, 'sql' | 'clock' | 'till'>,
  change: { readonly clientId: string; readonly packageId: string; readonly userId: string },
): Promise<Subscription> {
  const { sql, clock, till } = parts;
  const { clientId, packageId, userId } = change;
  const plan = await runningPlan(sql, clientId);
  const sold = await findSold(sql, packageId, 'plan');
  const orderId = newId(clock.now());
  const order = { id: orderId, clientId, kind: 'plan_change', package: sold } as const;
  await insertOrder(sql, { ...order, createdBy: userId });
  await linkOrder(sql, orderId, { subscriptionId: plan.id });
  const seen = await ifRunning(parts, plan.id, () =>
    till.changePlan(plan.id, { orderId, clientId, sold }),
  );
  await refreshSubscription(parts, seen);
  return runningPlan(sql, clientId);
}

/** Ends the plan with the month that is paid, or takes that back. */
export async function cancelPlan(
  parts: Pick<BuyParts, 'sql' | 'clock' | 'till'>,
  clientId: string,
  cancel: boolean,
): Promise<Subscription> {
  const plan = await runningPlan(parts.sql, clientId);
  const seen = await ifRunning(parts, plan.id, () => parts.till.cancelAtPeriodEnd(plan.id, cancel));
  await refreshSubscription(parts, seen);
  return runningPlan(parts.sql, clientId);
}

/** What ended at Stripe meanwhile, in the portal for instance, is looked at instead: then there is no plan. */
async function ifRunning(
  { till }: Pick<BuyParts, 'till'>,
  id: string,
  act: () => Promise<SeenSubscription>,
): Promise<SeenSubscription> {
  try {
    return await act();
  } catch (error) {
    const now = await till.findSubscription(id).catch(() => undefined);
    if (now && endedStatuses.includes(now.status)) return now;
    throw error;
  }
}

async function runningPlan(sql: Sql, clientId: string): Promise<Subscription> {
  const plan = await findSubscription(sql, clientId);
  if (plan && !endedStatuses.includes(plan.status)) return plan;
  throw new AppError('not_found', 'the client has no plan', {
    publicMessage: 'There is no plan.',
  });
}
