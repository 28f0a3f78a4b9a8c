// What an owner sees of their balance: live, entry by entry, by day and month, and as tables.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adjustBalance } from '../../../../src/billing/metering/adjust.ts';
import { systemClock } from '../../../../src/lib/clock.ts';
import { newId } from '../../../../src/lib/ids.ts';
import { openConversation } from '../../../../src/store/conversations/conversations.ts';
import { admitLease, beatLease, settleLease } from '../../../../src/store/money/leases.ts';
import { startBillingApi } from '../../../support/product/billing.ts';
import type { BillingApi } from '../../../support/product/billing.ts';

const terms = { headroomSeconds: 15, leaseSeconds: 600 };

async function call(b: BillingApi, callerPhone: string | null = null) {
  const sql = b.database.general;
  const leaseId = newId(systemClock.now());
  const who = { leaseId, clientId: b.clientId, callSid: leaseId, streamSid: leaseId };
  const admitted = await admitLease(sql, { ...who, owner: 'test', secondsMin: 1, ...terms });
  assert.equal(admitted.status, 'ok');
  const id = newId(systemClock.now());
  const parts = { id, clientId: b.clientId, callSid: leaseId, callerPhone };
  await openConversation(sql, { ...parts, disclosureVersion: null, owner: 'test' });
  return {
    conversationId: id,
    beat: (usedSeconds: number) => beatLease(sql, { leaseId, epoch: 1, usedSeconds, ...terms }),
    settle: (usedSeconds: number) =>
      settleLease(sql, { leaseId, epoch: 1, usedSeconds, reason: 'stop' }),
  };
}

const adjust = (b: BillingApi, deltaSeconds: number, reason: string) =>
  adjustBalance(b.database.general, {
    clientId: b.clientId,
    deltaSeconds,
    reason,
    by: 'test',
    idemKey: newId(systemClock.now()),
  });

test('the live balance falls while a call runs, and says when it is low', async (t) => {
  const b = await startBillingApi(t);
  const path = `/api/clients/${b.clientId}/balance`;
  const balance = async () => (await b.mine.get(path)).json;
  await adjust(b, 100, 'A gift.');
  const low = async () => [(await balance()).low_below_seconds, (await balance()).low];
  assert.deepEqual(await low(), [600, true], 'without a word of the owner');
  await b.mine.patch(`/api/clients/${b.clientId}`, { alert_below_seconds: 0 });
  assert.deepEqual(await low(), [null, false]);
  const today = async () => (await b.mine.get('/api/overview')).json.clients[0].low;
  assert.equal(await today(), false);
  await b.mine.patch(`/api/clients/${b.clientId}`, { alert_below_seconds: 101 });
  assert.deepEqual([await low(), await today()], [[101, true], true]);
  await b.mine.patch(`/api/clients/${b.clientId}`, { alert_below_seconds: 60 });
  const running = await call(b);
  await running.beat(30);
  const now = await balance();
  assert.deepEqual(
    [now.balance_seconds, now.settled_seconds, now.free_seconds, now.running_calls, now.low],
    [70, 100, 55, 1, false],
  );
  await running.beat(45);
  assert.deepEqual([(await balance()).balance_seconds, (await balance()).low], [55, true]);
  await running.settle(45);
  await adjust(b, -100, 'Taken back.');
  const owing = await balance();
  assert.deepEqual(
    [owing.balance_seconds, owing.debt_seconds, owing.running_calls, owing.suspended],
    [0, 45, 0, false],
  );
});

