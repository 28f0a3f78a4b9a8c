// Money that moves while somebody talks: bought in the last seconds, taken back, the client deleted, the process ending.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { startStripe } from '../../sandbox/vendors/stripe/stripe.ts';
import { startCheckout } from '../../src/billing/payments/checkout.ts';
import { openStripe } from '../../src/billing/payments/stripe.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { deleteClient } from '../../src/store/clients/owned-clients.ts';
import { stockSentences } from '../../src/reception/stored-speech/stock-sentences.ts';
import {
  assertBilled,
  assertSound,
  eventually,
  finished,
  greeted,
} from '../support/product/after-call.ts';
import { booksOf, STRIPE_KEY, WEBHOOK_SECRET } from '../support/product/billing.ts';
import { testDatabase } from '../support/database/database.ts';
import { startTestFrontdesk } from '../support/product/frontdesk.ts';
import type { TestFrontdesk, TestFrontdeskOptions } from '../support/product/frontdesk.ts';
import { addPackage } from '../support/product/packages.ts';

/** Beats and quotas of seconds, so that a test need not last minutes. */
const quick = {
  startSecondsMin: 1,
  headroomSeconds: 4,
  beatMs: 1000,
  beatJitterMs: 100,
  wrapUpMs: 3000,
};
/** A busy machine is later than the 500 ms of the promise. */
const LATE_SECONDS = 3;

async function startWithStripe(t: TestContext, options: TestFrontdeskOptions) {
  const stripe = await startStripe({ key: STRIPE_KEY, webhookSecret: WEBHOOK_SECRET });
  t.after(() => stripe.close());
  const env = {
    STRIPE_SECRET_KEY: STRIPE_KEY,
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    STRIPE_BASE_URL: stripe.url,
  };
  const f = await startTestFrontdesk(t, { timers: { meter: quick }, env, ...options });
  stripe.messenger.url = `${f.publicUrl}/api/stripe/webhook`;
  const settings = { key: STRIPE_KEY, webhookSecret: WEBHOOK_SECRET, url: stripe.url };
  const till = await openStripe(settings, systemClock);
  const sql = f.database.general;
  const { id: clientId } = f.client;
  const [{ owner }] = await sql<
    [{ owner: string }]
  >`SELECT owner_id AS owner FROM clients WHERE id = ${clientId}`;
  return {
    f,
    stripe,
    /** Paid, and the payment's name. */
    buy: async (seconds: number): Promise<string> => {
      const sold = await addPackage(sql, { kind: 'top_up', name: 'x', amount: 1000, seconds });
      const parts = { sql, clock: systemClock, till, publicUrl: f.publicUrl };
      const { url } = await startCheckout(parts, {
        clientId,
        clientName: 'x',
        packageId: sold.id,
        kind: 'top_up',
        userId: owner,
        saveMethod: false,
        returnPath: '/',
      });
      const session = stripe.books.pay(url.split('/').at(-1)!);
      await stripe.messenger.idle();
      return session.payment_intent!;
    },
  };
}

/** Seconds that running calls have reported. */
async function used(f: TestFrontdesk, seconds: number): Promise<void> {
  await eventually(`${seconds} s used`, async () => {
    const [row] = await f.database.general<[{ used: number | null }]>`
      SELECT sum(used_seconds)::int AS used FROM call_leases WHERE client_id = ${f.client.id} AND state = 'active'`;
    return (row.used ?? 0) >= seconds || undefined;
  });
}

