// Opens the dashboard's pages in a real browser, light and dark, wide and narrow, and keeps pictures to look at.
// node scripts/screenshots.ts http://localhost:8000 FOLDER [part of a path …]: of a server in the sandbox.

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { openBrowser } from '../test/support/browser.ts';

const [origin = 'http://localhost:8000', folder = 'screenshots', ...wanted] = process.argv.slice(2);
const widths = [1440, 390];
const themes = ['light', 'dark'] as const;
const SETTLE_MS = 350;

const endings: (() => Promise<void>)[] = [];
const browser = await openBrowser({ after: (act) => void endings.push(act) });
mkdirSync(folder, { recursive: true });
try {
  for (const theme of themes) {
    for (const width of widths) await shoot(theme, width);
  }
} finally {
  for (const end of endings) await end();
}

async function shoot(theme: (typeof themes)[number], width: number): Promise<void> {
  const context = await browser.newContext({
    viewport: { width, height: width < 500 ? 844 : 900 },
    colorScheme: theme,
    reducedMotion: 'reduce',
    ...(width < 500 && { hasTouch: true, isMobile: true, deviceScaleFactor: 2 }),
  });
  const page = await context.newPage();
  page.on('console', (said) => {
    if (said.type() === 'error') console.error(`${page.url()}: ${said.text()}`);
  });
  page.on('pageerror', (error) => console.error(`${page.url()}: ${error.message}`));
  const keep = async (name: string, address: string, act?: (page: Page) => Promise<void>) => {
    if (wanted.length > 0 && !wanted.some((each) => name.includes(each))) return;
    await page.goto(`${origin}${address}`);
    await page.waitForLoadState('networkidle').catch(() => {});
    await act?.(page);
    await page.waitForTimeout(SETTLE_MS);
    await page.screenshot({ path: path.join(folder, `${name}-${theme}-${width}.png`) });
    const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
    if (wide > width) console.error(`${name}: ${wide} pixels wide on ${width}`);
  };
  await keep('sign-in', '/');
  await keep('register', '/app/register');
  await context.request.post(`${origin}/auth/demo`, { headers: { origin } });
  const clients = (await (await context.request.get(`${origin}/api/clients`)).json()) as {
    id: string;
    name: string;
  }[];
  const client = clients.find(({ name }) => name === 'Bright Smile Dental') ?? clients[0];
  await keep('home', '/');
  await keep('clients', '/app/clients');
  await keep('account', '/app/account');
  await keep('not-found', '/app/nowhere');
  if (width < 500) {
    await keep('more', '/', (page) => page.getByRole('button', { name: 'More' }).click());
  } else {
    await keep('menu', '/', (page) => page.getByRole('button', { name: 'Demo Owner' }).click());
  }
  const own = `/app/clients/${client?.id}`;
  for (const name of ['conversations', 'calendar', 'talk', 'settings']) {
    await keep(name, `${own}/${name}`);
  }
  await context.close();
}
