// What all routes of the API have in common: the document, its page, and the refusals before any route.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestApi } from '../support/product/api.ts';

test('the document and its page are there, without scripts', async (t) => {
  const { send } = await startTestApi(t);
  const document = await send('GET', '/openapi.json');
  assert.equal(document.status, 200);
  assert.equal(document.json.openapi, '3.1.0');
  const page = await send('GET', '/docs');
  assert.equal(page.status, 200);
  assert.match(page.headers.get('content-type')!, /^text\/html/);
  assert.doesNotMatch(page.text, /<script|<style|style=|(src|href|action)="?https?:/);
  const policy = page.headers.get('content-security-policy')!;
  assert.match(policy, /default-src 'self'/);
  assert.doesNotMatch(policy, /unsafe/);
});
