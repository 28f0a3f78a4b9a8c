// How often somebody may ask (T68): exact over processes, blind to disguises, and said in headers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkOf } from '../../../src/http/every-request/rate-limit.ts';
import { hashPassword } from '../../../src/lib/passwords.ts';
import { startTestApi } from '../../support/product/api.ts';
import type { Answer } from '../../support/product/api.ts';

const statuses = (answers: readonly Answer[], status: number) =>
  answers.filter((answer) => answer.status === status).length;

const times = (count: number, act: (index: number) => Promise<Answer>) =>
  Promise.all(Array.from({ length: count }, (_, index) => act(index)));

test('a user has so many requests a minute over two processes, by token and cookie alike', async (t) => {
  const limits = { requests: 40 };
  const one = await startTestApi(t, { limits });
  const two = await startTestApi(t, { limits, connection: one.connection });
  const user = await one.user();
  const answers = await times(120, (index) =>
    (index % 2 ? two : one).as(user, 'session').get('/api/users/profile'),
  );
  // Each process may hold two of the forty that it has not used.
  const allowed = statuses(answers, 200);
  assert.ok(allowed >= 38 && allowed <= 40, `${allowed}`);
  assert.equal(statuses(answers, 429), 120 - allowed);
  const refused = answers.find((answer) => answer.status === 429)!;
  assert.equal(refused.json.detail, 'Rate limit exceeded');
  const seconds = refused.json.retry_after as number;
  assert.ok(seconds >= 50 && seconds <= 60);
  assert.equal(refused.headers.get('retry-after'), String(seconds));
  const reset =
    Number(refused.headers.get('x-ratelimit-reset')) -
    Date.parse(refused.headers.get('date')!) / 1000;
  assert.ok(reset >= 50 && reset <= 62, `${reset}`);
  assert.equal(refused.headers.get('x-ratelimit-limit'), '40');
  assert.equal(refused.headers.get('x-ratelimit-remaining'), '0');
  const byToken = await one.as(user, 'token').get('/api/users/profile');
  assert.equal(byToken.status, 429, 'the same user');
  const other = await one.user();
  assert.equal((await one.as(other).get('/api/users/profile')).status, 200, 'another user');
});

test('a new window brings the whole allowance back', async (t) => {
  const api = await startTestApi(t, { limits: { requests: 3 } });
  const user = await api.user();
  const asked = () => api.as(user, 'session').get('/api/auth/me');
  assert.equal(statuses(await times(10, asked), 200), 3);
  await api.database.general`UPDATE rate_windows SET ends_at = now()`;
  const second = await startTestApi(t, { limits: { requests: 3 }, connection: api.connection });
  const askedAgain = () => second.as(user, 'session').get('/api/auth/me');
  assert.equal(statuses(await times(10, askedAgain), 200), 3);
});

test('nobody is somebody else by a header, a slash or a letter', async (t) => {
  const api = await startTestApi(t, { limits: { requests: 20 } });
  const variants = [
    '/api/auth/me',
    '/api/auth/me?x=1',
    '/API/auth/me',
    '/api/auth/me/',
    '//api/auth/me',
  ];
  const answers = await times(100, (index) =>
    api.send(index % 3 ? 'GET' : 'HEAD', variants[index % variants.length]!, {
      headers: {
        'x-forwarded-for': `10.0.0.${index}`,
        forwarded: `for=10.0.0.${index}`,
        'x-real-ip': `10.0.0.${index}`,
      },
    }),
  );
  assert.ok(statuses(answers, 401) <= 20);
  const last = await api.as().get('/api/auth/me');
  assert.equal(last.status, 429);
});

test('behind a proxy the address is the one the proxy saw', async (t) => {
  const env = { TRUSTED_PROXIES: '1' };
  const api = await startTestApi(t, { limits: { requests: 5 }, env });
  const from = (chain: string) =>
    api.as().get('/api/auth/me', { headers: { 'x-forwarded-for': chain } });
  const answers = await times(20, (index) => from(`6.6.6.${index}, 9.9.9.9`));
  assert.equal(statuses(answers, 401), 5, 'what the client itself puts in front is not believed');
  assert.equal((await from('8.8.8.8')).status, 401, 'another address');
});

