// How soon the dashboard can be used: from the address to the figures of the home page, in a real browser on loopback.
// node bench/dashboard.ts

import { performance } from 'node:perf_hooks';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../test/support/browser/browser.ts';
import { fillBusiness } from '../test/support/browser/busy-business.ts';
import { startBusiness } from '../test/support/product/business.ts';
import { startTestDashboard } from '../test/support/browser/dashboard.ts';
import type { TestDashboard } from '../test/support/browser/dashboard.ts';
import type { TestUser } from '../test/support/product/api.ts';

const ROUNDS = 11;

const stack = new AsyncDisposableStack();
const t = { after: (act: () => Promise<void>) => stack.defer(act) };
try {
  const dashboard = await startTestDashboard(t);
  const owner = await dashboard.user();
  const { client_id: clientId } = await startBusiness(dashboard, owner);
  await fillBusiness(dashboard.database.general, clientId);
  const browser = await openBrowser(t);
  // The first window starts processes of the browser.
  await visit(dashboard, browser, owner);
  const visits: Visit[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    visits.push(await visit(dashboard, browser, owner));
  }
  const median = (values: number[]) => values.toSorted((one, other) => one - other)[ROUNDS >> 1]!;
  const ms = (pick: (one: Visit) => number) => Math.round(median(visits.map(pick)));
  console.log(`first visit, nothing cached, median of ${ROUNDS}:`);
  console.log(`  navigation can be clicked after ${ms((one) => one.frameMs)} ms`);
  console.log(`  home page with its figures after ${ms((one) => one.shownMs)} ms`);
  console.log(
    `  script ${Math.round(visits[0]!.scriptBytes / 1000)} kB, all ${Math.round(visits[0]!.bytes / 1000)} kB`,
  );
} finally {
  await stack.disposeAsync();
}

interface Visit {
  readonly frameMs: number;
  readonly shownMs: number;
  readonly bytes: number;
  readonly scriptBytes: number;
}

/** With a cache of its own, which is empty. */
async function visit(dashboard: TestDashboard, browser: Browser, owner: TestUser): Promise<Visit> {
  const context = await dashboard.window(browser, owner);
  const page = await context.newPage();
  let bytes = 0;
  let scriptBytes = 0;
  const counted: Promise<void>[] = [];
  page.on('requestfinished', (request) => {
    const count = async () => {
      const { responseBodySize: size } = await request.sizes();
      bytes += size;
      if (request.resourceType() === 'script') scriptBytes += size;
    };
    // What is still asked when the window closes has no size.
    counted.push(count().catch(() => {}));
  });
  const startedMs = performance.now();
  await page.goto('/', { waitUntil: 'commit' });
  await page.getByRole('link', { name: 'Live calls' }).waitFor();
  const frameMs = performance.now() - startedMs;
  await page.getByText('Calls today').waitFor();
  const shownMs = performance.now() - startedMs;
  await Promise.all(counted);
  await context.close();
  return { frameMs, shownMs, bytes, scriptBytes };
}
