// A user's own account: profile and preferences, field by field, and what a moderator may still do.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestApi } from '../../../support/product/api.ts';

const usual = {
  preferred_voice: 'alloy',
  preferred_language: 'en',
  favorite_topics: [],
  system_prompt_override: '',
};

test('the profile shows and changes name and address', async (t) => {
  const api = await startTestApi(t);
  const user = await api.user({ email: 'ann@example.com' });
  const other = await api.user({ email: 'bob@example.com' });
  const asked = api.as(user);
  const profile = await asked.get('/api/users/profile');
  assert.equal(profile.status, 200);
  assert.equal(profile.json.email, 'ann@example.com');
  assert.deepEqual(profile.json.preferences, usual);
  const renamed = await asked.patch('/api/users/profile', { display_name: ' Jane Doe ' });
  assert.deepEqual([renamed.status, renamed.json.display_name], [200, 'Jane Doe']);
  const moved = await asked.patch('/api/users/profile', { email: 'New@Example.com' });
  assert.deepEqual([moved.json.email, moved.json.username], ['new@example.com', 'new@example.com']);
  const faults: [body: unknown, fields: object][] = [
    [{ email: other.email!.toUpperCase() }, { email: ['User with this email already exists.'] }],
    [{ email: 'nonsense' }, { email: ['Enter a valid email address.'] }],
    [
      { display_name: '' },
      { display_name: ['This field may not be blank.', 'This field may not be blank.'] },
    ],
    [{ display_name: 'x'.repeat(201) }, { display_name: ['At most 200 characters.'] }],
    [{ display_name: 'a\0b' }, { display_name: ['Null characters are not allowed.'] }],
    ['text', { body: ['A JSON object is expected.'] }],
  ];
  for (const [body, fields] of faults) {
    const answer = await asked.patch('/api/users/profile', body);
    assert.equal(answer.status, 400, answer.text);
    assert.deepEqual(Object.keys(answer.json), Object.keys(fields));
    assert.equal(Object.values<string[]>(answer.json)[0]![0], Object.values(fields)[0][0]);
  }
  await asked.patch('/api/users/profile', { role: 'admin', type: 'patient', id: other.id });
  const same = await asked.get('/api/users/profile');
  assert.deepEqual([same.json.role, same.json.type, same.json.id], ['user', 'owner', user.id]);
});

test('preferences: what is left out stays', async (t) => {
  const api = await startTestApi(t);
  const asked = api.as(await api.user());
  const wanted = {
    preferred_voice: 'nova',
    preferred_language: 'es',
    favorite_topics: ['travel', 'technology'],
    system_prompt_override: 'You are a helpful travel assistant.',
  };
  const put = await asked.put('/api/users/preferences', wanted);
  assert.deepEqual([put.status, put.json], [200, wanted]);
  const part = await asked.put('/api/users/preferences', { favorite_topics: [] });
  assert.deepEqual(part.json, { ...wanted, favorite_topics: [] });
  for (const body of [
    { preferred_language: 'English' },
    { favorite_topics: 'travel' },
    { favorite_topics: [7] },
    { favorite_topics: Array.from({ length: 51 }, () => 'x') },
    { system_prompt_override: 'x'.repeat(20_001) },
    { preferred_voice: null },
  ]) {
    const answer = await asked.put('/api/users/preferences', body);
    assert.equal(answer.status, 400, answer.text);
    assert.ok(Object.keys(answer.json)[0]!.startsWith(Object.keys(body)[0]!), answer.text);
  }
  const me = await asked.get('/api/users/profile');
  assert.deepEqual(me.json.preferences, { ...wanted, favorite_topics: [] });
});

test('nobody has no account; a moderator has one like others', async (t) => {
  const api = await startTestApi(t);
  const nobody = api.as();
  for (const answer of [
    await nobody.get('/api/users/profile'),
    await nobody.patch('/api/users/profile', {}),
    await nobody.put('/api/users/preferences', {}),
    await nobody.post('/api/users/change-password', {}),
    await nobody.get('/api/users/history'),
  ]) {
    assert.equal(answer.status, 401);
    assert.deepEqual(answer.json, { detail: 'Authentication credentials were not provided.' });
    assert.equal(answer.headers.get('www-authenticate'), 'Bearer');
  }
  const moderator = api.as(await api.user({ role: 'moderator' }));
  assert.equal((await moderator.patch('/api/users/profile', { display_name: 'M' })).status, 200);
});
