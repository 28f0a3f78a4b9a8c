// Payments as they really are, the messages about them, and which of these have come: from that, what the books must say.

import assert from 'node:assert/strict';
import { systemClock } from '../../../src/lib/clock.ts';
import { newId } from '../../../src/lib/ids.ts';
import { insertOrder } from '../../../src/store/money/orders.ts';
import { applyDispute, applyPaid, applyRefund } from '../../../src/store/money/payments.ts';
import type { KnownDispute, KnownRefund, PaidPayment } from '../../../src/store/money/payments.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { addPackage } from '../../support/product/packages.ts';

/** What can be wrong with the money that comes in for an order. */
export type Misfit = 'amount' | 'currency' | 'client';

export type PaymentTurn = 'paid' | 'wrong' | 'refund' | 'refund-fails' | 'dispute' | 'reinstate';

type Message =
  | { readonly type: 'paid'; readonly paid: PaidPayment; readonly misfit: Misfit | undefined }
  | { readonly type: 'refund'; readonly refund: KnownRefund }
  | { readonly type: 'dispute'; readonly dispute: KnownDispute };

/** Few, so that much happens to each. */
const PAYMENTS_MAX = 2;

interface Payment {
  readonly clientId: string;
  readonly orderId: string;
  readonly paymentIntent: string;
  readonly amount: number;
  readonly seconds: number;
  /** As it really is. */
  readonly refunds: KnownRefund[];
  readonly disputes: KnownDispute[];
  /** All that could be told, and what has come. */
  readonly messages: Message[];
  readonly come: Set<Message>;
  /** Seconds that the books hold of it. */
  applied: number;
}

/** A change of a client's books by one message; 0 for none. */
export interface Change {
  readonly clientId: string;
  readonly seconds: number;
}

