// The dashboard's files: its one page at every address of it, assets that are kept for ever, and nothing else of the disk.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import Fastify from 'fastify';
import { answerErrors } from '../../../../src/http/every-request/errors.ts';
import { dashboardRoutes } from '../../../../src/http/routes/service/dashboard.ts';
import { quietLog } from '../../../../src/lib/log.ts';

async function serve(t: { after(act: () => unknown): void }) {
  const directory = mkdtempSync(path.join(tmpdir(), 'frontdesk-dashboard-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  mkdirSync(path.join(directory, 'assets'));
  writeFileSync(path.join(directory, 'index.html'), '<!doctype html><title>the page</title>');
  writeFileSync(path.join(directory, 'theme.js'), 'theme');
  writeFileSync(path.join(directory, 'licenses.md'), 'licences');
  writeFileSync(path.join(directory, 'assets/main-1.js'), 'script');
  writeFileSync(path.join(directory, 'assets/main-1.js.br'), 'packed');
  symlinkSync('/etc/passwd', path.join(directory, 'assets/link'));
  const app = Fastify();
  answerErrors(app, quietLog);
  await app.register(dashboardRoutes(directory));
  t.after(() => app.close());
  // After the start: nobody has looked at it.
  writeFileSync(path.join(directory, 'assets/later.js'), 'later');
  return app;
}

test('the page is at its addresses and always asked for anew', async (t) => {
  const app = await serve(t);
  for (const address of ['/', '/app', '/app/', '/app/clients/0-1/talk', '/app/live?x=1']) {
    const answer = await app.inject(address);
    assert.equal(answer.statusCode, 200, address);
    assert.match(answer.body, /the page/);
    assert.match(String(answer.headers['content-type']), /^text\/html/);
    assert.equal(answer.headers['cache-control'], 'no-cache');
    assert.equal(answer.headers['cross-origin-opener-policy'], 'same-origin-allow-popups');
  }
  const head = await app.inject({ method: 'HEAD', url: '/' });
  assert.equal(head.statusCode, 200);
});

test('assets are kept for ever, and come packed to those who can unpack', async (t) => {
  const app = await serve(t);
  const plain = await app.inject('/assets/main-1.js');
  assert.equal(plain.body, 'script');
  assert.match(String(plain.headers['cache-control']), /max-age=31536000, immutable/);
  const packed = await app.inject({
    url: '/assets/main-1.js',
    headers: { 'accept-encoding': 'gzip, br' },
  });
  assert.equal(packed.body, 'packed');
  assert.equal(packed.headers['content-encoding'], 'br');
  assert.match(String(packed.headers['content-type']), /javascript/);
  const theme = await app.inject('/theme.js');
  assert.equal(theme.body, 'theme');
  assert.equal(theme.headers['cache-control'], 'no-cache');
});

test('no address leads to another file', async (t) => {
  const app = await serve(t);
  const steps = [
    '..',
    '%2e%2e',
    '..%2f..',
    '.%2e',
    '..\\..',
    '%5c..',
    '....//',
    '..;',
    '%252e%252e',
  ];
  const targets = ['etc/passwd', 'index.html', 'package.json', 'licenses.md'];
  const paths = ['/assets', '/app', ''].flatMap((start) =>
    steps.flatMap((step) => targets.map((target) => `${start}/${step}/${step}/${target}`)),
  );
  const more = [
    '/assets/',
    '/assets',
    '/assets/link/x',
    '/assets/later.js',
    '/assets/main-1.js%00.txt',
    '/assets//etc/passwd',
    '/assets/%2fetc%2fpasswd',
    '/licenses.md',
    '/index.html.br',
    '/app/%00',
    '/app/a%2f..%2fb',
    '/app/a.b',
    '/application',
  ];
  for (const url of [...paths, ...more]) {
    const answer = await app.inject({ url, headers: { accept: 'text/html' } });
    assert.ok([404, 400].includes(answer.statusCode), `${url}: ${answer.statusCode}`);
    assert.doesNotMatch(answer.body, /root:|licences|later/, url);
  }
});
