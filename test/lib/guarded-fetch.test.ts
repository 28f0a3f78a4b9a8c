// Owners' addresses: asked at the address that was checked, within bounds, and never anything else.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../src/lib/clock.ts';
import { AppError } from '../../src/lib/errors.ts';
import { GUARDED_BYTES_MAX, openGuardedFetch } from '../../src/lib/guarded-fetch.ts';
import { VirtualClock } from '../support/clock.ts';
import { certificate, startWebServer } from '../support/servers/tls-server.ts';

const PUBLIC = '93.184.216.34';
const url = 'https://hooks.example.com/in?a=b';

function refusedAs(code: string, why: RegExp) {
  return (error: unknown) =>
    error instanceof AppError && error.code === code && why.test(error.message);
}

test('a public name is asked at the address that was looked up, once', async (t) => {
  const server = await startWebServer(t, {
    answer: (_request, response) => response.writeHead(201, { 'x-seen': 'yes' }).end('thanks'),
  });
  const looked: string[] = [];
  const reached: string[] = [];
  const fetch = openGuardedFetch({
    clock: systemClock,
    ca: certificate,
    lookup: (name) => Promise.resolve([looked.push(name) > 1 ? '127.0.0.1' : PUBLIC]),
    reach(address, port) {
      reached.push(`${address}:${port}`);
      return { host: '127.0.0.1', port: server.port };
    },
  });
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Host: 'elsewhere.example.com' },
    body: '{"ü":1}',
  });
  assert.deepEqual([answer.status, answer.text, answer.headers['x-seen']], [201, 'thanks', 'yes']);
  assert.deepEqual(looked, ['hooks.example.com']);
  assert.deepEqual(reached, [`${PUBLIC}:443`]);
  const [request] = server.requests;
  assert.equal(request?.headers.host, 'hooks.example.com');
  assert.equal(request.headers['content-type'], 'application/json');
  assert.deepEqual([request.method, request.url, request.body], ['POST', '/in?a=b', '{"ü":1}']);
});

test('a certificate of somebody else is no answer', async (t) => {
  const server = await startWebServer(t);
  const fetch = openGuardedFetch({
    clock: systemClock,
    lookup: () => Promise.resolve([PUBLIC]),
    reach: () => ({ host: '127.0.0.1', port: server.port }),
  });
  await assert.rejects(fetch(url, { method: 'GET' }), refusedAs('vendor_failed', /CERT|SIGNED/i));
  assert.equal(server.requests.length, 0);
});

test('a certificate that is trusted, but for another name, is no answer', async (t) => {
  const server = await startWebServer(t);
  const fetch = openGuardedFetch({
    clock: systemClock,
    ca: certificate,
    lookup: () => Promise.resolve([PUBLIC]),
    reach: () => ({ host: '127.0.0.1', port: server.port }),
  });
  assert.equal((await fetch('https://hooks.example.com./', { method: 'GET' })).status, 200);
  for (const other of ['https://other.example.com/', `https://${PUBLIC}/`]) {
    const asked = fetch(other, { method: 'GET' });
    await assert.rejects(asked, refusedAs('vendor_failed', /ALTNAME/), other);
  }
  assert.deepEqual([server.connections, server.requests.length], [3, 1]);
});

test('no connection is left over for the next request, whose owner may be another', async (t) => {
  const server = await startWebServer(t);
  const fetch = openGuardedFetch({
    clock: systemClock,
    ca: certificate,
    lookup: () => Promise.resolve([PUBLIC]),
    reach: () => ({ host: '127.0.0.1', port: server.port }),
  });
  for (const _ of ['one', 'another']) await fetch(url, { method: 'GET' });
  assert.deepEqual([server.connections, server.requests.length], [2, 2]);
});

test('a redirect is an answer like any other', async (t) => {
  const server = await startWebServer(t, {
    answer: (_request, response) =>
      response.writeHead(302, { location: 'https://other.example.com/' }).end(),
  });
  const fetch = openGuardedFetch({
    clock: systemClock,
    ca: certificate,
    lookup: () => Promise.resolve([PUBLIC]),
    reach: () => ({ host: '127.0.0.1', port: server.port }),
  });
  assert.equal((await fetch(url, { method: 'GET' })).status, 302);
  assert.equal(server.connections, 1);
});

test('answers are bounded in size', async (t) => {
  const server = await startWebServer(t, {
    answer: (request, response) =>
      response.end(Buffer.alloc(GUARDED_BYTES_MAX + (request.url === '/more' ? 1 : 0))),
  });
  const fetch = openGuardedFetch({
    clock: systemClock,
    ca: certificate,
    lookup: () => Promise.resolve([PUBLIC]),
    reach: () => ({ host: '127.0.0.1', port: server.port }),
  });
  const { body } = await fetch('https://hooks.example.com/all', { method: 'GET' });
  assert.equal(body.length, GUARDED_BYTES_MAX);
  await assert.rejects(
    fetch('https://hooks.example.com/more', { method: 'GET' }),
    refusedAs('vendor_failed', /too large/),
  );
  await assert.rejects(
    fetch(url, { method: 'POST', body: 'x'.repeat(GUARDED_BYTES_MAX + 1) }),
    refusedAs('too_large', /too large/),
  );
});

test('answers are bounded in time, the look-up included', async (t) => {
  const clock = new VirtualClock();
  const asked = Promise.withResolvers<void>();
  const server = await startWebServer(t, { answer: () => asked.resolve() });
  const silent = openGuardedFetch({
    clock,
    ca: certificate,
    lookup: () => Promise.resolve([PUBLIC]),
    reach: () => ({ host: '127.0.0.1', port: server.port }),
  });
  const waiting = assert.rejects(
    silent(url, { method: 'GET' }),
    refusedAs('vendor_failed', /too long/),
  );
  await asked.promise;
  await clock.advance(5000);
  await waiting;
  const unresolved = openGuardedFetch({ clock, lookup: () => new Promise(() => {}) });
  const looking = assert.rejects(
    unresolved(url, { method: 'GET' }),
    refusedAs('vendor_failed', /too long/),
  );
  await clock.advance(5000);
  await looking;
});

test('only the loopback origins of the configuration are reached without https', async (t) => {
  const server = await startWebServer(t, { secure: false });
  const other = await startWebServer(t, { secure: false });
  const origin = `http://127.0.0.1:${server.port}`;
  const fetch = openGuardedFetch({ clock: systemClock, loopbackOrigins: [origin] });
  assert.equal((await fetch(`${origin}/hook`, { method: 'POST', body: 'x' })).status, 200);
  for (const wrong of [
    `http://127.0.0.1:${other.port}/`,
    `http://localhost:${server.port}/`,
    `https://127.0.0.1:${server.port}/`,
    `http://user@127.0.0.1:${server.port}/`,
  ]) {
    await assert.rejects(fetch(wrong, { method: 'GET' }), refusedAs('invalid', /refused/), wrong);
  }
  assert.deepEqual([server.connections, other.connections], [1, 0]);
});
