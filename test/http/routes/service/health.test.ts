// The probes: alive is not ready, and a database that does not answer is found out in time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import Fastify from 'fastify';
import { healthRoutes } from '../../../../src/http/routes/service/health.ts';
import type { HealthParts } from '../../../../src/http/routes/service/health.ts';
import { VirtualClock, settle } from '../../../support/clock.ts';

async function application(given: Partial<HealthParts> = {}) {
  const clock = new VirtualClock();
  const app = Fastify();
  await app.register(
    healthRoutes({
      clock,
      version: '1.2.3',
      draining: () => false,
      checkDatabase: () => Promise.resolve(),
      services: () => ({ stt: 'online', llm: 'online', tts: 'online' }),
      ...given,
    }),
  );
  const get = async (url: string) => {
    const { statusCode, body } = await app.inject(url);
    return [statusCode, JSON.parse(body) as Record<string, unknown>] as const;
  };
  return { clock, get };
}

test('health tells version, uptime and time', async () => {
  const { clock, get } = await application({ checkDatabase: () => Promise.reject(new Error()) });
  await clock.advance(65_432);
  assert.deepEqual(await get('/health'), [
    200,
    {
      status: 'ok',
      service: 'frontdesk',
      version: '1.2.3',
      uptime: 65,
      timestamp: '2027-03-01T15:01:05.432Z',
    },
  ]);
});

test('ready, draining, without database', async () => {
  assert.deepEqual(await (await application()).get('/ready'), [200, { status: 'ready' }]);
  const draining = await application({ draining: () => true });
  assert.equal((await draining.get('/ready'))[0], 503);
  const away = await application({ checkDatabase: () => Promise.reject(new Error()) });
  assert.equal((await away.get('/ready'))[0], 503);
});

test('a database that never answers is away after two seconds', async () => {
  const { clock, get } = await application({ checkDatabase: () => new Promise(() => {}) });
  const asked = get('/ready');
  await settle();
  await clock.advance(2001);
  assert.equal((await asked)[0], 503);
  assert.equal(clock.pending, 0);
});

test('a thousand who ask at once are one question to the database', async () => {
  const answers: (() => void)[] = [];
  const { get } = await application({
    checkDatabase: () => new Promise((resolve) => answers.push(resolve)),
  });
  const asked = Array.from({ length: 1000 }, (_, index) => get(index % 2 ? '/ready' : '/status'));
  await settle();
  assert.equal(answers.length, 1);
  answers[0]!();
  for (const [status] of await Promise.all(asked)) assert.equal(status, 200);
  void get('/ready');
  await settle();
  assert.equal(answers.length, 2, 'and who asks later is answered anew');
  answers[1]!();
});

test('status names what does not work', async () => {
  const works = await (await application()).get('/status');
  assert.equal(works[1]['status'], 'operational');
  const services = () => ({ stt: 'online', llm: 'not_configured', tts: 'online' }) as const;
  const [status, body] = await (await application({ services })).get('/status');
  assert.equal(status, 200);
  assert.equal(body['status'], 'degraded');
  assert.deepEqual(body['services'], {
    stt: 'online',
    llm: 'not_configured',
    tts: 'online',
    database: 'online',
  });
});
