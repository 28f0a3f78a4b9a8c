// Nobody has us dial where it costs: not an owner by the API, not a model or a caller by a tool.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Compile } from 'typebox/compile';
import { transferTool } from '../../src/reception/tools/tools.ts';
import { startTestApi } from '../support/product/api.ts';
import { numbers } from '../support/dialled-numbers.ts';

test('an owner names nobody at a number that may not be dialled', async (t) => {
  const api = await startTestApi(t);
  const ann = await api.user();
  const { json } = await api
    .as(ann)
    .post('/api/clients', { name: 'A', phone_number: '+12025550123' });
  const path = `/api/clients/${json.id}/transfer-targets`;
  assert.ok(numbers.length >= 40);
  const target = await api.as(ann).post(path, { name: 'Ann', phone_number: '+12025550199' });
  for (const [number, refusal] of numbers) {
    const made = await api.as(ann).post(path, { name: 'Somebody', phone_number: number });
    // What lacks a country code is taken to be in the client's country.
    if (refusal === 'not-a-number' && made.status === 201) {
      assert.match(made.json.phone_number, /^\+1[2-9]\d{9}$/, number);
      continue;
    }
    assert.equal(made.status, refusal === undefined ? 201 : 400, `${number}: ${made.text}`);
    if (refusal === undefined) continue;
    const moved = await api.as(ann).patch(`${path}/${target.json.id}`, { phone_number: number });
    assert.equal(moved.status, 400, `${number}: ${moved.text}`);
    if (refusal === 'not-a-number') continue;
    const fallback = await api
      .as(ann)
      .patch(`/api/clients/${json.id}`, { fallback_number: number });
    assert.equal(fallback.status, 400, number);
  }
});

test('nobody is sent back to the number that they have called', async (t) => {
  const api = await startTestApi(t);
  const ann = api.as(await api.user());
  const own = '+12025550123';
  const { json } = await ann.post('/api/clients', { name: 'A', phone_number: own });
  const path = `/api/clients/${json.id}`;
  const target = await ann.post(`${path}/transfer-targets`, { name: 'Me', phone_number: own });
  assert.deepEqual([target.status, Object.keys(target.json)], [400, ['phone_number']]);
  for (const body of [{ fallback_number: own }, { fallback_number: '(202) 555-0123' }]) {
    const answer = await ann.patch(path, body);
    assert.deepEqual([answer.status, Object.keys(answer.json)], [400, ['fallback_number']]);
  }
  const other = await ann.post('/api/clients', { name: 'B', fallback_number: '+12025550124' });
  const late = await ann.patch(`/api/clients/${other.json.id}`, { phone_number: '+12025550124' });
  assert.deepEqual([late.status, Object.keys(late.json)], [400, ['fallback_number']]);
});

test('where callers go when nothing else works is not abroad, in whatever order it is set', async (t) => {
  const api = await startTestApi(t);
  const ann = api.as(await api.user());
  const make = async (body: object) => ann.post('/api/clients', { name: 'A', ...body });
  const [us, uk, jamaica] = ['+12025550199', '+442071838750', '+18765550123'];
  const faultOf = ({ status, json }: { status: number; json: any }) =>
    status === 400 ? Object.keys(json) : status;
  const fault = ['fallback_number'];
  assert.deepEqual(
    faultOf(await make({ phone_number: '+12025550124', fallback_number: uk })),
    fault,
  );
  const { json: late } = await make({ fallback_number: jamaica });
  const path = `/api/clients/${late.id}`;
  assert.deepEqual(faultOf(await ann.patch(path, { phone_number: '+12025550125' })), fault);
  assert.equal(
    (await ann.patch(path, { phone_number: '+12025550125', fallback_number: us })).status,
    200,
  );
  const countries = (allowed: string[]) =>
    ann.patch(`${path}/line-settings`, { allowed_countries: allowed });
  assert.deepEqual(faultOf(await countries(['GB'])), ['allowed_countries']);
  assert.equal((await countries(['GB', 'US'])).status, 200);
  assert.equal((await ann.patch(path, { fallback_number: uk })).status, 200);
  assert.deepEqual(faultOf(await countries([])), ['allowed_countries']);
  assert.equal(
    (await ann.patch(path, { name: 'B' })).status,
    200,
    'what is not touched is not judged',
  );
});

test('a model names a person by key, and nothing else is one', async () => {
  const dialled: string[] = [];
  const tool = transferTool({
    people: [{ key: 'p1', id: null, name: 'Ann', description: '', phoneNumber: '+12025550199' }],
    begin: ({ phoneNumber }) => Promise.resolve({ type: 'target', target: { phoneNumber } }),
  });
  const takes = Compile(tool.parameters);
  for (const [number] of numbers) {
    for (const given of [
      { person: number },
      { person: 'p1', phone_number: number },
      { person: 'p1', target: number },
      { number },
    ]) {
      assert.equal(takes.Check(given), false, number);
    }
    const context = {
      transfer: (target: { phoneNumber: string }) => dialled.push(target.phoneNumber),
    };
    // Even past the check.
    await tool.run({ person: number, reason: number }, context as never);
  }
  assert.deepEqual(new Set(dialled), new Set(['+12025550199']));
});
