// What messages of Stripe say about money: literal objects in, facts out; what is odd says nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventTypes, readMoneyFact } from '../../../src/billing/payments/money-facts.ts';

const ORDER = '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5a';
const CLIENT = '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5b';
const metadata = { order_id: ORDER, client_id: CLIENT };
const session = {
  id: 'cs_1',
  mode: 'payment',
  payment_status: 'paid',
  payment_intent: 'pi_1',
  amount_total: 1000,
  currency: 'usd',
  metadata,
};
const paid = {
  paymentIntent: 'pi_1',
  orderId: ORDER,
  clientId: CLIENT,
  amount: 1000,
  currency: 'usd',
};
const dispute = { id: 'du_1', payment_intent: 'pi_1', amount: 1000, balance_transactions: [] };
const moved = (withdrawals: number, reinstatements: number) => ({
  type: 'dispute',
  dispute: { disputeId: 'du_1', paymentIntent: 'pi_1', amount: 1000, withdrawals, reinstatements },
});
const details = { subscription: 'sub_1', metadata };
const invoice = {
  id: 'in_1',
  amount_paid: 4900,
  currency: 'usd',
  parent: { subscription_details: details },
};

const table: readonly (readonly [type: string, object: Record<string, unknown>, fact: unknown])[] =
  [
    ['checkout.session.completed', session, { type: 'paid', paid, sessionId: 'cs_1' }],
    [
      'checkout.session.async_payment_succeeded',
      session,
      { type: 'paid', paid, sessionId: 'cs_1' },
    ],
    [
      'checkout.session.completed',
      { ...session, payment_intent: { id: 'pi_1' } },
      { type: 'paid', paid, sessionId: 'cs_1' },
    ],
    [
      'checkout.session.completed',
      { ...session, payment_status: 'unpaid' },
      { type: 'order', orderId: ORDER, state: 'processing', sessionId: 'cs_1' },
    ],
    [
      'checkout.session.completed',
      { ...session, payment_status: 'no_payment_required' },
      undefined,
    ],
    ['checkout.session.completed', { ...session, mode: 'setup' }, undefined],
    [
      'checkout.session.completed',
      { ...session, mode: 'subscription', subscription: 'sub_1' },
      { type: 'subscription', subscriptionId: 'sub_1' },
    ],
    ['checkout.session.completed', { ...session, metadata: {} }, undefined],
    ['checkout.session.completed', { ...session, metadata: { order_id: "'; --" } }, undefined],
    ['checkout.session.completed', { ...session, amount_total: '1000' }, undefined],
    ['checkout.session.completed', { ...session, amount_total: 1e15 }, undefined],
    [
      'checkout.session.completed',
      { ...session, metadata: { order_id: ORDER } },
      { type: 'paid', paid: { ...paid, clientId: null }, sessionId: 'cs_1' },
    ],
    [
      'checkout.session.async_payment_failed',
      session,
      {
        type: 'order',
        orderId: ORDER,
        state: 'failed',
        sessionId: 'cs_1',
        failure: 'async_payment_failed',
      },
    ],
    [
      'checkout.session.expired',
      session,
      { type: 'order', orderId: ORDER, state: 'expired', sessionId: 'cs_1' },
    ],
    [
      'payment_intent.succeeded',
      { id: 'pi_1', status: 'succeeded', amount_received: 1000, currency: 'usd', metadata },
      { type: 'paid', paid },
    ],
    [
      'payment_intent.succeeded',
      { id: 'pi_1', status: 'succeeded', amount_received: 1000, currency: 'usd' },
      undefined,
    ],
    [
      'payment_intent.payment_failed',
      {
        id: 'pi_1',
        metadata,
        last_payment_error: { code: 'card_declined', decline_code: 'lost_card' },
      },
      { type: 'order', orderId: ORDER, state: 'failed', failure: 'lost_card' },
    ],
    [
      'invoice.paid',
      invoice,
      {
        type: 'invoice',
        invoice: {
          orderId: ORDER,
          clientId: CLIENT,
          amount: 4900,
          currency: 'usd',
          subscriptionId: 'sub_1',
          invoiceId: 'in_1',
        },
      },
    ],
    ['invoice.paid', { ...invoice, parent: null }, undefined],
    ['invoice.payment_failed', invoice, { type: 'invoice-failed', subscriptionId: 'sub_1' }],
    [
      'customer.subscription.deleted',
      { id: 'sub_1' },
      { type: 'subscription', subscriptionId: 'sub_1' },
    ],
    [
      'charge.refunded',
      { id: 'ch_1', payment_intent: 'pi_1' },
      { type: 'charge', paymentIntent: 'pi_1' },
    ],
    ['charge.refunded', { id: 'ch_1', payment_intent: null }, undefined],
    ...(
      [
        ['pending', false],
        ['succeeded', false],
        ['requires_action', false],
        ['something_new', false],
        ['failed', true],
        ['canceled', true],
      ] as const
    ).map(
      ([status, failed]) =>
        [
          'refund.updated',
          { id: 're_1', payment_intent: 'pi_1', amount: 5, status },
          {
            type: 'refund',
            refund: { refundId: 're_1', paymentIntent: 'pi_1', amount: 5, failed },
          },
        ] as const,
    ),
    ['charge.dispute.created', dispute, moved(0, 0)],
    ['charge.dispute.created', { ...dispute, status: 'warning_needs_response' }, moved(0, 0)],
    [
      'charge.dispute.funds_withdrawn',
      { ...dispute, balance_transactions: [{ amount: -1080 }] },
      moved(1, 0),
    ],
    // Converted at another rate on its way back: what counts is that it came back.
    [
      'charge.dispute.funds_reinstated',
      { ...dispute, balance_transactions: [{ amount: -1080 }, { amount: 1071 }] },
      moved(1, 1),
    ],
    ['charge.dispute.closed', { ...dispute, balance_transactions: 'none' }, moved(0, 0)],
    ['some.new.type', session, undefined],
  ];

for (const [type, object, fact] of table) {
  test(`${type}: ${JSON.stringify(fact ?? 'nothing').slice(0, 100)}`, () => {
    assert.deepEqual(readMoneyFact({ id: 'evt_1', type, created: 1, object }), fact);
  });
}

test('every type that we ask for is read, and odd objects say nothing', () => {
  for (const type of eventTypes) {
    assert.ok(
      table.some(([each]) => each === type) || /dispute|refund|subscription/.test(type),
      `${type} is in the table`,
    );
    for (const object of [{}, { id: 7 }, { id: '', metadata: 'x' }, { id: 'x'.repeat(300) }]) {
      const event = { id: 'evt_1', type, created: 1, object };
      assert.equal(readMoneyFact(event), undefined);
    }
  }
});
