// Acts on what Stripe says: each message once, all or nothing, whatever the order in which they come.

import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { stopAutoTopUp } from '../../store/money/billing-accounts.ts';
import { notifyOwner } from '../../store/clients/notices.ts';
import { confirmPlanChange, linkOrder, moveOrder } from '../../store/money/orders.ts';
import { applyDispute, applyPaid, applyRefund, onEvent } from '../../store/money/payments.ts';
import type { EventOutcome, PaidPayment } from '../../store/money/payments.ts';
import type { Sql, Transaction } from '../../store/database/sql.ts';
import { reopenSurplusPlan, saveSubscription } from '../../store/money/subscriptions.ts';
import { readMoneyFact, refundFact } from './money-facts.ts';
import type { MoneyFact } from './money-facts.ts';
import { autoTopUpStopped, paymentFailed, planUnpaid } from '../owner-news.ts';
import { refundLate } from './late-money.ts';
import { closePlanPages, endSurplusPlans } from './surplus-plans.ts';
import type { SeenSubscription, StripeEvent, Till } from './till.ts';

export interface EventParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  readonly till: Till;
}

/** A message with everything that had to be looked up for it. */
type Ready =
  | Exclude<MoneyFact, { type: 'charge' | 'invoice' | 'subscription' | 'invoice-failed' }>
  | { readonly type: 'refunds'; readonly refunds: readonly MoneyFact[] }
  | { readonly type: 'subscription'; readonly seen: SeenSubscription; readonly failed: boolean };

/**
 * Resolves when the message has been acted upon and that is committed; a message seen before changes nothing. Throws
 * `unavailable` or `vendor_failed` when it has to come again.
 */
export async function applyEvent(parts: EventParts, event: StripeEvent): Promise<void> {
  const { sql, log } = parts;
  const fact = readMoneyFact(event);
  const ready = fact && (await lookUp(parts.till, fact));
  const done = await onEvent(sql, event, (tx) => act(tx, event, ready));
  if (done) await followUp(parts, ready);
  if (!done || done.outcome === 'ignored' || done.outcome === 'applied') return;
  const { outcome, detail } = done;
  const fields = { eventId: event.id, type: event.type, outcome, ...detail };
  // An order that is not ours may be of another product of the same account; money that does not fit its order is not.
  if (outcome === 'mismatch')
    log.error('ALARM: a payment does not fit its order; nothing was credited', fields);
  else log.warn('a payment is of no order of ours', fields);
}

/** What the message asks of Stripe, after its commit: a round does what fails here. */
async function followUp(parts: EventParts, ready: Ready | undefined): Promise<void> {
  const plan = ready?.type === 'subscription' ? ready.seen : undefined;
  const clientId = ready?.type === 'paid' ? ready.paid.clientId : plan?.clientId;
  if (clientId === undefined || clientId === null) return;
  try {
    await endSurplusPlans(parts, clientId);
    await refundLate(parts, clientId);
    // Who has a plan is not to pay for another on a page that is still open.
    if (plan?.status === 'active') await closePlanPages(parts, clientId);
  } catch (error) {
    // A page that was paid meanwhile is a message of its own.
    if (error instanceof AppError && error.code === 'conflict') return;
    parts.log.warn('a plan beside another could not be prevented or ended yet', { error });
  }
}

async function lookUp(till: Till, fact: MoneyFact): Promise<Ready | undefined> {
  switch (fact.type) {
    case 'charge': {
      const refunds = await till.listRefunds(fact.paymentIntent);
      return { type: 'refunds', refunds: refunds.flatMap((each) => refundFact(each) ?? []) };
    }
    case 'invoice': {
      const paymentIntent = await till.paymentOfInvoice(fact.invoice.invoiceId);
      // Nothing was to be paid, by a voucher for instance: then nothing is credited.
      return paymentIntent === undefined
        ? undefined
        : { type: 'paid', paid: { ...fact.invoice, paymentIntent } };
    }
    case 'subscription':
    case 'invoice-failed': {
      const failed = fact.type === 'invoice-failed';
      return {
        type: 'subscription',
        seen: await till.findSubscription(fact.subscriptionId),
        failed,
      };
    }
    case 'paid':
    case 'order':
    case 'refund':
    case 'dispute':
      return fact;
  }
}