describe('money that moves in a call', { concurrency: 6 }, () => {
  test('talk time bought in the last seconds: the call goes on as if nothing had been', async (t) => {
    const { f, buy } = await startWithStripe(t, { client: { seconds: 13 } });
    const call = f.call();
    await greeted(call);
    await used(f, 4);
    await buy(3600);
    await used(f, 13 + LATE_SECONDS);
    call.hangUp();
    const record = await finished(f, call);
    assert.equal(record.conversation.endReason, 'caller');
    assert.equal(record.leases.length, 1);
    assert.equal(record.leases[0]!.overrunSeconds, 0);
    assertBilled(record, record.summary.connectedMs);
    assert.ok(record.billed >= 13 + LATE_SECONDS);
    const wrapUp = stockSentences.wrapUp.slice(0, 20);
    assert.ok(!record.utterances.some(({ content }) => content.startsWith(wrapUp)));
    await assertSound(f);
  });

  test('a refund of what is being talked away: what was granted is kept, then it ends, and a debt remains', async (t) => {
    const { f, stripe, buy } = await startWithStripe(t, { client: { seconds: 0 } });
    const sql = f.database.general;
    const intent = await buy(3600);
    const call = f.call();
    await greeted(call);
    await used(f, 2);
    stripe.books.refund(intent);
    await stripe.messenger.idle();
    const during = await booksOf(sql, f.client.id);
    assert.equal(during.debt, during.balance, 'what was granted stays, and is owed');
    assert.ok(during.balance <= 2 + quick.headroomSeconds + LATE_SECONDS, 'the rest is gone');
    const refused = f.call();
    assert.equal((await refused.ended).streams, 0, 'nobody new is let in');
    const record = await finished(f, call);
    assert.equal(record.conversation.endReason, 'credit');
    const after = await booksOf(sql, f.client.id);
    assert.deepEqual([after.balance, after.debt], [0, record.billed]);
    assert.ok(record.billed <= 2 + quick.headroomSeconds + LATE_SECONDS);
    await buy(3600);
    const paid = await booksOf(sql, f.client.id);
    assert.deepEqual([paid.balance, paid.debt], [3600 - record.billed, 0]);
    await assertSound(f);
  });

  test('a client deleted in a call: the call is finished and charged, and nobody calls again', async (t) => {
    const f = await startTestFrontdesk(t, { timers: { meter: quick } });
    const call = f.call();
    await greeted(call);
    await used(f, 1);
    assert.ok(await deleteClient(f.database.general, { ownerId: undefined }, f.client.id));
    await used(f, 3);
    call.hangUp();
    const record = await finished(f, call);
    assertBilled(record, record.summary.connectedMs);
    assert.equal((await f.call().ended).streams, 0);
    const [row] = await f.database.general`
      SELECT reserved_seconds AS reserved FROM clients WHERE id = ${f.client.id}`;
    assert.equal(row!['reserved'], 0);
  });

  test('the process ends while the credit ends: charged once, nothing left over', async (t) => {
    const f = await startTestFrontdesk(t, { client: { seconds: 10 }, timers: { meter: quick } });
    const call = f.call();
    await used(f, 2);
    const drained = f.frontdesk.drain(15_000);
    const summary = await call.ended;
    await drained;
    const [row] = await f.database.general<
      [{ billed: number; reserved: number; balance: number; live: number }]
    >`
      SELECT reserved_seconds::int AS reserved, balance_seconds::int AS balance,
        (SELECT sum(billed_seconds)::int FROM call_leases WHERE client_id = c.id) AS billed,
        (SELECT count(*)::int FROM call_leases WHERE client_id = c.id AND state = 'active') AS live
      FROM clients c WHERE id = ${f.client.id}`;
    assert.deepEqual([row.reserved, row.live], [0, 0]);
    assert.equal(row.balance, 10 - row.billed);
    assert.ok(row.billed <= Math.ceil(summary.connectedMs / 1000));
    assert.ok(row.billed >= 2);
  });

  test('a wall clock that jumps an hour ahead and two back: the seconds of the line are charged', async (t) => {
    let offsetMs = 0;
    const clock = { ...systemClock, now: () => systemClock.now() + offsetMs };
    const f = await startTestFrontdesk(t, { timers: { meter: quick }, clock });
    const call = f.call();
    await greeted(call);
    await used(f, 1);
    offsetMs = 3_600_000;
    await used(f, 3);
    offsetMs = -7_200_000;
    await used(f, 5);
    call.hangUp();
    const record = await finished(f, call);
    assert.equal(record.leases.length, 1);
    assertBilled(record, record.summary.connectedMs);
    offsetMs = 0;
    await assertSound(f);
  });

  test('two processes, two callers, ten seconds of credit: ten seconds are sold', async (t) => {
    const options = { timers: { meter: quick }, client: { seconds: 10 } };
    const { connection } = await testDatabase(t);
    const a = await startTestFrontdesk(t, { ...options, connection });
    const b = await startTestFrontdesk(t, { ...options, connection });
    const to = a.client.number;
    const calls = [a.call({ to }), b.call({ to })];
    const summaries = await Promise.all(calls.map((call) => call.ended));
    const row = await eventually('both are charged', async () => {
      const [now] = await a.database.general<
        [{ billed: number; balance: number; live: number; sides: number }]
      >`
        SELECT balance_seconds::int AS balance,
          (SELECT coalesce(sum(billed_seconds), 0)::int FROM call_leases WHERE client_id = c.id) AS billed,
          (SELECT count(*)::int FROM call_leases WHERE client_id = c.id AND state = 'active') AS live,
          (SELECT count(DISTINCT owner)::int FROM call_leases WHERE client_id = c.id) AS sides
        FROM clients c WHERE id = ${a.client.id}`;
      return now.live === 0 ? now : undefined;
    });
    assert.deepEqual([row.billed, row.balance], [10, 0]);
    assert.equal(row.sides, 2, 'one call on each');
    const connected = summaries.reduce((sum, { connectedMs }) => sum + connectedMs, 0);
    assert.ok(connected <= (10 + 2 * LATE_SECONDS) * 1000, `${connected} ms were served`);
  });
});
