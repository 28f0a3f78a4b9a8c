// Whoever watches a call steps in, from a process that does not have it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { systemClock } from '../../../../src/lib/clock.ts';
import { quietLog } from '../../../../src/lib/log.ts';
import type { CallControl } from '../../../../src/pipeline/types.ts';
import { LiveEvents } from '../../../../src/reception/records/live-events.ts';
import { startTestApi } from '../../../support/product/api.ts';
import { startBusiness } from '../../../support/product/business.ts';
import { until } from '../../../support/until.ts';

async function start(t: TestContext) {
  const api = await startTestApi(t);
  const [owner, other] = [await api.user(), await api.user()];
  const business = await startBusiness(api, owner);
  const sql = api.database.general;
  const told: CallControl[] = [];
  /** The process that has the call. */
  const there = await LiveEvents.open({
    sql,
    clock: systemClock,
    log: quietLog,
    tell: (id, control) => id === business.call_id && told.push(control) > 0,
  });
  t.after(() => there[Symbol.asyncDispose]());
  const path = `/api/active-calls/${business.call_id}`;
  return { api, sql, owner, other, business, told, path, mine: api.as(owner) };
}

test('words of an owner reach the call, wherever it runs', async (t) => {
  const { mine, path, told } = await start(t);
  const said = await mine.post(`${path}/say`, { text: '  We close at noon — “sorry” 語.\n' });
  assert.deepEqual([said.status, said.json], [202, { message: 'It will be said' }]);
  const most = '語'.repeat(500);
  assert.equal((await mine.post(`${path}/say`, { text: most })).status, 202);
  await until('both are told', () => told.length === 2);
  assert.deepEqual(told, [
    { type: 'say', text: 'We close at noon — “sorry” 語.' },
    { type: 'say', text: most },
  ]);
});

test('what nobody can say is refused by its field', async (t) => {
  const { mine, path } = await start(t);
  for (const body of [{}, { text: '' }, { text: ' \n ' }, { text: 'x'.repeat(501) }, { text: 5 }]) {
    const refused = await mine.post(`${path}/say`, body);
    assert.equal(refused.status, 400, JSON.stringify(body));
    assert.ok(refused.json.text, refused.text);
  }
});

test('a caller is put through to a person of the client, and to nobody else', async (t) => {
  const { api, mine, other, path, business, told } = await start(t);
  const { target_id: target } = business;
  const put = (body: object) => mine.post(`${path}/put-through`, body);
  assert.equal((await put({ target_id: target })).status, 202);
  assert.equal((await put({})).status, 202);
  await until('both are told', () => told.length === 2);
  assert.deepEqual(told, [{ type: 'put-through', targetId: target }, { type: 'put-through' }]);
  const others = await startBusiness(api, other, { phone: '+14155550222' });
  assert.equal((await put({ target_id: others.target_id })).status, 404);
  const targets = `/api/clients/${business.client_id}/transfer-targets/${target}`;
  await mine.patch(targets, { is_active: false });
  const off = await put({ target_id: target });
  assert.deepEqual([off.status, off.json.detail], [409, 'This transfer target is switched off.']);
  const nobody = await put({});
  assert.equal(nobody.status, 409);
  assert.match(nobody.json.detail, /add a transfer target, or a fallback number/);
  await mine.patch(`/api/clients/${business.client_id}`, { fallback_number: '+12025550123' });
  assert.equal((await put({ target_id: null })).status, 202);
});

test('what is no telephone call is put through to nobody, and what does not run is unknown', async (t) => {
  const { sql, mine, path, business } = await start(t);
  await sql`UPDATE conversations SET channel = 'browser' WHERE id = ${business.call_id}`;
  const browser = await mine.post(`${path}/put-through`, { target_id: business.target_id });
  assert.equal(browser.status, 409);
  assert.equal(browser.json.detail, 'Only telephone calls can be put through.');
  const over = `/api/active-calls/${business.conversation_id}`;
  assert.equal((await mine.post(`${over}/say`, { text: 'Hello?' })).status, 404);
  assert.equal((await mine.post(`${over}/put-through`, {})).status, 404);
});
