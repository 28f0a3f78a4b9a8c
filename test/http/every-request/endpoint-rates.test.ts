// The gateway's limits as its contract lists them, by minute and by hour, each endpoint for itself.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { endpointRates } from '../../../src/http/every-request/endpoint-rates.ts';
import { RateLimiter, rateLimits } from '../../../src/http/every-request/rate-limit.ts';
import { startTestApi } from '../../support/product/api.ts';
import { VirtualClock } from '../../support/clock.ts';
import { testDatabase } from '../../support/database/database.ts';

const document = readFileSync(
  new URL('../../../docs/contracts/gateway-api.md', import.meta.url),
  'utf8',
);

test('the numbers are those of the document', () => {
  const listed = [...document.matchAll(/^- (?:`(.+)`|Default): (\d+) requests\/minute, (\d+)/gm)];
  const names = {
    '/api/v1/llm/generate': 'generate',
    '/api/v1/tts/speak': 'speak',
    '/api/v1/audio/transcribe': 'transcribe',
    '/chat': 'chat',
  } as const;
  assert.equal(listed.length, 5);
  for (const [, path, minute, hour] of listed) {
    const rate = endpointRates[path ? names[path as keyof typeof names] : 'default'];
    assert.deepEqual([rate.minute, rate.hour], [Number(minute), Number(hour)], path ?? '');
  }
});

test('each endpoint has its own minute, said in headers', async (t) => {
  const api = await startTestApi(t, { limits: { endpointFactor: 1 } });
  const user = await api.user();
  // Wrong requests count, and cost nothing else.
  const endpoints: [path: string, minute: number][] = [
    ['/api/v1/llm/generate', 10],
    ['/api/v1/tts/speak', 20],
    ['/chat', 30],
  ];
  for (const [path, minute] of endpoints) {
    const answers = await Promise.all(
      Array.from({ length: minute + 5 }, () => api.as(user).post(path, {})),
    );
    const refused = answers.filter(({ status }) => status === 429);
    assert.equal(refused.length, 5, path);
    const { json, headers } = refused[0]!;
    assert.equal(json.detail, 'Rate limit exceeded');
    assert.ok(json.retry_after > 0 && json.retry_after <= 60);
    assert.equal(headers.get('retry-after'), String(json.retry_after));
    assert.equal(headers.get('x-ratelimit-limit'), String(minute));
    assert.equal(headers.get('x-ratelimit-remaining'), '0');
    const allowed = answers.filter(({ status }) => status === 400);
    assert.equal(allowed.length, minute);
    assert.equal(allowed[0]!.headers.get('x-ratelimit-limit'), String(minute));
  }
  assert.equal((await api.as(user).get('/api/clients')).status, 200, 'all else is counted apart');
  const other = await api.user();
  assert.equal((await api.as(other).post('/chat', {})).status, 400, 'another user');
});

test('the hour ends what minutes would still allow', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clock = new VirtualClock();
  const limiter = new RateLimiter({ sql, clock, limits: rateLimits });
  const take = () => limiter.takeEndpoint({ name: '/x', rate: { minute: 5, hour: 8 } }, 'user');
  const taken = async (count: number) => {
    const verdicts = [];
    for (let n = 0; n < count; n += 1) verdicts.push(await take());
    return verdicts;
  };
  const first = await taken(7);
  assert.deepEqual(
    first.map(({ allowed }) => allowed),
    [true, true, true, true, true, false, false],
  );
  assert.deepEqual([first[0]!.limit, first[0]!.remaining], [5, 4]);
  assert.ok(first[6]!.waitMs <= 60_000);
  // A minute later, for the database as for us.
  await sql`UPDATE rate_windows SET ends_at = ends_at - interval '61 seconds'`;
  await clock.advance(61_000);
  const second = await taken(5);
  assert.deepEqual(
    second.map(({ allowed }) => allowed),
    [true, true, true, false, false],
  );
  assert.deepEqual([second[2]!.limit, second[2]!.remaining], [8, 0], 'the hour has less left');
  assert.ok(second[4]!.waitMs > 50 * 60_000);
  // What the hour refused is not taken from the minute.
  await sql`DELETE FROM rate_windows WHERE key LIKE '%:hour:%'`;
  const fresh = new RateLimiter({ sql, clock, limits: rateLimits });
  const verdict = await fresh.takeEndpoint({ name: '/x', rate: { minute: 5, hour: 8 } }, 'user');
  assert.equal(verdict.allowed, true);
});
