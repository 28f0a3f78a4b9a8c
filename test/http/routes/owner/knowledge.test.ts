// What the receptionist knows, as owners write it: sections made, read, changed, searched, deleted, and no more than fit.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestApi } from '../../../support/product/api.ts';
import { startBusiness } from '../../../support/product/business.ts';

test('sections are made, changed, found and deleted', async (t) => {
  const api = await startTestApi(t);
  const owner = await api.user();
  const { client_id, section_id } = await startBusiness(api, owner, { word: 'canary' });
  const path = `/api/clients/${client_id}/knowledge`;
  const mine = api.as(owner);
  await mine.delete(`${path}/${section_id}`);
  const made = await mine.post(path, { title: 'Parking', text: 'Behind the house.' });
  assert.equal(made.status, 201, made.text);
  const search = async (q: string) =>
    (await mine.get(`${path}/search?q=${encodeURIComponent(q)}`)).json as unknown;
  assert.deepEqual(await search('Where do I park?'), [
    { title: 'Parking', text: 'Behind the house.' },
  ]);
  const changed = await mine.patch(`${path}/${made.json.id}`, { text: 'In the street.' });
  assert.deepEqual([changed.status, changed.json.title], [200, 'Parking']);
  assert.deepEqual(await search('street'), [{ title: 'Parking', text: 'In the street.' }]);
  assert.deepEqual(await search('house'), []);
  await mine.patch(`${path}/${made.json.id}`, { title: 'Cars', position: 3 });
  assert.deepEqual(
    (await mine.get(path)).json.map((each: { title: string; position: number }) => [
      each.title,
      each.position,
    ]),
    [['Cars', 3]],
  );
  assert.equal((await mine.delete(`${path}/${made.json.id}`)).status, 200);
  assert.equal((await mine.delete(`${path}/${made.json.id}`)).status, 404);
  assert.deepEqual((await mine.get(path)).json, []);
});

test('what is too much, or nothing, is refused by name', async (t) => {
  const api = await startTestApi(t);
  const owner = await api.user();
  const { client_id } = await startBusiness(api, owner);
  const path = `/api/clients/${client_id}/knowledge`;
  const wrong: [body: object, field: string][] = [
    [{ title: 'x' }, 'text'],
    [{ title: '', text: 'x' }, 'title'],
    [{ title: '  ', text: 'x' }, 'title'],
    [{ title: 'x', text: 'y'.repeat(20_001) }, 'text'],
    [{ title: 'x', text: 'y', client_id: 'z' }, 'client_id'],
  ];
  for (const [body, field] of wrong) {
    const answer = await api.as(owner).post(path, body);
    assert.equal(answer.status, 400, answer.text);
    assert.ok(field in answer.json, answer.text);
  }
  const text = 'word '.repeat(4000);
  const statuses = await Promise.all(
    Array.from({ length: 16 }, async (_, number) => {
      const answer = await api.as(owner).post(path, { title: `Page ${number}`, text });
      return answer.status;
    }),
  );
  assert.equal(
    statuses.filter((status) => status === 201).length,
    14,
    'two at once do not slip in',
  );
  const sections = (await api.as(owner).get(path)).json as { text: string }[];
  assert.ok(sections.reduce((sum, each) => sum + each.text.length, 0) <= 300_000);
});
