// Creating twice with one Idempotency-Key creates once, however close together and whoever asks.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestApi } from '../../support/product/api.ts';

const client = { name: 'Acme', phone_number: '+12025550177' };

test('the same key gives the same answer and one row, also for sixteen at once', async (t) => {
  const api = await startTestApi(t);
  const user = await api.user();
  const create = (key: string, body: object = client, who = user) =>
    api.as(who).post('/api/clients', body, { headers: { 'idempotency-key': key } });
  const count = async () => (await api.database.general`SELECT 1 FROM clients`).length;

  const first = await create('one');
  assert.equal(first.status, 201);
  const second = await create('one');
  assert.deepEqual([second.status, second.json], [201, first.json]);
  assert.equal(second.headers.get('idempotency-replayed'), 'true');
  assert.match(second.headers.get('content-type')!, /^application\/json/);
  assert.equal(await count(), 1);

  const otherBody = await create('one', { ...client, name: 'Other' });
  assert.deepEqual([otherBody.status, otherBody.headers.get('retry-after')], [409, null]);
  assert.equal(
    (await create('two')).status,
    400,
    'the number is taken: another key is another request',
  );
  const others = await api.user();
  const theirsBody = { name: 'Theirs', phone_number: '+12025550178' };
  const theirs = await create('one', theirsBody, others);
  assert.equal(theirs.status, 201, 'keys are of a user');

  const [again, theirsAgain] = [await create('one'), await create('one', theirsBody, others)];
  assert.deepEqual([again.json, theirsAgain.json], [first.json, theirs.json]);

  const race = { name: 'Race', phone_number: '+12025550179' };
  const answers = await Promise.all(Array.from({ length: 16 }, () => create('race', race)));
  for (const answer of answers) assert.ok([201, 409].includes(answer.status), answer.text);
  assert.equal(
    new Set(answers.filter(({ status }) => status === 201).map(({ text }) => text)).size,
    1,
  );
  assert.equal(await count(), 3);
  assert.equal((await create('race', race)).status, 201);
});

test('a fault is remembered as well; a key must be one', async (t) => {
  const api = await startTestApi(t);
  const asked = api.as(await api.user());
  const headers = { 'idempotency-key': 'x' };
  const bad = await asked.post('/api/clients', { ...client, zone: 'Nowhere' }, { headers });
  assert.equal(bad.status, 400);
  for (const key of ['', 'with space', 'x'.repeat(256)]) {
    const answer = await asked.post('/api/clients', client, {
      headers: { 'idempotency-key': key },
    });
    assert.equal(answer.status, 400, key);
    assert.deepEqual(Object.keys(answer.json), ['Idempotency-Key']);
  }
});

test('what failed on our side is not remembered: the same key may try again', async (t) => {
  const api = await startTestApi(t);
  const asked = api.as(await api.user());
  const { general: sql } = api.database;
  const create = () =>
    asked.post('/api/clients', client, { headers: { 'idempotency-key': 'again' } });
  await sql`ALTER TABLE clients ADD CONSTRAINT fault CHECK (deleted_at IS NOT NULL) NOT VALID`;
  assert.equal((await create()).status, 500);
  await sql`ALTER TABLE clients DROP CONSTRAINT fault`;
  assert.equal((await create()).status, 201);
});

test('an answer with a secret of one’s own account is kept nowhere', async (t) => {
  const api = await startTestApi(t);
  const asked = api.as(await api.user());
  const token = () => asked.post('/auth/token', {}, { headers: { 'idempotency-key': 't' } });
  const [first, second] = [await token(), await token()];
  assert.deepEqual([first.status, second.status], [200, 200]);
  assert.notEqual(first.json.access_token, second.json.access_token);
  assert.equal((await api.database.general`SELECT 1 FROM idempotency_keys`).length, 0);
});

test('a request whose process died may be made again after a minute', async (t) => {
  const api = await startTestApi(t);
  const user = await api.user();
  const create = () =>
    api.as(user).post('/api/clients', client, { headers: { 'idempotency-key': 'k' } });
  assert.equal((await create()).status, 201);
  const { general: sql } = api.database;
  await sql`UPDATE idempotency_keys SET status = NULL, body = NULL`;
  const running = await create();
  assert.deepEqual(
    [running.status, running.headers.get('retry-after')],
    [409, '1'],
    'it may still run',
  );
  await sql`UPDATE idempotency_keys SET created_at = now() - interval '61 seconds'`;
  await sql`UPDATE clients SET deleted_at = now()`;
  assert.equal((await create()).status, 201);
});
