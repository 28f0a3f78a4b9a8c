// A process that erases what was deleted and looks after the money, until it is killed: `erasure-process.ts <database> <stripe url>`.

import { meterTimers } from '../../src/billing/metering/meter-timers.ts';
import { runMoneyRounds } from '../../src/billing/payments/money-rounds.ts';
import { openStripe } from '../../src/billing/payments/stripe.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { quietLog } from '../../src/lib/log.ts';
import { runErasures } from '../../src/start/erasures.ts';
import { openDatabase } from '../../src/store/database/sql.ts';
import { STRIPE_KEY, WEBHOOK_SECRET } from '../support/product/billing.ts';

const OFTEN_MS = 200;

const [connection, url] = process.argv.slice(2) as [string, string];
const parts = { clock: systemClock, log: quietLog };
const { general: sql } = openDatabase({ connection, ...parts });
const settings = { key: STRIPE_KEY, webhookSecret: WEBHOOK_SECRET, url };
const till = await openStripe(settings, systemClock);
const timers = { ...meterTimers, balanceMs: OFTEN_MS, reconcileMs: OFTEN_MS };
const { signal } = new AbortController();
await Promise.all([
  runErasures({ sql, ...parts, till, part: async () => {} }, signal),
  runMoneyRounds({ sql, ...parts, till, timers }, signal),
]);
