// A user's own conversations: pages that link to each other, and nobody else's.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../../src/lib/clock.ts';
import { newId } from '../../../../src/lib/ids.ts';
import { startTestApi } from '../../../support/product/api.ts';
import type { TestApi } from '../../../support/product/api.ts';

async function addSession(api: TestApi, userId: string, minutesAgo: number): Promise<string> {
  const id = newId(systemClock.now());
  const sql = api.database.general;
  await sql`
    INSERT INTO conversations (id, user_id, channel, room, system_prompt, metadata, started_at)
    VALUES (${id}, ${userId}, 'browser', 'quickstart', 'Be kind.', ${sql.json({ user_id: 'user-123' })},
      now() - make_interval(mins => ${minutesAgo}))`;
  for (const [turn, role, content] of [
    [0, 'assistant', 'Hello!'],
    [1, 'user', 'A trip to Paris.'],
  ] as const) {
    await sql`
      INSERT INTO utterances (conversation_id, turn_number, role, content, at)
      VALUES (${id}, ${turn}, ${role}, ${content}, now() + make_interval(secs => ${turn}))`;
  }
  return id;
}

test('pages of the list link forwards and back, newest first', async (t) => {
  const api = await startTestApi(t);
  const user = await api.user();
  const other = await api.user();
  await addSession(api, other.id, 0);
  const ids: string[] = [];
  for (let index = 0; index < 5; index += 1) ids.push(await addSession(api, user.id, index));
  const asked = api.as(user);
  const seen: string[] = [];
  let next: string | null = '/api/users/history?limit=2';
  while (next) {
    const page: { json: any } = await asked.get(next);
    assert.equal(page.json.count, 5);
    seen.push(...page.json.results.map(({ id }: { id: string }) => id));
    next = page.json.next;
  }
  assert.deepEqual(seen, ids);
  const middle = (await asked.get('/api/users/history?limit=2&offset=2')).json;
  assert.equal(middle.next, '/api/users/history?limit=2&offset=4');
  assert.equal(middle.previous, '/api/users/history?limit=2&offset=0');
  const first = (await asked.get('/api/users/history')).json;
  assert.deepEqual([first.next, first.previous], [null, null]);
  assert.equal(first.results[0].room, 'quickstart');
  assert.equal(first.results[0].utterance_count, 2);
  for (const query of [
    'limit=0',
    'limit=101',
    'limit=x',
    'offset=-1',
    'offset=1e309',
    'limit=1;DROP',
    'limit=1&limit=2',
  ]) {
    const answer = await asked.get(`/api/users/history?${query}`);
    assert.equal(answer.status, 400, query);
    assert.deepEqual(Object.keys(answer.json), [query.split('=')[0]]);
  }
});

test("a session has its words; others' are as unknown as those that never were", async (t) => {
  const api = await startTestApi(t);
  const user = await api.user();
  const id = await addSession(api, user.id, 1);
  const session = await api.as(user).get(`/api/users/history/${id}`);
  assert.equal(session.status, 200);
  assert.deepEqual(session.json.metadata, { user_id: 'user-123' });
  const [hello, paris] = session.json.utterances;
  assert.deepEqual([hello.role, hello.text, hello.session], ['agent', 'Hello!', id]);
  assert.deepEqual([paris.role, paris.is_final, paris.event], ['user', true, '']);
  assert.notEqual(hello.id, paris.id);
  const stranger = api.as(await api.user());
  for (const path of [id, newId(systemClock.now())]) {
    const answer = await stranger.get(`/api/users/history/${path}`);
    assert.deepEqual([answer.status, answer.json], [404, { detail: 'Session not found' }]);
  }
  for (const path of ['x', '1 OR 1=1', '%00', "';--"]) {
    assert.equal(
      (await stranger.get(`/api/users/history/${encodeURIComponent(path)}`)).status,
      404,
    );
  }
});