async function act(
  tx: Transaction,
  event: StripeEvent,
  fact: Ready | undefined,
): Promise<EventOutcome> {
  switch (fact?.type) {
    case undefined:
      return { outcome: 'ignored' };
    case 'paid':
      return applyMoney(tx, fact.paid, fact.sessionId);
    case 'order':
      return { outcome: (await moveOn(tx, fact)) ? 'applied' : 'ignored' };
    case 'refund':
      await applyRefund(tx, fact.refund);
      return { outcome: 'applied' };
    case 'refunds':
      for (const each of fact.refunds)
        if (each.type === 'refund') await applyRefund(tx, each.refund);
      return { outcome: 'applied' };
    case 'dispute':
      await applyDispute(tx, fact.dispute);
      return { outcome: 'applied' };
    case 'subscription':
      return applySubscription(tx, event, fact);
  }
}

/** In a transaction: credits what fits its order. */
export async function applyMoney(
  tx: Transaction,
  paid: PaidPayment,
  sessionId?: string,
): Promise<EventOutcome> {
  const status = await applyPaid(tx, paid);
  if (sessionId !== undefined) await linkOrder(tx, paid.orderId, { sessionId });
  if (paid.subscriptionId !== undefined) await reopenSurplusPlan(tx, paid.subscriptionId);
  if (status === 'ok' || status === 'duplicate') return { outcome: 'applied' };
  const { paymentIntent, orderId, clientId, amount, currency, invoiceId } = paid;
  const detail = {
    paymentIntent,
    orderId,
    clientId,
    amount,
    currency,
    invoiceId: invoiceId ?? null,
  };
  return { outcome: status, detail };
}

type MovedOrder = Extract<MoneyFact, { type: 'order' }>;

/** In a transaction: whether the order was moved on; of one that failed the owner hears. */
export async function moveOn(tx: Transaction, fact: MovedOrder): Promise<boolean> {
  const clientId = await moveOrder(tx, fact.orderId, fact);
  if (clientId !== undefined && fact.state === 'failed') await tellFailure(tx, clientId, fact);
  return clientId !== undefined;
}

async function tellFailure(
  tx: Transaction,
  clientId: string,
  { orderId, sessionId, failure = 'failed' }: MovedOrder,
): Promise<void> {
  if (sessionId !== undefined) await notifyOwner(tx, paymentFailed(clientId, orderId, failure));
  else if (await stopAutoTopUp(tx, clientId, failure)) {
    await notifyOwner(tx, autoTopUpStopped(clientId, orderId, failure));
  }
}

async function applySubscription(
  tx: Transaction,
  event: StripeEvent,
  { seen, failed }: { seen: SeenSubscription; failed: boolean },
): Promise<EventOutcome> {
  const { clientId, orderId, ...state } = seen;
  if (clientId === undefined || orderId === undefined) return { outcome: 'ignored' };
  const saved = await saveSubscription(tx, { ...state, clientId, orderId, asOf: event.created });
  if (!saved) return { outcome: 'unknown', detail: { subscriptionId: seen.id, clientId, orderId } };
  await confirmPlanChange(tx, orderId);
  if (failed) await notifyOwner(tx, planUnpaid(clientId, event.id));
  return { outcome: 'applied' };
}

/** Looks at a plan and saves how it is, as of now. */
export async function refreshSubscription(
  { sql, clock, till }: Pick<EventParts, 'sql' | 'clock' | 'till'>,
  seenOrId: SeenSubscription | string,
): Promise<void> {
  // Its time is that of the question: an answer that waits is not newer for it.
  const asOf = Math.floor(clock.now() / 1000);
  const seen = typeof seenOrId === 'string' ? await till.findSubscription(seenOrId) : seenOrId;
  const { clientId, orderId, ...state } = seen;
  if (clientId === undefined || orderId === undefined) return;
  await sql.begin(async (tx) => {
    if (await saveSubscription(tx, { ...state, clientId, orderId, asOf })) {
      await confirmPlanChange(tx, orderId);
    }
  });
}
