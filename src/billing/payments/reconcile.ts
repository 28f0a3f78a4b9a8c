// Asks Stripe what it told us and we did not get: messages that were lost, orders nothing was heard of, plans that changed.

import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { takeWaitingOrders, moveOrder } from '../../store/money/orders.ts';
import type { Order } from '../../store/money/orders.ts';
import { unseenEvents } from '../../store/money/payments.ts';
import { eachAlone } from '../../store/database/each-alone.ts';
import { leavePlace, takePlace } from '../../store/service/job-runs.ts';
import type { Sql } from '../../store/database/sql.ts';
import { takeLiveSubscriptions } from '../../store/money/subscriptions.ts';
import { automaticFact, automaticFailure, eventTypes, sessionFact } from './money-facts.ts';
import type { MoneyFact } from './money-facts.ts';
import { refundLate } from './late-money.ts';
import { applyEvent, applyMoney, moveOn, refreshSubscription } from './stripe-events.ts';
import type { StripeEvent, Till } from './till.ts';

export interface ReconcileParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  readonly till: Till;
  /** Messages looked at in one round, but for the rest of a second; the next round, which is due at once, goes on behind them. */
  readonly eventsMax?: number;
  /** Orders asked about in one round, those whose turn was longest ago first. */
  readonly ordersMax?: number;
}

/** One of the processes has it. */
export const RECONCILE_JOB = 'reconcile';
/** Stripe itself goes on for three days with a message that nobody takes. */
const LOOK_BACK_MS = 4 * 86_400_000;
const EVENTS_MAX = 5000;
/** Orders that wait this long are asked about. */
const WAITING_SECONDS = 900;
/** Nothing comes of an order that has no page after this long. */
const ABANDONED_MS = 3_600_000;
/** No bank takes as long: what was not heard of by then has failed. Should it be paid after all, it is credited all the same. */
const GIVEN_UP_MS = 30 * 86_400_000;
const ORDERS_MAX = 500;
const PLANS_MAX = 500;

export interface Repairs {
  readonly events: number;
  readonly orders: number;
}

/** One reconciliation. Safe to repeat, and beside messages that come at the same time. */
export async function reconcile(parts: ReconcileParts): Promise<Repairs> {
  const { log } = parts;
  const faults: unknown[] = [];
  /** What one step stumbles over is none of the next one's business. */
  const step = async <Done>(act: (parts: ReconcileParts) => Promise<Done>, otherwise: Done) => {
    try {
      return await act(parts);
    } catch (error) {
      faults.push(error);
      return otherwise;
    }
  };
  const events = await step(replayLost, 0);
  const orders = await step(askAboutOrders, 0);
  await step(lookAtPlans, undefined);
  await step(refundLate, undefined);
  if (events + orders > 0) log.warn('lost messages of Stripe were made good', { events, orders });
  if (faults.length > 0) throw faults[0];
  return { events, orders };
}

async function replayLost(parts: ReconcileParts): Promise<number> {
  const { sql, clock, till, eventsMax = EVENTS_MAX } = parts;
  const sinceMs = (await takePlace(sql, RECONCILE_JOB)) ?? clock.now() - LOOK_BACK_MS;
  let replayed = 0;
  let looked = 0;
  for await (const { events, beforeMs } of till.listEvents(sinceMs, eventTypes)) {
    replayed += await replay(parts, events);
    looked += events.length;
    if (looked < eventsMax || beforeMs <= sinceMs) continue;
    await leavePlace(sql, RECONCILE_JOB, beforeMs);
    break;
  }
  return replayed;
}

async function replay(parts: ReconcileParts, events: readonly StripeEvent[]): Promise<number> {
  const { sql, log } = parts;
  const unseen = await unseenEvents(
    sql,
    events.map(({ id }) => id),
  );
  let replayed = 0;
  await eachAlone(
    events.filter(({ id }) => unseen.has(id)),
    async (event) => {
      await applyEvent(parts, event);
      replayed += 1;
    },
    ({ id }, error) => fault(log, 'a lost message could not be made good yet', { id }, error),
  );
  return replayed;
}