test('five wrong passwords a minute, for each account and address; right ones do not count', async (t) => {
  const api = await startTestApi(t, { limits: { logins: 5 } });
  const passwordHash = await hashPassword('the right password');
  await api.user({ email: 'ann@example.com', passwordHash });
  const login = (email: string, password: string) =>
    api.as().post('/api/auth/login', { email, password });
  assert.equal((await login('ann@example.com', 'the right password')).status, 200);
  const answers = await times(12, (index) =>
    login(index % 2 ? 'ann@example.com' : 'ANN@example.com', `wrong ${index}`),
  );
  assert.equal(statuses(answers, 401), 5);
  assert.equal(statuses(answers, 429), 7);
  const late = await login('ann@example.com', 'the right password');
  assert.equal(late.status, 429);
  assert.ok(late.json.retry_after > 0);
  const token = await api.as().post('/auth/login', { username: 'ann@example.com', password: 'x' });
  assert.equal(token.status, 429, 'no second door');
  assert.equal((await login('bob@example.com', 'x')).status, 401, 'another account');
});

test('an account is not guessed at from many addresses: ten times as often, from all of them together', async (t) => {
  const env = { TRUSTED_PROXIES: '1' };
  const api = await startTestApi(t, { limits: { logins: 1 }, env });
  const guess = (email: string, index: number) =>
    api.as().post(
      '/api/auth/login',
      { email, password: `wrong ${index}` },
      {
        headers: { 'x-forwarded-for': `9.9.${index}.9` },
      },
    );
  const answers = await times(12, (index) => guess('ann@example.com', index));
  assert.deepEqual([statuses(answers, 401), statuses(answers, 429)], [10, 2]);
  assert.equal((await guess('bob@example.com', 99)).status, 401, 'another account');
});

test('ten registrations an hour from a network, whether the address is free or taken; no other door tells more', async (t) => {
  const env = { TRUSTED_PROXIES: '1' };
  const api = await startTestApi(t, { limits: { registrations: 10 }, env });
  const password = 'four words of mine, and a dog';
  const ask = async (ip: string, email: string) =>
    api.send('POST', '/api/auth/register', {
      body: { email, password, display_name: 'A' },
      headers: { 'x-forwarded-for': ip },
    });
  await api.user({ email: 'taken@example.com' });
  const network = '2001:db8:1:2';
  const answers = await times(14, (index) =>
    ask(`${network}::${index + 1}`, index % 2 ? 'taken@example.com' : `new${index}@example.com`),
  );
  assert.equal(statuses(answers, 429), 4, 'one customer has all addresses of such a network');
  const taken = answers.filter((_, index) => index % 2 === 1);
  assert.ok(statuses(taken, 429) > 0);
  const texts = answers.filter(({ status }) => status === 429).map(({ json }) => json.detail);
  assert.equal(new Set(texts).size, 1, 'a refusal is the same for both');
  assert.equal((await ask('2001:db8:1:3::1', 'else@example.com')).status, 201, 'another network');
  assert.equal((await ask('198.51.100.7', 'more@example.com')).status, 201);
  const weak = await api.send('POST', '/api/auth/register', {
    body: { email: 'taken@example.com', password: 'x', display_name: 'A' },
    headers: { 'x-forwarded-for': `${network}::1` },
  });
  assert.equal(weak.status, 429, 'a weak password is no way around it');
});

test('changing to an address of e-mail asks whether it is taken, and counts like registering', async (t) => {
  const api = await startTestApi(t, { limits: { registrations: 5 } });
  await api.user({ email: 'taken@example.com' });
  const mine = api.as(await api.user());
  const answers = await times(8, () =>
    mine.patch('/api/users/profile', { email: 'taken@example.com' }),
  );
  assert.deepEqual([statuses(answers, 400), statuses(answers, 429)], [5, 3]);
  assert.equal((await mine.patch('/api/users/profile', { display_name: 'Ann' })).status, 200);
});

test('networks: an IPv4 address, or the first 64 bits', () => {
  const cases: [ip: string, network: string][] = [
    ['127.0.0.1', '127.0.0.1'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
  ];
  for (const [ip, network] of cases) assert.equal(networkOf(ip), network, ip);
});
