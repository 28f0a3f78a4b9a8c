// What owners are told about their money, in words for people.

import type { NewNotice } from '../store/clients/notices.ts';

/** A payment that the owner began was refused by their bank, days later. */
export function paymentFailed(clientId: string, orderId: string, failure: string): NewNotice {
  return {
    clientId,
    kind: 'payment_failed',
    severity: 'warning',
    text: 'A payment did not go through, and no talk time was added.',
    dedupeKey: `payment-failed:${orderId}`,
    data: { order_id: orderId, failure },
  };
}

const reasons: Readonly<Record<string, string>> = {
  authentication_required: 'your bank wants you to confirm the payment yourself',
  no_payment_method: 'there is no saved card to charge',
  expired_card: 'the saved card has expired',
  insufficient_funds: 'the card has insufficient funds',
  too_many: 'it was needed unusually often within a day',
  package_gone: 'the chosen package is no longer sold',
  not_charged: 'the payment could not be made for half a day',
  not_heard_of: 'nothing was heard of a payment for a month',
};

export function autoTopUpStopped(clientId: string, orderId: string, failure: string): NewNotice {
  const reason = reasons[failure] ?? 'the saved card was declined';
  return {
    clientId,
    kind: 'auto_top_up_stopped',
    severity: 'error',
    text: `Automatic top-up has been turned off: ${reason}. Buy talk time by hand, then turn it on again.`,
    dedupeKey: `auto-top-up:${orderId}`,
    data: { order_id: orderId, failure },
  };
}

export function planUnpaid(clientId: string, eventId: string): NewNotice {
  return {
    clientId,
    kind: 'plan_unpaid',
    severity: 'error',
    text: 'The monthly plan could not be paid. Update the payment method in the customer portal.',
    dedupeKey: `plan-unpaid:${eventId}`,
    data: {},
  };
}

/** `refunded`: what was paid for it, in the smallest unit of its currency; undefined when nothing was. */
export function planSurplus(
  clientId: string,
  subscriptionId: string,
  refunded: number | undefined,
): NewNotice {
  const money =
    refunded === undefined
      ? 'Nothing was charged for it.'
      : 'What was paid for it goes back to where it came from, and the talk time it brought is taken back.';
  return {
    clientId,
    kind: 'plan_surplus',
    severity: 'warning',
    text: `Two monthly plans were begun at once. The second has been cancelled, the first goes on. ${money}`,
    dedupeKey: `plan-surplus:${subscriptionId}:${refunded ?? 'unpaid'}`,
    data: { subscription_id: subscriptionId, refunded_amount: refunded ?? null },
  };
}

export function balanceLow(
  clientId: string,
  low: { readonly liveSeconds: number; readonly thresholdSeconds: number; readonly key: string },
): NewNotice {
  const { liveSeconds, thresholdSeconds, key } = low;
  const text =
    liveSeconds < 0
      ? `You owe ${minutes(-liveSeconds)} of talk time; calls are not answered until it is paid.`
      : liveSeconds === 0
        ? 'No talk time is left; calls are not answered until there is some again.'
        : `Only ${minutes(liveSeconds)} of talk time are left. When they are used up, calls are not answered.`;
  return {
    clientId,
    kind: 'balance_low',
    severity: liveSeconds <= 0 ? 'error' : 'warning',
    text,
    dedupeKey: `balance-low:${clientId}:${key}`,
    data: { live_seconds: liveSeconds, threshold_seconds: thresholdSeconds },
  };
}

/** `key`: what was found, so that the same finding is told once. */
export function auditFailed(clientId: string, key: string): NewNotice {
  return {
    clientId,
    kind: 'audit_failed',
    severity: 'error',
    text: 'The balance does not agree with the statement. New calls are not answered until support has looked at it.',
    dedupeKey: `audit-failed:${key}`,
    data: {},
  };
}

function minutes(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`;
}
