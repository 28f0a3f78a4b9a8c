// Requests that owners can make us send never reach our own network: however an address is written, resolved, or moved.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../src/lib/clock.ts';
import { AppError } from '../../src/lib/errors.ts';
import { openGuardedFetch } from '../../src/lib/guarded-fetch.ts';
import { startWebServer } from '../support/servers/tls-server.ts';

/** `PORT` is the canary's. */
const addresses = [
  'https://127.0.0.1:PORT/',
  'https://127.1:PORT/',
  'https://127.0.1:PORT/',
  'https://127.255.255.254:PORT/',
  'https://2130706433:PORT/',
  'https://0x7f000001:PORT/',
  'https://0x7f.0.0.1:PORT/',
  'https://0177.0.0.1:PORT/',
  'https://017700000001:PORT/',
  'https://①②⑦.⓪.⓪.①:PORT/',
  'https://127。0。0。1:PORT/',
  'https://0.0.0.0:PORT/',
  'https://0:PORT/',
  'https://localhost:PORT/',
  'https://LOCALHOST:PORT/',
  'https://localhost.:PORT/',
  'https://sub.localhost:PORT/',
  'https://[::1]:PORT/',
  'https://[::]:PORT/',
  'https://[::ffff:127.0.0.1]:PORT/',
  'https://[::ffff:7f00:1]:PORT/',
  'https://[::127.0.0.1]:PORT/',
  'https://[64:ff9b::127.0.0.1]:PORT/',
  'https://[2002:7f00:1::]:PORT/',
  'https://[fe80::1]:PORT/',
  'https://[fd00:ec2::254]:PORT/',
  'https://169.254.169.254:PORT/latest/meta-data/',
  'https://metadata.google.internal:PORT/',
  'https://10.0.0.1:PORT/',
  'https://172.16.0.1:PORT/',
  'https://192.168.1.1:PORT/',
  'https://100.100.100.200:PORT/',
  'https://168.63.129.16:PORT/',
  'https://user:password@127.0.0.1:PORT/',
  'https://router:PORT/',
  'http://example.com:PORT/',
  'http://127.0.0.1:PORT/',
  'ftp://127.0.0.1:PORT/',
  'file:///etc/passwd',
  'gopher://127.0.0.1:PORT/',
];

/** On public addresses: where something else than a web server listens. */
const otherPorts = [0, 1, 22, 25, 80, 110, 143, 465, 587, 993, 995, 5060, 5061, 6667, 10_080];

/** What a name may be made to mean. */
const resolved: readonly (readonly string[])[] = [
  ['127.0.0.1'],
  ['93.184.216.34', '127.0.0.1'],
  ['::1'],
  ['::ffff:127.0.0.1'],
  ['169.254.169.254'],
  ['fd00::1'],
  ['not an address'],
];

test('no form of an address of our own leads to it', async (t) => {
  const canary = await startWebServer(t, { host: '::' });
  const plainCanary = await startWebServer(t, { host: '::', secure: false });
  const asked: string[] = [];
  const fetch = openGuardedFetch({
    clock: systemClock,
    lookup: (name) => Promise.resolve([asked.push(name) > 0 ? '127.0.0.1' : '']),
  });
  assert.ok(addresses.length >= 35);
  for (const { port } of [canary, plainCanary]) {
    for (const form of addresses) {
      const refused = (error: unknown) => error instanceof AppError && error.code === 'invalid';
      await assert.rejects(
        fetch(form.replace('PORT', String(port)), { method: 'GET' }),
        refused,
        form,
      );
    }
  }
  assert.deepEqual(asked, [], 'no name needs to be resolved to be refused');
  assert.deepEqual([canary.connections, plainCanary.connections], [0, 0]);
});

test('what listens for mail or calls is not spoken to, wherever it is', async () => {
  const reached: number[] = [];
  const fetch = openGuardedFetch({
    clock: systemClock,
    lookup: () => Promise.resolve(['93.184.216.34']),
    reach(_address, port) {
      reached.push(port);
      return { host: '127.0.0.1', port: 1 };
    },
  });
  for (const port of otherPorts) {
    const asked = fetch(`https://mail.example.com:${port}/`, { method: 'POST', body: 'HELO x' });
    await assert.rejects(asked, { code: 'invalid' }, String(port));
  }
  assert.deepEqual(reached, []);
  for (const port of [443, 8443, 9000]) {
    const asked = fetch(`https://shop.example.com:${port}/`, { method: 'GET' });
    await assert.rejects(asked, { code: 'vendor_failed' }, String(port));
  }
  assert.deepEqual(reached, [443, 8443, 9000]);
});

test('no name leads to it, whatever it resolves to', async (t) => {
  const canary = await startWebServer(t, { host: '::' });
  for (const given of resolved) {
    const fetch = openGuardedFetch({ clock: systemClock, lookup: () => Promise.resolve(given) });
    const address = `https://rebinding.example.com:${canary.port}/`;
    await assert.rejects(fetch(address, { method: 'GET' }), { code: 'invalid' }, given.join());
  }
  assert.equal(canary.connections, 0);
});

test('a name that means us from its second look-up on is not looked up again', async (t) => {
  const canary = await startWebServer(t, { host: '::' });
  const elsewhere = await startWebServer(t);
  const answers = ['93.184.216.34', '127.0.0.1'];
  const connected: string[] = [];
  const fetch = openGuardedFetch({
    clock: systemClock,
    lookup: () => Promise.resolve([answers.shift() ?? '127.0.0.1']),
    reach(address) {
      connected.push(address);
      return { host: '127.0.0.1', port: elsewhere.port };
    },
  });
  const address = `https://rebinding.example.com:${canary.port}/`;
  await assert.rejects(fetch(address, { method: 'GET' }), { code: 'vendor_failed' });
  assert.deepEqual(connected, ['93.184.216.34']);
  assert.deepEqual([canary.connections, answers.length], [0, 1]);
});

test('a redirect to us is not followed', async (t) => {
  const canary = await startWebServer(t, { host: '::', secure: false });
  const receiver = await startWebServer(t, {
    secure: false,
    answer: (_request, response) =>
      response.writeHead(307, { location: `http://127.0.0.1:${canary.port}/` }).end(),
  });
  const origin = `http://127.0.0.1:${receiver.port}`;
  const fetch = openGuardedFetch({ clock: systemClock, loopbackOrigins: [origin] });
  assert.equal((await fetch(origin, { method: 'POST', body: 'x' })).status, 307);
  assert.equal(canary.connections, 0);
});
