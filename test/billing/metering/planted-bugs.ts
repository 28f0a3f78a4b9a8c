// Bugs that were made, or might be: each replaces one piece of one metering function.

export interface PlantedBug {
  readonly name: string;
  /** The function. */
  readonly in: string;
  readonly replace: string | RegExp;
  readonly by: string;
}

export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'a posting that was posted before moves seconds again',
    in: 'meter_post',
    replace: /IF NOT FOUND THEN\s+PERFORM[\s\S]*?END IF;/,
    by: '',
  },
  {
    name: 'admission reserves nothing',
    in: 'meter_admit',
    replace: 'SET reserved_seconds = reserved_seconds + granted',
    by: 'SET reserved_seconds = reserved_seconds',
  },
  {
    name: 'renewal reserves nothing',
    in: 'meter_extend',
    replace: 'UPDATE clients SET reserved_seconds = reserved_seconds + more WHERE id = p_client;',
    by: '',
  },
  {
    name: 'a refund takes what running calls were promised',
    in: 'meter_post',
    replace: 'LEAST(-p_delta, c.balance_seconds - c.reserved_seconds)',
    by: 'LEAST(-p_delta, c.balance_seconds)',
  },
  {
    name: 'a refund of spent seconds is forgotten',
    in: 'meter_post',
    replace: 'debt_seconds = debt_seconds + (-p_delta - take)',
    by: 'debt_seconds = debt_seconds',
  },
  {
    name: 'a top-up does not pay the debt',
    in: 'meter_post',
    replace: 'take := LEAST(c.debt_seconds, p_delta);',
    by: 'take := 0;',
  },
  {
    name: 'beats go backwards',
    in: 'meter_beat',
    replace: 'GREATEST(p_used, l.used_seconds + l.overrun_seconds)',
    by: 'p_used',
  },
  {
    name: 'a beat of a settled lease counts',
    in: 'meter_beat',
    replace: "IF l.state <> 'active' OR l.epoch <> p_epoch THEN",
    by: 'IF false THEN',
  },
  {
    name: 'a settled lease is settled again',
    in: 'meter_settle',
    replace: "IF l.state = 'settled' THEN",
    by: 'IF false THEN',
  },
  {
    name: 'a settlement keeps the reservation',
    in: 'meter_close',
    replace: 'reserved_seconds = reserved_seconds - quota',
    by: 'reserved_seconds = reserved_seconds',
  },
  {
    name: 'a settlement is not limited by the grant',
    in: 'meter_close',
    replace: 'bill := LEAST(asked, quota);',
    by: 'bill := asked;',
  },
  {
    name: 'a settlement does not ask for the rest of the credit',
    in: 'meter_close',
    replace: 'meter_extend(l.id, l.client_id, asked)',
    by: 'meter_extend(l.id, l.client_id, 0)',
  },
  {
    name: 'overrun is not recorded',
    in: 'meter_close',
    replace: 'overrun_seconds = asked - bill',
    by: 'overrun_seconds = 0',
  },
  {
    name: 'an orphan is not charged',
    in: 'meter_close',
    replace: 'GREATEST(p_used, l.used_seconds + l.overrun_seconds)',
    by: 'p_used',
  },
  {
    name: 'what was given back does not pay the debt',
    in: 'meter_close',
    replace: /- LEAST\(debt_seconds, quota - bill\)/g,
    by: '- 0',
  },
  {
    name: 'the next segment is charged from the start of the stream',
    in: 'meter_admit',
    replace: 'SELECT COALESCE(sum(billed_seconds), 0) INTO already_billed',
    by: 'SELECT 0 INTO already_billed',
  },
  {
    name: 'an older stream of the call goes on',
    in: 'meter_admit',
    replace: "PERFORM meter_close(l, 0, 'superseded');",
    by: 'NULL;',
  },
  {
    name: 'a superseded stream comes back',
    in: 'meter_admit',
    replace: "IF l.reason <> 'orphan' THEN",
    by: 'IF false THEN',
  },
  {
    name: 'an orphan takes the call back from its newer stream',
    in: 'meter_admit',
    replace: /IF FOUND THEN status := 'ended'; RETURN; END IF;/,
    by: '',
  },
  {
    name: 'any number of calls at once',
    in: 'meter_admit',
    replace: 'IF live >= c.concurrency_max THEN',
    by: 'IF false THEN',
  },
  {
    name: 'a client that was switched off is let in',
    in: 'meter_admit',
    replace: 'NOT c.is_active OR',
    by: '',
  },
  {
    name: 'too little credit is let in',
    in: 'meter_admit',
    replace: 'granted < p_min',
    by: 'granted < 1',
  },
  {
    name: 'renewal stops short',
    in: 'meter_beat',
    replace: 'asked + p_headroom',
    by: 'asked + p_headroom - 1',
  },
  {
    name: 'a payment is posted anew with each message',
    in: 'pay_apply',
    replace: 'change := want - p.applied_seconds;',
    by: 'change := want;',
  },
  {
    name: 'a refund that failed is taken all the same',
    in: 'pay_apply',
    replace: 'AND NOT failed',
    by: '',
  },
  {
    name: 'a dispute that was won stays lost',
    in: 'pay_apply',
    replace: 'withdrawals > reinstatements',
    by: 'withdrawals > 0',
  },
  {
    name: 'a part of a refund is rounded for the house',
    in: 'pay_apply',
    replace: 'p.seconds - (LEAST(gone, p.amount) * p.seconds) / p.amount',
    by: '((p.amount - LEAST(gone, p.amount)) * p.seconds) / p.amount',
  },
  {
    name: 'more money goes back than came',
    in: 'pay_apply',
    replace: 'LEAST(gone, p.amount)',
    by: 'gone',
  },
  {
    name: 'an older message revives a refund that failed',
    in: 'pay_refund',
    replace: 'r.failed OR excluded.failed',
    by: 'excluded.failed',
  },
  {
    name: 'an older message makes a dispute as it was',
    in: 'pay_dispute',
    replace: 'GREATEST(d.withdrawals, excluded.withdrawals)',
    by: 'excluded.withdrawals',
  },
  {
    name: 'an older message takes back what was given back',
    in: 'pay_dispute',
    replace: 'GREATEST(d.reinstatements, excluded.reinstatements)',
    by: 'excluded.reinstatements',
  },
  {
    name: 'a refund before its payment is forgotten',
    in: 'pay_refund',
    replace: 'PERFORM pay_lock(p_pi);',
    by: 'PERFORM pay_lock(p_pi); IF (SELECT seconds IS NULL FROM payments WHERE payment_intent = p_pi) THEN RETURN 0; END IF;',
  },
  {
    name: 'one cent buys what was ordered',
    in: 'pay_paid',
    replace: 'OR terms.amount IS DISTINCT FROM p_amount',
    by: '',
  },
  {
    name: 'any currency will do',
    in: 'pay_paid',
    replace: 'OR terms.currency IS DISTINCT FROM p_currency',
    by: '',
  },
  {
    name: 'the order of somebody else is paid',
    in: 'pay_paid',
    replace: 'terms.client_id IS DISTINCT FROM p_client',
    by: 'false',
  },
];
