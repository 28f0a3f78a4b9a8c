// Failures as answers: status and detail by the table, and never a word of what only the log may know.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import Fastify from 'fastify';
import { answerErrors } from '../../../src/http/every-request/errors.ts';
import { AppError } from '../../../src/lib/errors.ts';
import { openLog } from '../../../src/lib/log.ts';

const SECRET = 'postgres://user:hunter2@db/frontdesk';

async function application() {
  const lines: string[] = [];
  const log = openLog({ level: 'debug', pii: false, write: (line) => lines.push(line) });
  const app = Fastify({ bodyLimit: 1000 });
  answerErrors(app, log);
  app.post('/checked', async () => ({}));
  app.get('/app', async () => {
    throw new AppError('not_found', SECRET);
  });
  app.get('/vendor', async () => {
    throw new AppError('vendor_failed', SECRET);
  });
  app.get('/crash', async () => {
    throw new Error(SECRET);
  });
  app.get('/text', async () => {
    // oxlint-disable-next-line typescript/only-throw-error -- what a careless dependency may do
    throw SECRET;
  });
  return { app, lines };
}

test('each failure has its status and its sentence', async () => {
  const { app, lines } = await application();
  const get = async (url: string) => {
    const { statusCode, body } = await app.inject(url);
    assert.ok(!body.includes('hunter2'), body);
    return [statusCode, (JSON.parse(body) as { detail: string }).detail] as const;
  };
  assert.deepEqual(await get('/app'), [404, 'Not found.']);
  assert.deepEqual(await get('/nowhere'), [404, 'Not found.']);
  assert.deepEqual(await get('/vendor'), [502, 'A service we depend on failed.']);
  const ours = /^Something went wrong on our side\. Request \S+\.$/;
  for (const path of ['/crash', '/text']) {
    const [status, detail] = await get(path);
    assert.equal(status, 500);
    assert.match(detail, ours);
  }
  // The log knows, for those that are our fault.
  assert.equal(lines.filter((line) => line.includes('hunter2')).length, 3);
});

test('what a client did wrong is said by its status', async () => {
  const { app } = await application();
  const post = async (payload: string, type = 'application/json') => {
    const { statusCode, body } = await app.inject({
      method: 'POST',
      url: '/checked',
      headers: { 'content-type': type },
      payload,
    });
    return [statusCode, JSON.parse(body)] as const;
  };
  assert.deepEqual(await post('{'), [400, { detail: 'The request is not valid.' }]);
  assert.deepEqual(await post(`"${'x'.repeat(2000)}"`), [
    413,
    { detail: 'The request is too large.' },
  ]);
  assert.deepEqual(await post('a', 'text/strange'), [
    415,
    { detail: 'This content type is not supported.' },
  ]);
});
