// What owners seldom have, in a real browser: pages bear it, and each says what to do about it. Sixty clients are searched, not
// looked through; names and texts of any length and script stay within their places.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBrowser } from '../support/browser/browser.ts';
import { startTestDashboard } from '../support/browser/dashboard.ts';
import { look } from '../support/browser/look-at-pages.ts';
import { startOddBusiness } from '../support/browser/odd-business.ts';

test('an owner with everything unusual', async (t) => {
  const dashboard = await startTestDashboard(t);
  const browser = await openBrowser(t);
  const owner = await dashboard.user();
  const { clientId, longId, conversationIds } = await startOddBusiness(dashboard, owner);
  const own = `/app/clients/${clientId}`;
  const context = await dashboard.window(browser, owner);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));

  await t.test('finds no page too narrow for it, and no barrier', async () => {
    const pages = ['conversations', 'calendar', 'messages', 'contacts', 'billing'].map(
      (name) => `${own}/${name}`,
    );
    assert.deepEqual(
      await look(context, 'light', [
        '/',
        '/app/clients',
        ...pages,
        `${own}/settings/calendar`,
        `${own}/conversations/${conversationIds[5]}`,
      ]),
      {},
    );
    assert.deepEqual(await look(context, 'dark', [`${own}/conversations/${longId}`]), {});
  });

  await t.test('is told of a few by name and of the others by number', async () => {
    await page.goto('/');
    await page.getByText(/and 57 more: no talk time left$/).waitFor();
    await page.getByRole('alert').getByRole('link', { name: 'See all' }).click();
    await page.getByRole('searchbox', { name: 'Search by name or number' }).fill('no. 42');
    const rows = page.getByRole('row');
    await rows.nth(2).waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /Branch No. 42/ }).waitFor();
    assert.equal(await rows.count(), 2, 'a heading and one');
    await page.reload();
    await page.getByRole('row', { name: /Branch No. 42/ }).waitFor();
    assert.equal(await rows.count(), 2, 'the search is in the address');
  });

  await t.test('goes to another client by the keyboard alone', async () => {
    await page.goto(`${own}/contacts`);
    await page.getByRole('button', { name: /^Choose a client/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Choose a client' }).waitFor();
    const box = page.getByRole('dialog').getByRole('searchbox');
    while (!(await box.evaluate((each) => each === each.ownerDocument.activeElement))) {
      await page.keyboard.press('Tab');
    }
    await page.keyboard.type('branch no. 17');
    await page.getByRole('dialog').getByRole('listitem').nth(1).waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname !== `${own}/contacts`);
    assert.match(page.url(), /\/contacts$/);
    await page.getByRole('button', { name: 'Choose a client: Branch No. 17' }).waitFor();
  });

  await t.test('sees on a phone whose page it is', async () => {
    const narrow = await dashboard.window(browser, owner, {
      viewport: { width: 390, height: 844 },
    });
    const small = await narrow.newPage();
    await small.goto(`${own}/conversations`);
    await small.getByRole('main').getByText('look at this').first().waitFor();
    await small.getByRole('button', { name: /^Choose a client: The Very Long Name/ }).click();
    await small.getByRole('dialog', { name: 'Choose a client' }).waitFor();
    await narrow.close();
  });

  await t.test('has a next step for what went wrong', async () => {
    await page.goto(`${own}/conversations/${conversationIds[5]}`);
    const notice = page.getByRole('alert').filter({ hasText: 'whether anybody answered' });
    const call = notice.getByRole('link', { name: 'Call back' });
    assert.equal(await call.getAttribute('href'), 'tel:+14155550182');
    await page.goto(`${own}/billing`);
    await page
      .getByRole('alert')
      .filter({ hasText: 'The last payment failed' })
      .getByRole('button', { name: 'Cards and invoices' })
      .waitFor();
    await page.goto(`${own}/calendar`);
    await page.getByRole('alert').getByRole('link', { name: 'Connect again' }).click();
    await page.getByRole('button', { name: 'Connect again' }).waitFor();
  });

  await t.test('comes from home to the very message, and back to the list as it was', async () => {
    await page.goto('/');
    await page.locator('a[href*="messages?message="]').first().click();
    await page.getByRole('button', { name: 'Mark as unread' }).waitFor();
    const unread = () => page.waitForResponse((response) => /unread=true/.test(response.url()));
    const narrowed = unread();
    await page.getByText('Unread', { exact: true }).click();
    await page.waitForURL('**/messages?*show=unread*');
    await narrowed;
    // Those that have been read are gone.
    const messages = page.getByRole('main').getByRole('button', { expanded: false });
    await messages
      .and(page.locator(':not(:has([aria-label=unread]))'))
      .first()
      .waitFor({ state: 'detached' });
    const again = unread();
    await messages.filter({ hasText: 'Urgent' }).first().click();
    // Read by being opened, it does not vanish from under its reader.
    await again;
    await page.getByRole('button', { name: 'Mark as unread' }).waitFor();
    await page.getByRole('link', { name: 'Hear what was said' }).first().click();
    await page.waitForURL('**/conversations/*');
    await page.getByRole('heading', { name: 'Details' }).waitFor();
    await page.goBack();
    await page.waitForURL('**/messages?*show=unread*');
  });
  assert.deepEqual(faults, []);
});
