// Waits for what a page comes to show, never for what may have stood there before: the same words may be those of an earlier save,
// of the page before, or of the list before it was narrowed.

import type { Page, Request } from 'playwright-core';
import { untilAsync } from '../until.ts';

/** As long as a page waits for anything: see `openWindow`. */
const SETTLED_MS = 60_000;
/** Answers become questions and pages anew within a few frames. */
const STILL_FRAMES = 3;

/**
 * Presses what saves, and resolves when the server has taken the change and the page has said so. News that stands there
 * already is put away before.
 */
export async function saved(
  page: Page,
  press: () => Promise<unknown>,
  said = 'Saved.',
): Promise<void> {
  const news = page.getByRole('status');
  const old = news.getByRole('button', { name: 'Dismiss' });
  // All at once: each goes by itself, too, and might be gone before it is pressed.
  await old.evaluateAll((buttons: { click(): void }[]) => {
    for (const button of buttons) button.click();
  });
  await old.first().waitFor({ state: 'detached' });
  const taken = page.waitForResponse(
    (answer) => answer.request().method() !== 'GET' && answer.ok(),
  );
  await Promise.all([taken, press()]);
  await news.getByText(said, { exact: true }).waitFor();
}

/** What never ends, or only when it is looked at. */
const ENDLESS = new Set(['eventsource', 'media', 'websocket']);

/**
 * Gives what waits until a page has its title, everything it has asked for, and nothing that says it is loading. Made before the
 * page is opened.
 */
export function settling(page: Page): () => Promise<void> {
  const open = new Set<Request>();
  page.on('request', (request) => {
    if (!ENDLESS.has(request.resourceType())) open.add(request);
  });
  for (const over of ['requestfinished', 'requestfailed'] as const) {
    page.on(over as 'requestfinished', (request) => open.delete(request));
  }
  const loading = page.getByRole('status', { name: 'Loading' });
  return async () => {
    const title = page.getByRole('heading', { level: 1 });
    await title.or(page.getByText('This page does not exist')).first().waitFor();
    let still = 0;
    await untilAsync(
      'everything is there that the page has asked for',
      async () => {
        await page.evaluate('new Promise((resolve) => requestAnimationFrame(resolve))');
        still = open.size === 0 && (await loading.count()) === 0 ? still + 1 : 0;
        return still === STILL_FRAMES;
      },
      SETTLED_MS,
    );
  };
}
