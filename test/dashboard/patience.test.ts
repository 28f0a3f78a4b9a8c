// An owner who asks for more than the server allows in a minute, in a real browser: pages wait as long as they are told to and go
// on by themselves, and say so only when that takes long.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page, Route } from 'playwright-core';
import { openBrowser } from '../support/browser/browser.ts';
import { addTalk, fillBusiness } from '../support/browser/busy-business.ts';
import { startBusiness } from '../support/product/business.ts';
import { startTestDashboard } from '../support/browser/dashboard.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { saved, settling } from '../support/browser/page-waits.ts';
import { untilAsync } from '../support/until.ts';

/** An owner has a hundred in a minute. */
const ALLOWED = 100;
const PAGES = 15;
/** A window that is looked at asks for what goes on now every ten seconds, and so does a second one. */
const POLLED = 12;
const POLLED_EVERY_MS = 10_000;
/** So often what is sent is looked at, a page of it. */
const LIST_EVERY_MS = 5000;

test('an owner in a hurry', async (t) => {
  const dashboard = await startTestDashboard(t);
  const browser = await openBrowser(t);
  const owner = await dashboard.user();
  const { client_id: clientId, call_id: callId } = await startBusiness(dashboard, owner);
  const sql = dashboard.database.general;
  const { conversationIds } = await fillBusiness(sql, clientId, { calls: 12 });
  await addTalk(sql, callId);
  const context = await dashboard.window(browser, owner);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  const own = `/app/clients/${clientId}`;
  const settled = settling(page);
  const held = page.getByText(/It goes on by itself in/);

  await t.test(
    'opens fifteen pages anew, and goes around in them, within a minute’s allowance',
    async () => {
      let asked: string[] = [];
      let polled = 0;
      page.on('request', (request) => {
        const { pathname } = new URL(request.url());
        if (pathname === '/api/pulse') polled += 1;
        else if (/^\/(api|auth)\//.test(pathname)) asked.push(pathname);
      });
      const since = systemClock.elapsed();
      const addresses = [
        '/',
        `${own}/conversations`,
        ...conversationIds.slice(0, 3).map((id) => `${own}/conversations/${id}`),
        `${own}/calendar`,
        `${own}/messages`,
        `${own}/contacts`,
        `${own}/billing`,
        `${own}/billing/statement`,
        `${own}/analytics`,
        `${own}/settings/calendar`,
        `${own}/settings/tools`,
        `${own}/deliveries`,
        `/app/live/${callId}`,
      ];
      assert.equal(addresses.length, PAGES);
      for (const address of addresses) {
        await page.goto(address);
        await settled();
      }
      const cold = asked.length;
      assert.ok(
        2 * cold + POLLED <= ALLOWED,
        `${cold} requests for ${PAGES} pages in each window:\n${asked.join('\n')}`,
      );

      // By this clock no answer gets old, however long the machine takes to go around.
      await page.clock.setFixedTime(systemClock.now());
      await page.goto('/');
      await settled();
      asked = [];
      const go = (name: string) =>
        page.getByRole('navigation').first().getByRole('link', { name }).click();
      const titles = ['Conversations', 'Calendar', 'Messages', 'Contacts', 'Analytics'];
      for (const round of [1, 2]) {
        for (const title of titles) {
          await go(title);
          await page.getByRole('heading', { level: 1, name: title }).waitFor();
          await settled();
        }
        const most = round === 1 ? 2 * titles.length : 2;
        assert.ok(asked.length <= most, `round ${round}: ${asked.join(' ')}`);
        asked = [];
      }
      const elapsedMs = systemClock.elapsed() - since;
      assert.ok(polled <= elapsedMs / POLLED_EVERY_MS, `asked ${polled} times in ${elapsedMs} ms`);
    },
  );

  await t.test('is not told of a short wait, and the page is there after it', async () => {
    const refused = await refuse(page, /\/conversations\?/, [1]);
    await page.goto(`${own}/conversations`);
    await page.getByRole('table').getByText('Maria Alvarez').first().waitFor();
    assert.equal(refused.count, 1);
    assert.equal(await held.count(), 0);
    await page.unroute(/\/conversations\?/);
  });

  await t.test(
    'is told how long a longer one takes; what was pressed is done after it, once',
    async () => {
      await page.goto(`${own}/settings/greeting`);
      await page.getByRole('textbox', { name: 'Greeting' }).fill('Good day, patience!');
      const changed = new RegExp(`/api/clients/${clientId}$`);
      const refused = await refuse(page, changed, [5], 'PATCH');
      // Looked at as it changes: on a busy machine seconds pass between two looks.
      await page.evaluate(`new MutationObserver(() => {
        if (/It goes on by itself in/.test(document.body.innerText)) document.body.dataset.held = 'yes';
      }).observe(document.body, { subtree: true, childList: true, characterData: true })`);
      await saved(page, () => page.getByRole('button', { name: 'Save', exact: true }).click());
      assert.equal(await page.locator('body').getAttribute('data-held'), 'yes');
      assert.equal(refused.count, 1);
      assert.equal(refused.passed, 1);
      await held.waitFor({ state: 'detached' });
      await page.unroute(changed);
    },
  );

  await t.test(
    'watches a call whose events were refused for a moment, and is not told that it is over',
    async () => {
      const events = new RegExp(`${callId}/events`);
      const refused = await refuse(page, events, [1]);
      await page.goto(`/app/live/${callId}`);
      await page.getByText('Live', { exact: true }).first().waitFor();
      assert.equal(refused.count, 1);
      assert.equal(await page.getByText('This call is over').count(), 0);
      await page.unroute(events);
    },
  );

  await t.test('looks at a long list that goes on no more often than at a short one', async () => {
    // Of an owner with an allowance of their own.
    const other = await dashboard.user();
    const made = await dashboard.as(other).post('/api/clients', { name: 'Bright Smile' });
    const theirClient = made.json.id as string;
    await sql`
      INSERT INTO outbox (client_id, kind, event, payload, dedupe_key, state, settled_at)
      SELECT ${theirClient}, 'webhook', 'webhook.test', '{}', 'long:' || place, 'delivered', clock_timestamp()
      FROM generate_series(1, 120) AS place`;
    const theirs = await (await dashboard.window(browser, other)).newPage();
    await theirs.clock.install();
    let asked = 0;
    let answered = 0;
    const isList = (url: string) => /\/deliveries\?/.test(url);
    theirs.on('request', (request) => (asked += Number(isList(request.url()))));
    theirs.on('requestfinished', (request) => (answered += Number(isList(request.url()))));
    await theirs.goto(`/app/clients/${theirClient}/deliveries`);
    for (const rows of [51, 101]) {
      await theirs
        .getByRole('row')
        .nth(rows - 1)
        .waitFor();
      await theirs.getByRole('button', { name: 'Show more' }).click();
    }
    await theirs.getByRole('row').nth(101).waitFor();
    const pages = 3;
    const readAnew = (since: number) =>
      untilAsync(
        'all pages are read anew',
        async () => asked === since + pages && answered === asked,
      );
    await readAnew(0);
    await theirs.clock.pauseAt(systemClock.now() + 600_000);
    await readAnew(pages);
    await theirs.clock.runFor((pages - 1) * LIST_EVERY_MS);
    assert.equal(asked, 2 * pages);
    await theirs.clock.runFor(LIST_EVERY_MS);
    await readAnew(2 * pages);
  });

  await t.test('is told at once where a wait of a minute would not help', async () => {
    const refused = await refuse(page, /\/contacts\?/, [3000]);
    await page.goto(`${own}/contacts`);
    await page.getByText(/Too many requests/).waitFor();
    assert.equal(refused.count, 1);
  });
  assert.deepEqual(faults, []);
});

/** Refuses as many requests as there are waits, in seconds, and lets through what comes then. */
async function refuse(page: Page, url: RegExp, waits: readonly number[], method = 'GET') {
  const seen = { count: 0, passed: 0 };
  await page.route(url, async (route: Route) => {
    if (route.request().method() !== method) return route.continue();
    const seconds = waits[seen.count];
    if (seconds === undefined) {
      seen.passed += 1;
      return route.continue();
    }
    seen.count += 1;
    return route.fulfill({
      status: 429,
      headers: { 'retry-after': String(seconds) },
      json: { detail: 'Rate limit exceeded', retry_after: seconds },
    });
  });
  return seen;
}
