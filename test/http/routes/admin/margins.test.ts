// What a call cost us, by vendor, and what it brought in: only administrators see it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../../src/lib/clock.ts';
import { newId } from '../../../../src/lib/ids.ts';
import { costsOfTurn } from '../../../../src/reception/records/prices.ts';
import { openConversation, saveTurn } from '../../../../src/store/conversations/conversations.ts';
import { admitLease, settleLease } from '../../../../src/store/money/leases.ts';
import { startBillingApi } from '../../../support/product/billing.ts';
import { turnRow } from '../../../support/product/business.ts';

const choice = { llmModel: 'openai/gpt-4o-mini', sttModel: 'nova-2', ttsProvider: 'cartesia' };

test('a call of a minute: vendors, carrier, revenue and margin', async (t) => {
  const b = await startBillingApi(t);
  const sql = b.database.general;
  b.stripe.books.pay((await b.buy()).sessionId);
  await b.settled();
  const leaseId = newId(systemClock.now());
  const { clientId } = b;
  const who = { leaseId, clientId, callSid: leaseId, streamSid: leaseId, owner: 'test' };
  const terms = { headroomSeconds: 60, leaseSeconds: 600 };
  await admitLease(sql, { ...who, ...terms, secondsMin: 1 });
  const id = newId(systemClock.now());
  const call = { id, clientId, callSid: leaseId, callerPhone: null, disclosureVersion: null };
  await openConversation(sql, { ...call, owner: 'test' });
  const usage = { inputTokens: 1000, outputTokens: 100, characters: 200 };
  const costs = costsOfTurn(usage, 30_000, choice, systemClock.now());
  for (const number of [0, 1, 1]) await saveTurn(sql, id, { ...turnRow(number, 'x', 1), costs });
  await settleLease(sql, { leaseId, epoch: 1, usedSeconds: 60, reason: 'stop' });

  const admin = b.as(await b.user({ role: 'admin' }));
  const answer = await admin.get(`/api/conversations/${id}/costs`);
  assert.equal(answer.status, 200, answer.text);
  const expected = {
    costs: [
      { vendor: 'cartesia', unit: 'characters', quantity: 400, microdollars: 15_200 },
      { vendor: 'nova-2', unit: 'milliseconds', quantity: 60_000, microdollars: 5800 },
      { vendor: 'openai/gpt-4o-mini', unit: 'input_tokens', quantity: 2000, microdollars: 300 },
      { vendor: 'openai/gpt-4o-mini', unit: 'output_tokens', quantity: 200, microdollars: 120 },
      { vendor: 'twilio', unit: 'milliseconds', quantity: 60_000, microdollars: 12_500 },
    ],
    cost_microdollars: 33_920,
    // Ten dollars bought an hour.
    revenue_microdollars: 166_667,
    margin_microdollars: 132_747,
  };
  assert.deepEqual(answer.json, {
    conversation_id: id,
    client_id: clientId,
    billed_seconds: 60,
    ...expected,
  });
  const today = new Date(systemClock.now()).toISOString().slice(0, 10);
  const path = `/api/billing/margins?from=${today}&until=${today}`;
  const named = { client_id: clientId, client_name: 'Acme', calls: 1, used_seconds: 60 };
  assert.deepEqual((await admin.get(path)).json, [{ ...named, ...expected }]);
  assert.deepEqual(
    (await admin.get('/api/billing/margins?from=2025-01-01&until=2025-01-02')).json,
    [],
  );
  assert.equal(
    (await admin.get('/api/billing/margins?from=2025-01-01&until=2024-01-02')).status,
    400,
  );
  // A call that is deleted was paid for all the same.
  await sql`DELETE FROM conversations WHERE id = ${id}`;
  const after = (await admin.get(path)).json[0];
  assert.equal(after.costs.length, 4);
  assert.equal((await admin.get(`/api/conversations/${id}/costs`)).status, 404);
  for (const to of [path, `/api/conversations/${id}/costs`]) {
    assert.ok([403, 404].includes((await b.mine.get(to)).status));
  }
});

test('without a payment in dollars there is no revenue to speak of', async (t) => {
  const b = await startBillingApi(t);
  const sql = b.database.general;
  await sql`SELECT meter_post(${b.clientId}, 'adjust', 100, 'gift', '{}')`;
  const leaseId = newId(systemClock.now());
  const who = {
    leaseId,
    clientId: b.clientId,
    callSid: leaseId,
    streamSid: leaseId,
    owner: 'test',
  };
  await admitLease(sql, { ...who, headroomSeconds: 60, leaseSeconds: 600, secondsMin: 1 });
  await settleLease(sql, { leaseId, epoch: 1, usedSeconds: 60, reason: 'stop' });
  const admin = b.as(await b.user({ role: 'admin' }));
  const today = new Date(systemClock.now()).toISOString().slice(0, 10);
  const [client] = (await admin.get(`/api/billing/margins?from=${today}&until=${today}`)).json;
  assert.deepEqual(
    [client.used_seconds, client.revenue_microdollars, client.margin_microdollars],
    [60, null, null],
  );
});
