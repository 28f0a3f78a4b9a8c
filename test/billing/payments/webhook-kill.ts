// Kills processes while they take Stripe's messages, and checks that nothing was lost and nothing counted twice.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startStripe } from '../../../sandbox/vendors/stripe/stripe.ts';
import { audit } from '../../../src/billing/metering/audit.ts';
import { startCheckout } from '../../../src/billing/payments/checkout.ts';
import { openStripe } from '../../../src/billing/payments/stripe.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { booksOf, STRIPE_KEY, WEBHOOK_SECRET } from '../../support/product/billing.ts';
import { runArguments } from '../../support/database/database-server.ts';
import { testDatabase } from '../../support/database/database.ts';
import { freePort } from '../../support/free-port.ts';
import { addPackage } from '../../support/product/packages.ts';
import { clientWithCredit } from '../metering/meter-fixture.ts';

const program = fileURLToPath(new URL('./webhook-process.ts', import.meta.url));
/** Payments whose messages are under way when the process dies. */
const PAYMENTS_PER_ROUND = 4;
/** Long enough for the first messages to be committed and not yet answered. */
const KILL_AFTER_MS_MAX = 60;
const RETRY_MS = 20;
const SECONDS = 3600;
const REFUNDED = 250;

/** Starts and kills a process `rounds` times while messages come; what is left is taken by the last one. */
export async function killWebhooksOften(t: TestContext, rounds: number): Promise<void> {
  const { connection, database } = await testDatabase(t);
  const sql = database.general;
  const port = await freePort();
  const stripe = await startStripe({
    key: STRIPE_KEY,
    webhookSecret: WEBHOOK_SECRET,
    webhookUrl: `http://127.0.0.1:${port}/api/stripe/webhook`,
    webhookRetryMs: RETRY_MS,
  });
  t.after(() => stripe.close());
  const settings = { key: STRIPE_KEY, webhookSecret: WEBHOOK_SECRET, url: stripe.url };
  const till = await openStripe(settings, systemClock);
  // Its owner has the same id.
  const clientId = await clientWithCredit(sql, 0);
  const sold = await addPackage(sql, {
    kind: 'top_up',
    name: '1 hour',
    amount: 1000,
    seconds: SECONDS,
  });
  const parts = { sql, clock: systemClock, till, publicUrl: 'http://127.0.0.1' };
  const buy = async () => {
    const purchase = {
      clientId,
      clientName: 'x',
      packageId: sold.id,
      kind: 'top_up',
      userId: clientId,
    } as const;
    const { url } = await startCheckout(parts, { ...purchase, saveMethod: false, returnPath: '/' });
    return url.split('/').at(-1)!;
  };

  let child: ChildProcess | undefined;
  t.after(() => child?.kill('SIGKILL'));
  const start = async () => {
    const args = [...runArguments, program, connection, String(port), stripe.url];
    child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout!, 'data');
    return child;
  };
  let payments = 0;
  for (let round = 0; round < rounds; round += 1) {
    const sessions = await Promise.all(Array.from({ length: PAYMENTS_PER_ROUND }, buy));
    const running = await start();
    for (const session of sessions) {
      const intent = stripe.books.pay(session).payment_intent!;
      stripe.books.refund(intent, REFUNDED);
      payments += 1;
    }
    await systemClock.sleep(Math.random() * KILL_AFTER_MS_MAX);
    const exited = once(running, 'exit');
    running.kill('SIGKILL');
    await exited;
    assert.deepEqual(
      [...(await audit({ sql, log: quietLog }))],
      [],
      'the books disagree after a kill',
    );
  }
  await start();
  await stripe.messenger.idle();
  const { balance, entries } = await booksOf(sql, clientId);
  assert.equal(balance, payments * (SECONDS - (SECONDS * REFUNDED) / 1000));
  const gained = entries.reduce((sum, [, seconds]) => sum + Math.max(0, seconds), 0);
  assert.ok(gained <= payments * SECONDS, 'something was credited twice');
  const [row] = await sql<[{ waiting: number; applied: number }]>`
    SELECT (SELECT count(*) FROM orders WHERE state <> 'paid') AS waiting,
      (SELECT count(*) FROM stripe_events WHERE outcome = 'applied') AS applied`;
  assert.equal(row.waiting, 0);
  assert.ok(row.applied >= payments * 3);
}
