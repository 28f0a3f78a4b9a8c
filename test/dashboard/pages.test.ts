// Every page of the dashboard in a real browser, with data and empty, wide and on a phone, light and dark: it shows itself, says
// nothing to the console, fits the window, and axe finds nothing serious.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import type { TestUser } from '../support/product/api.ts';
import { openBrowser } from '../support/browser/browser.ts';
import { addTalk, fillBusiness } from '../support/browser/busy-business.ts';
import { startBusiness } from '../support/product/business.ts';
import { startTestDashboard } from '../support/browser/dashboard.ts';
import type { TestDashboard } from '../support/browser/dashboard.ts';
import { desk, look } from '../support/browser/look-at-pages.ts';

/** Below the address of a client. */
const clientPages = [
  'conversations',
  'calendar',
  'messages',
  'contacts',
  'outgoing',
  'deliveries',
  'talk',
  'analytics',
  'billing',
  'settings',
  'settings/greeting',
  'settings/voice',
  'settings/hours',
  'settings/booking',
  'settings/calendar',
  'settings/line',
  'settings/manner',
  'settings/knowledge',
  'settings/people',
  'settings/tools',
  'settings/after-calls',
  'settings/recording',
  'settings/alerts',
];
const setUp = ['number', 'hours', 'greeting', 'voice', 'calendar', 'tools', 'test'];

async function window(dashboard: TestDashboard, browser: Browser, user?: TestUser) {
  return dashboard.window(browser, user);
}

describe('every page', { timeout: 280_000 }, () => {
  test('shows itself to everybody who may see it', async (t) => {
    const dashboard = await startTestDashboard(t);
    const browser = await openBrowser(t);
    const owner = await dashboard.user({ role: 'admin' });
    const business = await startBusiness(dashboard, owner);
    const { client_id: clientId, call_id: callId } = business;
    const filled = await fillBusiness(dashboard.database.general, clientId);
    await addTalk(dashboard.database.general, callId);
    const base = `/app/clients/${clientId}`;

    await t.test('with data', async () => {
      const conversation = `${base}/conversations/${filled.conversationIds[0]}`;
      const context = await window(dashboard, browser, owner);
      const spoken = await look(context, 'light', [`/app/live/${callId}`, conversation]);
      assert.deepEqual(spoken, {});
      const found = await look(context, 'dark', [
        '/',
        '/app/account',
        '/app/clients',
        '/app/clients/new',
        '/app/live',
        `/app/live/${callId}`,
        conversation,
        ...clientPages.map((name) => `${base}/${name}`),
        ...setUp.map((name) => `${base}/set-up/${name}`),
        '/app/nowhere',
      ]);
      assert.deepEqual(found, {});
    });

    await t.test('empty', async () => {
      const newcomer = await dashboard.user();
      const { json } = await dashboard.as(newcomer).post('/api/clients', { name: 'Nothing Yet' });
      const found = await look(await window(dashboard, browser, newcomer), 'light', [
        '/',
        '/app/live',
        ...clientPages
          .filter((name) => !/^settings.(greeting|voice|hours|booking|alerts|recording)/.test(name))
          .map((name) => `/app/clients/${json.id}/${name}`),
      ]);
      assert.deepEqual(found, {});
      const fresh = await dashboard.user();
      const none = await look(await window(dashboard, browser, fresh), 'light', [
        '/',
        '/app/clients',
      ]);
      assert.deepEqual(none, {});
    });

    await t.test('with ten thousand conversations, of which few are rows', async () => {
      const many = await dashboard.user();
      const { json } = await dashboard.as(many).post('/api/clients', { name: 'Very Busy' });
      await dashboard.database.general`
        INSERT INTO conversations (id, client_id, call_sid, caller_phone, created_at, started_at, ended_at, outcome)
        SELECT gen_random_uuid(), ${json.id}, 'CA' || n, '+1415' || (5550000 + n),
          clock_timestamp() - n * interval '1 minute', clock_timestamp() - n * interval '1 minute',
          clock_timestamp(), 'answered'
        FROM generate_series(1, 10000) n`;
      const page = await (await window(dashboard, browser, many)).newPage();
      await page.setViewportSize(desk);
      await page.goto(`/app/clients/${json.id}/conversations`);
      await page.getByText('(415) 555-0001').waitFor();
      const rows = page.getByRole('row');
      assert.ok((await rows.count()) < 60, `${await rows.count()} rows`);
      await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
      await page.getByText('(415) 556-0000').waitFor();
      assert.ok((await rows.count()) < 60, `${await rows.count()} rows`);
      await page.evaluate('scrollTo(0, document.documentElement.scrollHeight / 2)');
      await page.getByText('(415) 555-5000').waitFor();
    });

    await t.test('to nobody: the entrance', async () => {
      const context = await window(dashboard, browser);
      for (const theme of ['light', 'dark'] as const) {
        assert.deepEqual(await look(context, theme, ['/', '/app/register']), {});
      }
    });
  });
});
