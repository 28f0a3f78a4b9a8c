// What owners ask to be told of each call, and how they read it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claimReview, finishReview } from '../../../../src/store/conversations/reviews.ts';
import { startTestApi } from '../../../support/product/api.ts';
import { endedCall, startBusiness } from '../../../support/product/business.ts';

test('owners name the fields that are looked for in every call', async (t) => {
  const api = await startTestApi(t);
  const owner = await api.user();
  const { client_id } = await startBusiness(api, owner);
  const path = `/api/clients/${client_id}/review-settings`;
  assert.deepEqual((await api.as(owner).get(path)).json, { is_enabled: true, fields: [] });
  const fields = [
    { name: 'party_size', type: 'number', description: 'How many people will come' },
    { name: 'allergies', type: 'text' },
  ];
  const changed = await api.as(owner).patch(path, { fields });
  const stored = { is_enabled: true, fields: [fields[0], { ...fields[1], description: '' }] };
  assert.deepEqual([changed.status, changed.json], [200, stored]);
  await api.as(owner).patch(path, { is_enabled: false });
  assert.deepEqual((await api.as(owner).get(path)).json, { ...stored, is_enabled: false });
  const wrong: [body: object, field: string][] = [
    [{ fields: [{ name: 'Party size', type: 'number' }] }, 'fields'],
    [{ fields: [{ name: 'size', type: 'date' }] }, 'fields'],
    [{ fields: [fields[0], fields[0]] }, 'fields'],
    [
      { fields: Array.from({ length: 21 }, (_, index) => ({ name: `f${index}`, type: 'text' })) },
      'fields',
    ],
    [{ is_enabled: 'maybe' }, 'is_enabled'],
    [{ owner_id: owner.id }, 'owner_id'],
  ];
  for (const [body, field] of wrong) {
    const answer = await api.as(owner).patch(path, body);
    assert.equal(answer.status, 400, answer.text);
    assert.match(answer.text, new RegExp(field));
  }
});

test('a conversation shows its review, is found by it, and is ticked off', async (t) => {
  const api = await startTestApi(t);
  const sql = api.database.general;
  const owner = await api.user();
  const { client_id } = await startBusiness(api, owner);
  await sql`DELETE FROM reviews`;
  const id = await endedCall(sql, client_id, { words: ['hello'] });
  const mine = api.as(owner);
  const before = (await mine.get(`/api/conversations/${id}`)).json;
  assert.deepEqual([before.summary, before.review_state], ['', 'due']);
  const due = await claimReview(sql, 60_000);
  assert.equal(due?.conversationId, id);
  const answer = {
    summary: 'Wants a table by the window.',
    resolved: 'partly',
    fields: { party_size: 4 },
    followUp: true,
    followUpReason: 'Call back.',
  } as const;
  const usage = { inputTokens: 10, outputTokens: 5, costMicrodollars: 7 };
  await finishReview(sql, due, { state: 'done', answer, usage, flags: [] }, async () => {});
  const after = (await mine.get(`/api/conversations/${id}`)).json;
  assert.deepEqual(
    [after.summary, after.resolved, after.follow_up, after.follow_up_reason, after.extracted],
    [answer.summary, 'partly', true, 'Call back.', { party_size: 4 }],
  );
  const turns = after.turns as { cost_microdollars: number }[];
  const spoken = turns.reduce((sum, turn) => sum + turn.cost_microdollars, 0);
  assert.equal(after.cost.cost_microdollars, spoken + 7);
  const list = async (query: string) => {
    const { json } = await mine.get(`/api/clients/${client_id}/conversations?${query}`);
    return (json as { id: string; summary: string }[]).map((each) => each.id);
  };
  assert.deepEqual(await list('q=window'), [id]);
  assert.deepEqual(await list('follow_up=true'), [id]);
  assert.ok(!(await list('follow_up=false')).includes(id));
  assert.equal((await mine.patch(`/api/conversations/${id}`, { follow_up: false })).status, 200);
  assert.deepEqual(await list('follow_up=true'), []);
});
