// Talk time: what is left, how it is bought, where it went.

/** By the reason that the API gives; others say that the card was refused. */
const autoFailures: Readonly<Record<string, string>> = {
  insufficient_funds:
    'There was not enough money for the card. Buy talk time once with another one, or switch it on again later.',
  expired_card:
    'The card has expired. Buy talk time once with another one, then switch it on again.',
  authentication_required:
    'The bank wants you to confirm the payment. Buy talk time once yourself, then switch it on again.',
  no_payment_method: 'There is no card. Buy talk time once with one, then switch it on again.',
  package_gone:
    'What it bought is not sold any more. Choose another package and switch it on again.',
  too_many:
    'It has bought ten times within a day, which is more than calls usually need. Look at the usage before you switch it on again.',
  not_heard_of: 'Nothing was heard of a payment for a month. Switch it on again.',
  not_charged: 'The payment could not be made, and nothing was charged. Switch it on again.',
};

export const billing = {
  title: 'Billing',
  tabs: 'Parts of billing',
  overview: 'Talk time',
  statement: 'Statement',
  receipts: 'Receipts',
  balance: 'Talk time left',
  running: (calls: number) =>
    calls === 0
      ? 'No call is running'
      : calls === 1
        ? '1 call is running'
        : `${calls} calls are running`,
  free: 'Free for new calls',
  freeNote: 'Not reserved by running calls',
  debt: 'Owed',
  debtNote: 'Paid from the next purchase',
  usedThisMonth: 'Used this month',
  usedNote: (calls: number) => (calls === 1 ? 'in 1 call' : `in ${calls} calls`),
  talkTime: {
    little: {
      title: 'Little talk time left',
      text: 'Callers are told to call later when it is used up. Buy more in time.',
    },
    none: {
      title: 'No talk time left',
      text: 'Callers are not answered until you buy talk time.',
    },
    lessThan: (below: string) => `Less than ${below}.`,
  },
  suspendedTitle: 'New calls are held back',
  suspendedText: 'The books of this client are being checked. Nothing is lost; please write to us.',
  debtTitle: 'A payment was taken back after its talk time was used',
  debtText: 'New calls are answered again once the time owed is paid.',
  buyTitle: 'Buy talk time',
  buyText: 'Paid once, kept until it is used.',
  buy: 'Buy',
  perMinute: (price: string) => `${price} a minute`,
  noPackages: 'Nothing is for sale',
  noPackagesHint: 'An administrator sets up what talk time costs.',
  noPayments: 'Payments are not set up on this server.',
  order: {
    paid: (time: string) => `Thank you. ${time} of talk time are added.`,
    waiting: 'The payment is on its way. This page shows it as soon as it arrives.',
    processing:
      'Your bank has the payment. It can take some days; the talk time is added as soon as the bank has paid.',
    mismatch:
      'The payment does not fit what was ordered, and no talk time is added yet. Tell whoever runs this Frontdesk: they see the payment and put it right.',
    cancelled: 'You left the payment page without paying. Nothing was charged.',
    failed:
      'The payment did not go through. Nothing was charged. Buy again, with another card if need be.',
  },
  planTitle: 'Monthly plan',
  planText: 'Talk time that comes again every month.',
  planNone: 'No plan',
  planOf: (price: string, time: string) => `${price} a month for ${time}`,
  planRenews: (day: string) => `Renews on ${day}.`,
  planEnds: (day: string) => `Ends on ${day}. Talk time stays.`,
  planPastDue: 'The last payment failed. Open the payment page to change the card.',
  planBegin: 'Subscribe',
  planChange: 'Change to this',
  planChangeTitle: (name: string) => `Change to ${name}?`,
  planChangeText: 'The difference is settled for the rest of this month.',
  planCancel: 'Cancel the plan',
  planCancelTitle: 'Cancel the plan?',
  planCancelText: 'It runs until the end of the month that is paid. Talk time stays.',
  planResume: 'Keep the plan',
  planCurrent: 'Your plan',
  planSaved: 'The plan is changed.',
  portal: 'Cards and invoices',
  autoTitle: 'Automatic top-up',
  autoText: 'Buys talk time with the card you used last, before it runs out.',
  autoOn: 'Buy automatically',
  autoBelow: 'When less is left than',
  autoBelowHint: 'Minutes.',
  autoPackage: 'Buy',
  autoSaved: 'Automatic top-up is saved.',
  autoFailed: 'It was switched off after a payment failed',
  autoFailedBecause: (reason: string) =>
    autoFailures[reason] ??
    'The card was refused. Buy talk time once with a card that works, then switch it on again.',
  autoNeedsCard: 'Buy talk time once with a card: automatic top-ups use the same.',
  usageTitle: 'Used by day',
  usageCalls: 'Calls',
  usageChat: 'Chat',
  usageNone: 'Nothing used in the last thirty days',
  usageNoneHint: 'Each day with calls gets a bar here.',
  day: 'Day',
  calls: 'Calls',
  minutes: 'Minutes',
  exportCsv: 'Export',
  kinds: {
    topup: 'Talk time bought',
    refund: 'Refunded',
    dispute: 'Disputed payment',
    reinstate: 'Dispute won',
    call: 'Call',
    adjust: 'Adjustment',
    chat: 'Chat',
  } as Readonly<Record<string, string>>,
  statementNone: 'Nothing yet',
  statementNoneHint: 'Every call and every purchase is listed here, with what was left after it.',
  when: 'When',
  what: 'What',
  seconds: 'Time',
  after: 'Left after',
  receiptsNone: 'No receipts yet',
  receiptsNoneHint: 'Each payment has its receipt here.',
  receipt: 'Receipt',
  invoice: 'Invoice',
  pdf: 'PDF',
  amount: 'Amount',
  state: 'State',
  refunded: (amount: string) => `${amount} refunded`,
  orders: 'Orders',
  orderStates: {
    open: 'Not finished',
    processing: 'On its way',
    paid: 'Paid',
    failed: 'Failed',
    expired: 'Given up',
    mismatch: 'Being checked',
  } as Readonly<Record<string, string>>,
};
