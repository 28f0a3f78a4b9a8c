// The window in which an owner connects a calendar, in a real browser: it finds back to the page that opened it, tells that
// page and no other, and closes; under our content policy (T74).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GOOGLE_CLIENT_ID, startGoogle } from '../../sandbox/vendors/google/google.ts';
import { startTestApi } from '../support/product/api.ts';
import { openBrowser } from '../support/browser/browser.ts';
import { GOOGLE_KEY } from '../support/bookings/google.ts';
import { serveFetch } from '../support/servers/fetch-server.ts';

test('the window tells our page and closes; a page of another origin hears nothing', async (t) => {
  const google = await startGoogle({ key: GOOGLE_KEY });
  t.after(() => google.close());
  const env = { GOOGLE_BASE_URL: google.url, GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET: GOOGLE_KEY };
  const api = await startTestApi(t, { env });
  const owner = await api.user();
  const { id } = (await api.as(owner).post('/api/clients', { name: 'Acme' })).json;
  const browser = await openBrowser(t);
  const context = await browser.newContext();
  await context.addCookies([{ name: 'sessionid', value: owner.session, url: api.url }]);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (line) => faults.push(line.text()));
  await page.goto(`${api.url}/docs`);

  const begin = `(async () => {
    const answer = await fetch('/api/clients/${id}/calendar/oauth/initiate', { method: 'POST' });
    return (await answer.json()).authorization_url;
  })()`;
  /** Opens Google's screen from a page, allows everything there, and gives what the page was told within its patience. */
  const allow = async (from: typeof page, url: string) => {
    const [window] = await Promise.all([
      from.waitForEvent('popup'),
      from.evaluate(`{
        window.told = [];
        addEventListener('message', (event) => window.told.push([event.origin, event.data]));
        window.opened = window.open(${JSON.stringify(url)}, 'consent', 'width=500,height=600');
      }`),
    ]);
    window.on('console', (line) => faults.push(line.text()));
    await window.getByRole('button', { name: 'Allow' }).click();
    return window;
  };

  const url = await page.evaluate<string>(begin);
  await allow(page, url);
  await page.waitForFunction('window.told.length > 0 && window.opened.closed');
  assert.deepEqual(await page.evaluate('window.told'), [
    [api.url, { type: 'calendar-oauth', status: 'connected', client_id: id }],
  ]);
  assert.equal(
    (await api.as(owner).get(`/api/clients/${id}/calendar/status`)).json.state,
    'connected',
  );

  // Another site opens the window that our user would: whatever comes of it, that site is told nothing.
  const evil = await serveFetch(
    t,
    () =>
      new Response('<!doctype html><title>x</title>', { headers: { 'content-type': 'text/html' } }),
  );
  const other = await context.newPage();
  await other.goto(evil);
  const window = await allow(other, await page.evaluate<string>(begin));
  // It may have closed itself by now.
  if (!window.isClosed()) await window.waitForEvent('close');
  assert.deepEqual(await other.evaluate('window.told'), []);
  assert.deepEqual(
    faults.filter((line) => !/postMessage|favicon/.test(line)),
    [],
    'nothing that our policy refuses',
  );
});
