// The dashboard as its users have it: the product with a database of its own, and browsers that are signed in.

import assert from 'node:assert/strict';
import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core';
import { SESSION_COOKIE } from '../../../src/http/identity/auth.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { openDashboard } from '../../../src/start/open-dashboard.ts';
import { startTestApi } from '../product/api.ts';
import type { TestApi, TestApiOptions, TestUser } from '../product/api.ts';

/** A browser beside other tests is slow at times; only what fails takes this long. */
const PATIENCE_MS = 60_000;

/** The folder of the built dashboard: built if it is not there yet. */
export async function builtDashboard(): Promise<string> {
  const said: string[] = [];
  const dashboard = await openDashboard({
    clock: systemClock,
    log: quietLog,
    progress: (line) => said.push(line),
  });
  assert.ok(dashboard, said.join('\n'));
  return dashboard;
}

/** A window of its own, on the server's own address: of this user, or of nobody. */
export async function openWindow(
  browser: Browser,
  url: string,
  user?: TestUser,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({
    baseURL: url,
    reducedMotion: 'reduce',
    viewport: { width: 1280, height: 800 },
    ...options,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  if (user) {
    const cookie = { name: SESSION_COOKIE, value: user.session, url };
    await context.addCookies([{ ...cookie, httpOnly: true, sameSite: 'Lax' }]);
  }
  return context;
}

export interface TestDashboard extends TestApi {
  window(
    browser: Browser,
    user?: TestUser,
    options?: BrowserContextOptions,
  ): Promise<BrowserContext>;
}

/** Started by a test; closed with it. The demo owner is let in. */
export async function startTestDashboard(
  t: { after(act: () => Promise<void>): void },
  options: TestApiOptions = {},
): Promise<TestDashboard> {
  const api = await startTestApi(t, {
    dashboard: await builtDashboard(),
    ...options,
    env: { SANDBOX: 'mixed', ...options.env },
  });
  return {
    ...api,
    window: (browser, user, given) => openWindow(browser, api.url, user, given),
  };
}
