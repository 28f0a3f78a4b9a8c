// What callers say, and what they call themselves, never runs in the owner's browser: 25 attacks in every text that the dashboard
// shows, and a canary that stays silent (T73).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../src/lib/ids.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { insertContact } from '../../src/store/calls/contacts.ts';
import { saveMessage } from '../../src/store/calls/messages.ts';
import { insertTransferTarget } from '../../src/store/clients/transfer-targets.ts';
import { openBrowser } from '../support/browser/browser.ts';
import { booking, endedCall } from '../support/product/business.ts';
import { startTestDashboard } from '../support/browser/dashboard.ts';
import { settling } from '../support/browser/page-waits.ts';

const CANARY = 'canary-of-the-attack';
const run = `window['console'].log('${CANARY}')`;

const payloads = [
  `<script>${run}</script>`,
  `"><script>${run}</script>`,
  `</title><script>${run}</script>`,
  `</textarea><script>${run}</script>`,
  `<img src=x onerror="${run}">`,
  `<img src=x onerror=${run}//`,
  `<svg onload="${run}">`,
  `<svg><script>${run}</script></svg>`,
  `<body onload="${run}">`,
  `<iframe srcdoc="<script>parent.${run}</script>"></iframe>`,
  `<iframe src="javascript:${run}"></iframe>`,
  `<a href="javascript:${run}">click</a>`,
  `javascript:${run}`,
  `data:text/html,<script>${run}</script>`,
  `<details open ontoggle="${run}">`,
  `<input autofocus onfocus="${run}">`,
  `<video><source onerror="${run}"></video>`,
  `<math><mtext></mtext><script>${run}</script></math>`,
  `<object data="javascript:${run}"></object>`,
  `<style>@import 'javascript:${run}';</style>`,
  `<link rel=stylesheet href="javascript:${run}">`,
  `<base href="//elsewhere.example/">`,
  `<meta http-equiv="refresh" content="0;url=javascript:${run}">`,
  `\${${run}}{{constructor.constructor("${run}")()}}`,
  `=HYPERLINK("https://elsewhere.example","${run}")`,
];

test('texts of callers are text and nothing else', { timeout: 280_000 }, async (t) => {
  assert.equal(payloads.length, 25);
  const dashboard = await startTestDashboard(t);
  const sql = dashboard.database.general;
  const owner = await dashboard.user();
  const [first = '', second = ''] = payloads;
  const made = await dashboard.as(owner).post('/api/clients', { name: `Evil ${first}` });
  const clientId = made.json.id as string;
  const id = () => newId(systemClock.now());
  const HOUR_MS = 3_600_000;
  const startMs = Math.ceil(systemClock.now() / HOUR_MS) * HOUR_MS;
  for (const [number, text] of payloads.entries()) {
    const phoneNumber = `+1415555${String(2000 + number)}`;
    await insertContact(sql, { id: id(), clientId, phoneNumber, name: text, notes: text });
    await endedCall(sql, clientId, { phone: phoneNumber, words: [text] });
    const message = { id: id(), clientId, name: text, phone: phoneNumber, text, urgent: true };
    const [{ id: conversationId }] = await sql<[{ id: string }]>`
      SELECT id FROM conversations WHERE client_id = ${clientId} ORDER BY created_at DESC LIMIT 1`;
    await saveMessage(sql, { ...message, conversationId });
    const target = { phoneNumber, name: text, description: text, position: number, isActive: true };
    if (number < 5) await insertTransferTarget(sql, { id: id(), clientId, ...target });
    await booking(sql, clientId, {
      startMs: startMs + number * HOUR_MS,
      name: text,
      phone: phoneNumber,
    });
  }
  const all = await endedCall(sql, clientId, { words: payloads });
  await sql`UPDATE reviews SET summary = ${second}, state = 'done'
    WHERE conversation_id IN (SELECT id FROM conversations WHERE client_id = ${clientId})`;

  const browser = await openBrowser(t);
  const context = await dashboard.window(browser, owner);
  const page = await context.newPage();
  const settled = settling(page);
  const alarms: string[] = [];
  page.on('console', (said) => {
    // A policy that had to step in is a hole that it covered.
    if (/canary-of|Content Security Policy/.test(said.text())) alarms.push(said.text());
  });
  page.on('dialog', (dialog) => {
    alarms.push('a dialog');
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(dashboard.url)) alarms.push(request.url());
  });
  const base = `/app/clients/${clientId}`;
  const shows = async (address: string, text: string) => {
    await page.goto(address);
    await page.getByText(text).first().waitFor();
    assert.deepEqual(alarms, [], address);
  };
  await shows('/', payloads[24]!);
  await shows('/app/clients', `Evil ${first}`);
  await shows(`${base}/conversations/${all}`, payloads[24]!);
  for (const text of payloads) assert.ok((await page.getByText(text).count()) > 0, text);
  await shows(`${base}/conversations`, payloads[24]!);
  await shows(`${base}/contacts`, payloads[24]!);
  await shows(`${base}/messages`, payloads[24]!);
  await shows(`${base}/settings/people`, payloads[4]!);
  await page.goto(`${base}/calendar`);
  await settled();
  assert.deepEqual(alarms, []);
  // Attributes of an element that is not ours would be there if a text had become one.
  assert.equal(await page.locator('[onerror], [onload], [ontoggle], iframe, object').count(), 0);

  const document = await fetch(`${dashboard.url}${base}/contacts`);
  const policy = document.headers.get('content-security-policy')!;
  assert.match(policy, /script-src 'self'/);
  assert.doesNotMatch(policy, /unsafe|\*|https?:/);
});
