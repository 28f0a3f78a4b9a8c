// What is sold: everybody reads it, administrators set it, and what was ordered keeps its terms.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBillingApi } from '../../../support/product/billing.ts';

test('administrators sell, change and withdraw packages; orders keep their price', async (t) => {
  const b = await startBillingApi(t);
  const admin = b.as(await b.user({ role: 'admin' }));
  const path = '/api/billing/packages';
  const names = async (who = b.mine) => (await who.get(path)).json.map(({ name }: any) => name);
  assert.deepEqual(await names(), ['1 hour', 'Starter']);
  const added = { kind: 'top_up', name: '5 hours', currency: 'usd', amount: 4000, seconds: 18_000 };
  assert.equal((await b.mine.post(path, added)).status, 403);
  const made = await admin.post(path, added);
  assert.equal(made.status, 201, made.text);
  assert.deepEqual(await names(), ['1 hour', '5 hours', 'Starter']);
  for (const [field, value] of Object.entries({
    amount: 0,
    seconds: 1.5,
    currency: 'USD',
    kind: 'x',
    price: 1,
  })) {
    const refused = await admin.post(path, { ...added, [field]: value });
    assert.equal(refused.status, 400);
    assert.ok(field in refused.json, field);
  }
  const { orderId } = await b.buy();
  assert.equal((await b.mine.patch(`${path}/${b.topUp.id}`, { amount: 1 })).status, 404);
  assert.equal((await admin.patch(`${path}/${b.topUp.id}`, { kind: 'plan' })).status, 400);
  const changed = await admin.patch(`${path}/${b.topUp.id}`, { amount: 2000, is_active: false });
  assert.deepEqual([changed.json.amount, changed.json.is_active], [2000, false]);
  assert.deepEqual(await names(), ['5 hours', 'Starter']);
  assert.deepEqual(await names(admin), ['1 hour', '5 hours', 'Starter']);
  const order = (await b.mine.get(`/api/clients/${b.clientId}/top-ups/${orderId}`)).json;
  assert.equal(order.amount, 1000);
  await assert.rejects(
    b.database.general`UPDATE orders SET amount = 1 WHERE id = ${orderId}`.execute(),
    { code: '55000' },
  );
});
