// Opens the dashboard's pages in a real browser, with data and empty, light and dark, wide and narrow, and keeps pictures to
// look at. node scripts/screenshots.ts FOLDER [part of a name …]

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { adjustBalance } from '../src/billing/metering/adjust.ts';
import { systemClock } from '../src/lib/clock.ts';
import { quietLog } from '../src/lib/log.ts';
import { LiveEvents } from '../src/reception/records/live-events.ts';
import type { TestUser } from '../test/support/product/api.ts';
import { openBrowser } from '../test/support/browser/browser.ts';
import { addTalk, fillBusiness } from '../test/support/browser/busy-business.ts';
import { startBusiness } from '../test/support/product/business.ts';
import { startTestDashboard } from '../test/support/browser/dashboard.ts';
import { startOddBusiness } from '../test/support/browser/odd-business.ts';

const SETTLE_MS = 350;
const DAY_MS = 86_400_000;
const widths = [1440, 390];
const themes = ['light', 'dark'] as const;
/** Below the client's address. */
const clientPages =
  'settings settings/greeting settings/voice settings/hours settings/booking settings/calendar settings/line settings/manner settings/knowledge ' +
  'settings/people settings/tools settings/after-calls settings/recording settings/alerts ' +
  'set-up/number set-up/hours set-up/greeting set-up/voice set-up/calendar set-up/tools set-up/test ' +
  'conversations calendar messages contacts outgoing deliveries talk analytics settings/callers billing billing/statement billing/receipts';

const [folder = 'screenshots', ...wanted] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });

const stack = new AsyncDisposableStack();
const t = { after: (act: () => Promise<void>) => stack.defer(act) };
try {
  const dashboard = await startTestDashboard(t);
  const browser = await openBrowser(t);
  const sql = dashboard.database.general;
  const busy = await dashboard.user();
  await sql`UPDATE users SET name = 'Dana Brooks', role = 'admin' WHERE id = ${busy.id}`;
  const { client_id: clientId, call_id: callId } = await startBusiness(dashboard, busy, {
    word: 'Smile',
  });
  const { conversationIds } = await fillBusiness(sql, clientId, { calls: 40 });
  await sql`UPDATE clients SET name = 'Bright Smile Dental', zone = 'America/New_York',
    initial_greeting = 'Thank you for calling Bright Smile Dental. How can I help you?' WHERE id = ${clientId}`;
  const second = await dashboard
    .as(busy)
    .post('/api/clients', { name: 'Harbor Physiotherapy', zone: 'America/New_York' });
  const given = { deltaSeconds: 240, reason: 'A little.', by: 'test', idemKey: 'little' };
  await adjustBalance(sql, { clientId: second.json.id as string, ...given });
  const empty = await dashboard.user();
  const live = await LiveEvents.open({
    sql,
    clock: systemClock,
    log: quietLog,
    tell: () => false,
  });
  stack.defer(() => live[Symbol.asyncDispose]());
  await addTalk(sql, callId);
  const bare = await dashboard.as(empty).post('/api/clients', { name: 'Nothing Yet' });
  const fresh = await dashboard.user();
  const strange = await dashboard.user();
  const odd = await startOddBusiness(dashboard, strange);
  // Where it has its appointments.
  const tomorrow = new Date(systemClock.now() + DAY_MS).toISOString().slice(0, 10);

  for (const colorScheme of themes) {
    for (const width of widths) {
      const open = (user?: TestUser) =>
        dashboard.window(browser, user, {
          viewport: { width, height: width < 500 ? 844 : 900 },
          colorScheme,
          ...(width < 500 && { hasTouch: true, isMobile: true, deviceScaleFactor: 2 }),
        });
      const shoot = async (user: TestUser | undefined, pages: readonly Shot[]) => {
        const context = await open(user);
        for (const shot of pages) await keep(context, shot, `${colorScheme}-${width}`, width);
        await context.close();
      };
      await shoot(undefined, [
        ['sign-in', '/'],
        ['register', '/app/register'],
      ]);
      const own = `/app/clients/${clientId}`;
      await shoot(busy, [
        ['home', '/'],
        ['clients', '/app/clients'],
        ['account', '/app/account'],
        ['not-found', '/app/nowhere'],
        width < 500
          ? ['more', '/', (page) => page.getByRole('button', { name: 'More' }).click()]
          : ['menu', '/', (page) => page.getByRole('button', { name: 'Dana Brooks' }).click()],
        ['new-client', '/app/clients/new'],
        ['live', '/app/live'],
        ['live-call', `/app/live/${callId}`, (page) => talkOn(page, live, callId)],
        ['conversation', `${own}/conversations/${conversationIds[0]}`],
        [
          'delivery',
          `${own}/deliveries?state=failed`,
          (page) =>
            page
              .getByRole('button', { name: /Message of a caller/ })
              .first()
              .click(),
        ],
        ['admin', '/app/admin'],
        ...'users conversations clients sales commands configuration'
          .split(' ')
          .map((name): Shot => [`admin-${name}`, `/app/admin/${name}`]),
        ...clientPages.split(' ').map((name): Shot => [name.replace('/', '-'), `${own}/${name}`]),
      ]);
      const emptyPages = clientPages.split(' ').filter((name) => !name.startsWith('set'));
      await shoot(empty, [
        ['empty-home', '/'],
        ['empty-live', '/app/live'],
        ...[...emptyPages, 'settings/people', 'settings/knowledge'].map((name): Shot => [
          `empty-${name.replace('/', '-')}`,
          `/app/clients/${bare.json.id}/${name}`,
        ]),
      ]);
      const oddOwn = `/app/clients/${odd.clientId}`;
      await shoot(strange, [
        ['odd-home', '/'],
        ['odd-clients', '/app/clients'],
        ['odd-long', `${oddOwn}/conversations/${odd.longId}`],
        ['odd-put-through', `${oddOwn}/conversations/${odd.transferredId}`],
        ['odd-untold', `${oddOwn}/conversations/${odd.conversationIds[5]}`],
        ...[
          'conversations',
          'calendar',
          'messages',
          'contacts',
          'billing',
          'settings/calendar',
        ].map((name): Shot => [`odd-${name.replace('/', '-')}`, `${oddOwn}/${name}`]),
      ]);
      await shoot(strange, [
        [
          'odd-promised',
          `${oddOwn}/calendar?week=${tomorrow}`,
          (page) =>
            page
              .getByRole('button', { name: /Not certain yet/ })
              .first()
              .click(),
        ],
      ]);
      await shoot(fresh, [
        ['fresh-home', '/'],
        ['fresh-clients', '/app/clients'],
      ]);
    }
  }
} finally {
  await stack.disposeAsync();
}

