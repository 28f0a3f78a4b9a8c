// Opens pages one after the other as their users see them, and says what is wrong with them: wider than their window, said to the
// console, or a barrier that axe finds.

import axe from 'axe-core';
import type { BrowserContext, Page } from 'playwright-core';
import { settling } from './page-waits.ts';

export const desk = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };

interface Finding {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** How many pixels of the page are beyond the window. */
function overflow(page: Page): Promise<number> {
  return page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
}

/** What axe finds serious in what the page shows now. */
async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const findings = await page.evaluate<Finding[]>(`
    axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)`);
  return findings
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.failureSummary.replaceAll(/\s+/g, ' ')} ${node.html}`),
    );
}

/** Wide and narrow, and what is left of a wide window at 200 percent. */
const zoomed = { width: 640, height: 400 };

type Theme = 'light' | 'dark';

/**
 * Opens pages one after the other in one window, wide and on a phone, and looks for barriers in this theme: light on the wide
 * page, dark on the phone. Gives what is wrong, and where.
 */
export async function look(
  context: BrowserContext,
  theme: Theme,
  addresses: readonly string[],
): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  const page = await context.newPage();
  const settled = settling(page);
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  let said: string[] = [];
  page.on('console', (message) => {
    // Who is nobody is told so by a 401.
    if (message.type() === 'error' && !/ 401 /.test(message.text())) said.push(message.text());
  });
  page.on('pageerror', (error) => said.push(error.message));
  for (const address of addresses) {
    said = [];
    await page.setViewportSize(desk);
    await page.goto(address);
    await settled();
    const faults = theme === 'light' ? await barriers(page) : [];
    if ((await overflow(page)) > 0) faults.push('wider than the window');
    await page.setViewportSize(zoomed);
    if ((await overflow(page)) > 0) faults.push('wider than a window at 200 percent');
    await page.setViewportSize(phone);
    if ((await overflow(page)) > 0) faults.push('wider than a phone');
    if (theme === 'dark') faults.push(...(await barriers(page)));
    for (const fault of [...said, ...faults]) (found[fault] ??= []).push(address);
  }
  await page.close();
  return found;
}