test('the statement: every entry with its balance, calls and payments linked, page by page', async (t) => {
  const b = await startBillingApi(t);
  const path = `/api/clients/${b.clientId}/ledger`;
  const { orderId, sessionId } = await b.buy();
  b.stripe.books.pay(sessionId);
  await b.settled();
  const { conversationId, settle } = await call(b, '+14155550111');
  await settle(61);
  const { payment_intent: intent } = b.stripe.books.sessions.get(sessionId)!;
  b.stripe.books.refund(intent!, 500);
  await b.settled();
  await adjust(b, -2000, '=HYPERLINK("http://evil.example")');
  const rows = (await b.mine.get(path)).json;
  assert.deepEqual(
    rows.map(({ kind, seconds, balance_after: after }: any) => [kind, seconds, after]),
    [
      ['adjust', -2000, -261],
      ['refund', -1800, 1739],
      ['call', -61, 3539],
      ['topup', 3600, 3600],
    ],
  );
  assert.deepEqual(rows[2].call, {
    conversation_id: conversationId,
    caller_phone: '+14155550111',
    channel: 'phone',
  });
  const payment = { order_id: orderId, order_kind: 'top_up', package_name: '1 hour' };
  assert.deepEqual(rows[3].payment, { ...payment, amount: 1000, currency: 'usd' });
  assert.equal(rows[1].payment.order_id, orderId);

  const read = [];
  let next: string | undefined = `${path}?limit=3`;
  while (next !== undefined) {
    const page = await b.mine.get(next);
    read.push(...page.json);
    next = /<(.+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
  }
  assert.deepEqual(read, rows, 'pages are the same entries with the same balances');

  const csv = await b.mine.get(`${path}.csv`);
  assert.equal(csv.headers.get('content-type'), 'text/csv; charset=utf-8');
  const lines = csv.text.trimEnd().split('\r\n');
  assert.equal(lines.length, 5);
  assert.match(lines[1]!, /,topup,3600,3600,1 hour,,.*,1000,usd$/);
  assert.match(lines[2]!, /,call,-61,3539,'\+14155550111,/);
  assert.match(lines[4]!, /,adjust,-2000,-261,"'=HYPERLINK\(/);
  const later = await b.mine.get(`${path}.csv?from=2999-01-01`);
  assert.equal(later.text.trimEnd().split('\r\n').length, 1);
  assert.equal((await b.mine.get(`${path}.csv?from=yesterday`)).status, 400);
  assert.equal((await b.mine.get(`${path}?before=0`)).status, 400);
});

test('a table from a day on begins with the balance of that day', async (t) => {
  const b = await startBillingApi(t);
  await adjust(b, 100, 'Before.');
  const [{ at }] = await b.database.general<[{ at: Date }]>`SELECT clock_timestamp() AS at`;
  await adjust(b, 10, 'After.');
  const from = encodeURIComponent(at.toISOString());
  const { text } = await b.mine.get(`/api/clients/${b.clientId}/ledger.csv?from=${from}`);
  assert.match(text.split('\r\n').at(-2)!, /,adjust,10,110,After\./);
});

test('usage by day and month, in the zone of the client', async (t) => {
  const b = await startBillingApi(t);
  await b.mine.patch(`/api/clients/${b.clientId}`, { zone: 'America/New_York' });
  const { sessionId } = await b.buy();
  b.stripe.books.pay(sessionId);
  await b.settled();
  for (const seconds of [10, 20]) await (await call(b)).settle(seconds);
  await adjust(b, 5, 'A gift.');
  const today = Temporal.Instant.fromEpochMilliseconds(systemClock.now())
    .toZonedDateTimeISO('America/New_York')
    .toPlainDate();
  const path = `/api/clients/${b.clientId}/usage`;
  const range = (days: number) =>
    `from=${today.subtract({ days }).toString()}&until=${today.toString()}`;
  const days = (await b.mine.get(`${path}?${range(2)}`)).json;
  assert.equal(days.length, 3);
  const expected = {
    date: today.toString(),
    calls: 2,
    call_seconds: 30,
    chat_seconds: 0,
    bought_seconds: 3600,
    adjusted_seconds: 5,
  };
  assert.deepEqual(days[2], expected);
  assert.deepEqual([days[0].calls, days[0].call_seconds], [0, 0]);
  const months = (await b.mine.get(`${path}?by=month&${range(0)}`)).json;
  assert.deepEqual(months, [{ ...expected, date: today.with({ day: 1 }).toString() }]);
  const csv = await b.mine.get(`${path}.csv?${range(0)}`);
  assert.equal(
    csv.text,
    `${Object.keys(expected).join(',')}\r\n${Object.values(expected).join(',')}\r\n`,
  );
  for (const bad of [
    'from=2026-02-30&until=2026-03-01',
    'from=2026-03-01&until=2026-02-01',
    'from=2026-01-01&until=2026-06-01',
  ]) {
    assert.equal((await b.mine.get(`${path}?${bad}`)).status, 400, bad);
  }
});
