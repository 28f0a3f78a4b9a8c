// Buys talk time without being asked: for clients below their threshold, one purchase of each at a time.

import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import { newId } from '../../lib/ids.ts';
import type { Log } from '../../lib/log.ts';
import {
  findCustomer,
  insertDueOrder,
  listDueTopUps,
  stopAutoTopUp,
} from '../../store/money/billing-accounts.ts';
import type { DueTopUp } from '../../store/money/billing-accounts.ts';
import { notifyOwner } from '../../store/clients/notices.ts';
import { linkOrder, takeAbandonedPurchases, moveOrder } from '../../store/money/orders.ts';
import type { Order } from '../../store/money/orders.ts';
import { findPackage } from '../../store/money/packages.ts';
import type { Sql } from '../../store/database/sql.ts';
import { autoTopUpStopped } from '../owner-news.ts';
import { applyMoney } from './stripe-events.ts';
import type { OffSession, Till } from './till.ts';

export interface AutoTopUpParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  readonly till: Till;
}

/** Looked at in one round. */
const PAGE = 50;
/** A client that needs more within a day is talked empty by somebody: a person has to look. */
const DAY_MAX = 10;
/** An order whose process has died is taken up again after this long. */
const ABANDONED_SECONDS = 60;
/** Not charged by then, it is not charged any more: Stripe forgets after a day that it was asked before. */
const CHARGED_WITHIN_MS = 12 * 3_600_000;

/** One round: what was left half done, then new purchases. Safe to run in any number of processes at once. */
export async function topUpRound(parts: AutoTopUpParts): Promise<void> {
  const { sql, log } = parts;
  const left = await takeAbandonedPurchases(sql, { seconds: ABANDONED_SECONDS, limit: PAGE });
  for (const order of left) {
    const late = parts.clock.now() - order.createdAt.getTime() > CHARGED_WITHIN_MS;
    await guarded(log, order.clientId, () => (late ? giveUp : charge)(parts, order));
  }
  for (const due of await listDueTopUps(sql, PAGE)) {
    await guarded(log, due.clientId, () => buy(parts, due));
  }
}

async function guarded(log: Log, clientId: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    // The next round asks again with the same key.
    log.warn('an automatic top-up could not be made yet', { clientId, error });
  }
}

async function buy(parts: AutoTopUpParts, due: DueTopUp): Promise<void> {
  const { sql, clock } = parts;
  const { clientId, packageId } = due;
  const id = newId(clock.now());
  if (due.recent >= DAY_MAX) return fail(sql, { id, clientId }, 'too_many');
  const sold = await findPackage(sql, packageId);
  if (!sold?.isActive || sold.kind !== 'top_up') return fail(sql, { id, clientId }, 'package_gone');
  // Otherwise another process was faster.
  if (!(await insertDueOrder(sql, { id, clientId, package: sold }))) return;
  const { amount, currency, name: packageName } = sold;
  await charge(parts, { id, clientId, amount, currency, packageName });
}

type Charged = Pick<Order, 'id' | 'clientId' | 'amount' | 'currency' | 'packageName'>;

/** Asking again for the same order charges once. */
async function charge(parts: AutoTopUpParts, order: Charged): Promise<void> {
  const { sql, till } = parts;
  const { id: orderId, clientId, amount, currency } = order;
  const customer = await findCustomer(sql, clientId);
  if (customer === undefined) return fail(sql, order, 'no_payment_method');
  return settle(parts, order, await chargeOnce());

  async function chargeOnce(): Promise<OffSession> {
    try {
      const description = `Automatic top-up: ${order.packageName}`;
      const request = { orderId, clientId, customer: customer!, amount, currency, description };
      return await till.chargeOffSession(request);
    } catch (error) {
      // The customer is gone at Stripe, and the cards with it.
      if (error instanceof AppError && error.code === 'not_found') {
        return { status: 'failed', reason: 'no_payment_method' };
      }
      throw error;
    }
  }
}

/** Whatever was charged counts; what was not is not charged any more. */
async function giveUp(parts: AutoTopUpParts, order: Charged): Promise<void> {
  const { sql, till } = parts;
  const customer = await findCustomer(sql, order.clientId);
  const charged = customer && (await till.findCharge(customer, order.id));
  return settle(parts, order, charged || { status: 'failed', reason: 'not_charged' });
}

async function settle(
  { sql, log }: AutoTopUpParts,
  order: Charged,
  result: OffSession,
): Promise<void> {
  const { id: orderId, clientId } = order;
  switch (result.status) {
    case 'paid': {
      const { paymentIntent } = result;
      const paid = {
        orderId,
        clientId,
        paymentIntent,
        amount: result.amount,
        currency: result.currency,
      };
      const done = await sql.begin((tx) => applyMoney(tx, paid));
      if (done.outcome === 'mismatch') {
        log.error('ALARM: a payment does not fit its order; nothing was credited', {
          ...done.detail,
        });
      }
      return undefined;
    }
    case 'processing':
      await linkOrder(sql, orderId, { paymentIntent: result.paymentIntent });
      await moveOrder(sql, orderId, { state: 'processing' });
      return undefined;
    case 'failed':
      return fail(sql, order, result.reason);
  }
}

async function fail(
  sql: Sql,
  order: Pick<Order, 'id' | 'clientId'>,
  failure: string,
): Promise<void> {
  await sql.begin(async (tx) => {
    await moveOrder(tx, order.id, { state: 'failed', failure });
    if (!(await stopAutoTopUp(tx, order.clientId, failure))) return;
    await notifyOwner(tx, autoTopUpStopped(order.clientId, order.id, failure));
  });
}
