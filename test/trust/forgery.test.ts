// Requests that are not from the carrier: refused before any work, however their path, headers or signature are dressed up.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signRequest } from '../../sandbox/phone/signature.ts';
import { assertSound, effects } from '../support/product/after-call.ts';
import { carrierPost, openMediaSocket, ringFields } from '../support/product/carrier.ts';
import type { CarrierRequest } from '../support/product/carrier.ts';
import { startTestFrontdesk } from '../support/product/frontdesk.ts';

const OTHER = 'https://other.example.com';

test('forged webhooks and upgrades leave no trace', async (t) => {
  const f = await startTestFrontdesk(t);
  const { publicUrl, authToken, accountSid, client } = f;
  const before = await effects(f);
  assert.deepEqual(before, { leases: 0, conversations: 0, ledger: 0, tokens: 0, vendors: 0 });
  const fields = ringFields(f, { from: '+14155550100', to: client.number });
  const sign = (url: string, form: Record<string, string> = fields, token = authToken) =>
    signRequest(token, url, form);
  const host = new URL(OTHER).host;

  const forgeries: Record<string, Omit<CarrierRequest, 'path'>> = {
    'no signature': { signature: null },
    'an empty signature': { signature: '' },
    'no base64': { signature: '????' },
    'the account in its place': { signature: accountSid },
    'the signature of nothing': { signature: sign('', {}) },
    'another token': { signature: sign(`${publicUrl}/voice`, fields, `${authToken}x`) },
    'an empty token': { signature: sign(`${publicUrl}/voice`, fields, '') },
    'the URL of another server': { signature: sign(`${OTHER}/voice`) },
    'https for http': { signature: sign(`${publicUrl.replace('http', 'https')}/voice`) },
    'a query that is not there': { signature: sign(`${publicUrl}/voice?a=b`) },
    'the form left out': { signature: sign(`${publicUrl}/voice`, {}) },
    'a field changed': {
      signature: sign(`${publicUrl}/voice`),
      fields: { ...fields, From: '+14155550199' },
    },
    'a field added': { signature: sign(`${publicUrl}/voice`), fields: { ...fields, Extra: '1' } },
    'a field taken away': {
      signature: sign(`${publicUrl}/voice`),
      fields: Object.fromEntries(Object.entries(fields).filter(([name]) => name !== 'CallSid')),
    },
    'a Host of its own': { signature: sign(`${OTHER}/voice`), headers: { host } },
    'a forwarded host': {
      signature: sign(`${OTHER}/voice`),
      headers: {
        'x-forwarded-host': host,
        'x-forwarded-proto': 'https',
        forwarded: `host=${host}`,
      },
    },
    'a forwarded path': {
      signature: sign(`${publicUrl}/health`),
      headers: { 'x-original-url': '/health', 'x-rewrite-url': '/health' },
    },
  };
  const paths = [
    '/voice',
    '/voice/status',
    '/voice/stream-status',
    '/voice/transfer/status',
    '/voice/after-transfer',
  ];
  for (const path of paths) {
    for (const [name, forgery] of Object.entries(forgeries)) {
      // What is signed for /voice is a forgery on the other paths, too.
      const { status } = await carrierPost(f, { path, fields, ...forgery });
      assert.equal(status, 403, `${path}: ${name}`);
    }
  }

  const spellings = ['//voice', '/voice/', '/VOICE', '/Voice', '/%76oice', '/voice%2f', '/./voice'];
  spellings.push(
    '/voice?',
    '/voice;a',
    '/x/../voice',
    `${publicUrl}/voice`,
    '/voice%00',
    '/voice#a',
  );
  for (const path of spellings) {
    for (const signature of [null, sign(`${publicUrl}/voice`)]) {
      const { status, text } = await carrierPost(f, { path, fields, signature });
      assert.ok([400, 403, 404].includes(status), `${path} answered ${status}`);
      assert.doesNotMatch(text, /<Response>/);
    }
  }
  for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    for (const signature of [null, sign(`${publicUrl}/voice`), sign(`${publicUrl}/voice`, {})]) {
      const { status, text } = await carrierPost(f, { path: '/voice', method, fields, signature });
      assert.ok(status >= 400 && status < 500, `${method} answered ${status}`);
      assert.doesNotMatch(text, /<Response>/);
    }
  }

  const path = `/ws/${client.id}/%2B14155550100`;
  const url = `${publicUrl.replace('http', 'ws')}${path}`;
  const upgrades: Record<string, [signature: string | null, headers?: Record<string, string>]> = {
    'no signature': [null],
    'another token': [signRequest(`${authToken}x`, url)],
    'signed as http': [signRequest(authToken, `${publicUrl}${path}`)],
    'signed for another client': [
      signRequest(authToken, url.replace(client.id, client.id.toUpperCase())),
    ],
    'signed for another caller': [signRequest(authToken, url.replace('0100', '0101'))],
    'the signature of a webhook': [sign(`${publicUrl}/voice`)],
    'a Host of its own': [signRequest(authToken, `wss://${host}${path}`), { host }],
    'a forwarded host': [
      signRequest(authToken, `wss://${host}${path}`),
      { 'x-forwarded-host': host, 'x-forwarded-proto': 'https' },
    ],
  };
  for (const [name, [signature, headers]] of Object.entries(upgrades)) {
    const socket = await openMediaSocket(f, url, signature, headers);
    assert.equal(socket.refused, 401, name);
  }
  const odd = await openMediaSocket(f, url.replace('/ws/', '//ws/'), signRequest(authToken, url));
  assert.ok(odd.refused === 404 || odd.refused === 401);

  assert.deepEqual(await effects(f), before);
  const right = await carrierPost(f, { path: '/voice', fields });
  assert.equal(right.status, 200);
  assert.match(right.text, /<Stream /);
  await assertSound(f);
});