export class PaymentModel {
  readonly #sql: Sql;
  readonly #payments: Payment[] = [];

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** An order, its payment to come. The client's owner has the same id. */
  async order(clientId: string, terms: { amount: number; seconds: number }): Promise<void> {
    if (this.#payments.length >= PAYMENTS_MAX) return;
    const { amount, seconds } = terms;
    const sold = await addPackage(this.#sql, { kind: 'top_up', name: 'x', amount, seconds });
    const orderId = newId(systemClock.now());
    const order = { id: orderId, clientId, kind: 'top_up', package: sold } as const;
    await insertOrder(this.#sql, { ...order, createdBy: clientId });
    this.#payments.push({
      clientId,
      orderId,
      paymentIntent: `pi_${orderId}`,
      amount,
      seconds,
      refunds: [],
      disputes: [],
      messages: [],
      come: new Set(),
      applied: 0,
    });
  }

  /** Something happens to a payment, of which a message tells. */
  happen(pick: number, turn: PaymentTurn, share: number): void {
    const payment = this.#choose(pick);
    if (!payment) return;
    const { paymentIntent, amount, refunds, disputes, messages } = payment;
    const part = Math.max(1, Math.ceil((amount * share) / 100));
    switch (turn) {
      case 'paid':
      case 'wrong': {
        const { orderId, clientId } = payment;
        const paid = { paymentIntent, orderId, clientId, amount, currency: 'usd' };
        const misfit = (['amount', 'currency', 'client'] as const)[share % 3]!;
        // Another payment of the order: that is how a wrong one comes.
        const wrong = {
          ...paid,
          ...wrongBy(misfit, amount),
          paymentIntent: `${paymentIntent}_w${share}`,
        };
        messages.push(
          turn === 'paid'
            ? { type: 'paid', paid, misfit: undefined }
            : { type: 'paid', paid: wrong, misfit },
        );
        return;
      }
      case 'refund':
      case 'refund-fails': {
        const open = refunds.findIndex(({ failed }) => !failed);
        if (turn === 'refund-fails' && open !== -1) {
          refunds[open] = { ...refunds[open]!, failed: true };
          messages.push({ type: 'refund', refund: refunds[open] });
          return;
        }
        const refundId = newId(systemClock.now());
        refunds.push({ refundId, paymentIntent, amount: part, failed: false });
        messages.push({ type: 'refund', refund: refunds.at(-1)! });
        return;
      }
      case 'dispute':
      case 'reinstate': {
        const last = disputes.at(-1);
        const index = disputes.length - 1;
        if (turn === 'reinstate' && last) {
          disputes[index] = { ...last, reinstatements: last.withdrawals };
        } else if (last && share > 60) {
          disputes[index] = { ...last, withdrawals: last.reinstatements + 1 };
        } else {
          const disputeId = newId(systemClock.now());
          // An inquiry moves nothing.
          const moves = { withdrawals: share % 4 === 0 ? 0 : 1, reinstatements: 0 };
          disputes.push({ disputeId, paymentIntent, amount: part, ...moves });
        }
        messages.push({ type: 'dispute', dispute: disputes.at(-1)! });
      }
    }
  }

  /** A message comes, perhaps late, perhaps again, several times. */
  async deliver(pick: number, which: number, times: number): Promise<Change | undefined> {
    const payment = this.#choose(pick);
    const message = payment?.messages.at(which % (payment.messages.length || 1));
    if (!payment || !message) return undefined;
    return this.#take(payment, message, times);
  }

  /** All that has not come, comes. */
  async finish(): Promise<Change[]> {
    const changes: Change[] = [];
    for (const payment of this.#payments) {
      const late = payment.messages.filter((message) => !payment.come.has(message)).toReversed();
      for (const message of late) changes.push(await this.#take(payment, message, 1));
    }
    return changes;
  }

  async #take(payment: Payment, message: Message, times: number): Promise<Change> {
    const before = payment.applied;
    for (let count = 0; count < times; count += 1) await this.#apply(payment, message);
    payment.come.add(message);
    payment.applied = expectedSeconds(payment);
    const [row] = await this.#sql<{ applied: number }[]>`
      SELECT applied_seconds AS applied FROM payments WHERE payment_intent = ${payment.paymentIntent}`;
    assert.equal(row?.applied ?? 0, payment.applied, 'I8: not what its messages say');
    return { clientId: payment.clientId, seconds: payment.applied - before };
  }

  async #apply(payment: Payment, message: Message): Promise<void> {
    if (message.type === 'refund') return applyRefund(this.#sql, message.refund);
    if (message.type === 'dispute') return applyDispute(this.#sql, message.dispute);
    const { misfit } = message;
    const known = [...payment.come].some(
      (each) => each.type === 'paid' && each.misfit === undefined,
    );
    const status = await applyPaid(this.#sql, message.paid);
    if (misfit !== undefined) assert.equal(status, 'mismatch', `I8: credited by ${misfit}`);
    else assert.equal(status, known ? 'duplicate' : 'ok', 'I8: paid twice');
    payment.come.add(message);
  }

  #choose(pick: number): Payment | undefined {
    return this.#payments.at(-1 - (pick % (this.#payments.length || 1)));
  }
}

function wrongBy(misfit: Misfit, amount: number): Partial<PaidPayment> {
  if (misfit === 'amount') return { amount: amount + 1 };
  if (misfit === 'currency') return { currency: 'jpy' };
  return { clientId: newId(0) };
}

/** The rule in its own words: nothing unless paid; a refund counts unless it is known to have failed; a dispute while more was taken than given back. */
function expectedSeconds({ come, amount, seconds }: Payment): number {
  const messages = [...come];
  if (!messages.some((each) => each.type === 'paid' && each.misfit === undefined)) return 0;
  const refunds = Map.groupBy(
    messages.flatMap((each) => (each.type === 'refund' ? [each.refund] : [])),
    ({ refundId }) => refundId,
  );
  const disputes = Map.groupBy(
    messages.flatMap((each) => (each.type === 'dispute' ? [each.dispute] : [])),
    ({ disputeId }) => disputeId,
  );
  let gone = 0;
  for (const known of refunds.values()) {
    if (!known.some(({ failed }) => failed)) gone += known[0]!.amount;
  }
  for (const known of disputes.values()) {
    const withdrawals = Math.max(...known.map((each) => each.withdrawals));
    const reinstatements = Math.max(...known.map((each) => each.reinstatements));
    if (withdrawals > reinstatements) gone += known[0]!.amount;
  }
  return seconds - Math.floor((Math.min(gone, amount) * seconds) / amount);
}