type Shot = readonly [name: string, address: string, act?: (page: Page) => Promise<void>];

async function keep(
  context: BrowserContext,
  [name, address, act]: Shot,
  kind: string,
  width: number,
): Promise<void> {
  if (wanted.length > 0 && !wanted.some((each) => name.startsWith(each))) return;
  const page = await context.newPage();
  page.on('console', (said) => {
    // Who is nobody is told so by a 401.
    if (said.type() === 'error' && !/ 401 /.test(said.text())) {
      console.error(`${name}: ${said.text()}`);
    }
  });
  page.on('pageerror', (error) => console.error(`${name}: ${error.message}`));
  await page.goto(address);
  await page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => {});
  await act?.(page);
  await page.waitForTimeout(SETTLE_MS);
  await page.screenshot({ path: path.join(folder, `${name}-${kind}.png`) });
  const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
  if (wide > width) console.error(`${name}: ${wide} pixels wide on ${width}`);
  await page.close();
}

/** What happens while somebody watches: certain words, others, and a tool that runs. */
async function talkOn(page: Page, live: LiveEvents, callId: string): Promise<void> {
  const words = page.getByText('Nine thirty, please.');
  while ((await words.count()) === 0) {
    live.words(callId, 'Nine thirty, please.', true);
    await page.waitForTimeout(SETTLE_MS);
  }
  live.words(callId, 'and my name is', false);
  live.tool(callId, 13, { id: 'running', name: 'book_appointment', arguments: '{"slot":"a"}' });
  await page.getByText('Booking an appointment …').waitFor();
}