/** For messages that are no longer listed, and for orders whose page was never made. */
async function askAboutOrders(parts: ReconcileParts): Promise<number> {
  const { sql, log, ordersMax = ORDERS_MAX } = parts;
  const waiting = await takeWaitingOrders(sql, { seconds: WAITING_SECONDS, limit: ordersMax });
  let moved = 0;
  await eachAlone(
    waiting,
    async (order) => {
      if ((await askOrGiveUp(parts, order)) || (await giveUp(parts, order))) moved += 1;
    },
    ({ id }, error) => fault(log, 'an order could not be asked about yet', { id }, error),
  );
  return moved;
}

/** Of what the service does not know, unlike one that is away, nothing will be heard. */
async function askOrGiveUp(parts: ReconcileParts, order: Order): Promise<boolean> {
  try {
    return await askAbout(parts, order);
  } catch (error) {
    if (isForgotten(error) && (await giveUp(parts, order))) return true;
    throw error;
  }
}

/** Ends an order of which nothing was heard for too long, and tells the owner. */
async function giveUp({ sql, clock, log }: ReconcileParts, order: Order): Promise<boolean> {
  const { id: orderId, kind, sessionId } = order;
  if (clock.now() - order.createdAt.getTime() <= GIVEN_UP_MS) return false;
  const page = kind === 'auto_top_up' || sessionId === null ? {} : { sessionId };
  const fact = {
    type: 'order',
    orderId,
    state: 'failed',
    failure: 'not_heard_of',
    ...page,
  } as const;
  const ended = await sql.begin((tx) => moveOn(tx, fact));
  if (ended) log.warn('an order of which nothing was heard was given up', { orderId });
  return ended;
}

async function askAbout({ sql, clock, log, till }: ReconcileParts, order: Order): Promise<boolean> {
  const { id, sessionId, paymentIntent } = order;
  const old = clock.now() - order.createdAt.getTime() > ABANDONED_MS;
  let fact: MoneyFact | undefined;
  if (order.kind === 'auto_top_up') {
    if (paymentIntent === null) return false;
    const intent = await till.findPayment(paymentIntent);
    const refused =
      intent['status'] === 'requires_payment_method' || intent['status'] === 'canceled';
    fact = refused ? automaticFailure(intent) : automaticFact(intent);
  } else if (sessionId === null) {
    // Stripe was never asked, or its answer was lost and nobody saw the page.
    if (!old) return false;
    return (await moveOrder(sql, id, { state: 'expired', sessionId: '' })) !== undefined;
  } else {
    const session = await till.findSession(sessionId).catch(forgotten);
    if (!session || session['status'] === 'expired') {
      return (await moveOrder(sql, id, { state: 'expired', sessionId })) !== undefined;
    }
    fact = session['status'] === 'complete' ? sessionFact(session) : undefined;
  }
  if (fact?.type === 'order') {
    const move = fact;
    if (move.state === order.state) return false;
    return sql.begin((tx) => moveOn(tx, move));
  }
  if (fact?.type !== 'paid') return false;
  const { paid } = fact;
  const { outcome, detail } = await sql.begin((tx) => applyMoney(tx, paid));
  if (outcome === 'mismatch') {
    log.error('ALARM: a payment does not fit its order; nothing was credited', { ...detail });
  }
  return outcome === 'applied';
}

async function lookAtPlans(parts: ReconcileParts): Promise<void> {
  const { sql, log } = parts;
  await eachAlone(
    await takeLiveSubscriptions(sql, PLANS_MAX),
    (id) => refreshSubscription(parts, id),
    (id, error) => fault(log, 'a plan could not be looked at', { id }, error),
  );
}

/** What a service said in vain may be otherwise the next time; anything else is a fault of ours, which somebody has to mend. */
function fault(log: Log, sentence: string, what: { readonly id: string }, error: unknown): void {
  if (error instanceof AppError) log.warn(sentence, { ...what, error });
  else log.error(sentence, { ...what, error });
}

function forgotten(error: unknown): undefined {
  if (!isForgotten(error)) throw error;
}

function isForgotten(error: unknown): boolean {
  return error instanceof AppError && error.code === 'not_found';
}
