// The administration in a real browser: an administrator does each of its tasks, and others see only what is theirs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBillingApi } from '../support/product/billing.ts';
import { openBrowser } from '../support/browser/browser.ts';
import { startBusiness } from '../support/product/business.ts';
import { builtDashboard, openWindow } from '../support/browser/dashboard.ts';
import { saved } from '../support/browser/page-waits.ts';

test('an administrator looks after users, talk time, sales, commands and settings', async (t) => {
  const b = await startBillingApi(t, { dashboard: await builtDashboard() });
  const browser = await openBrowser(t);
  const admin = await b.user({ role: 'admin' });
  const asAdmin = b.as(admin);
  await startBusiness(b, b.owner, { word: 'Lighthouse' });
  const context = await openWindow(browser, b.url, admin, { baseURL: b.url });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  const dialog = page.getByRole('dialog');
  const save = () => dialog.getByRole('button', { name: 'Save' }).click();

  await t.test('the state of the server', async () => {
    await page.goto('/app/admin');
    await page.getByText('Event loop late').waitFor();
    await page.getByText('Every payment fits its order').waitFor();
  });

  await t.test('a user is added, refused at the field, and blocked', async () => {
    await page.getByRole('link', { name: 'Users' }).click();
    await page.getByRole('button', { name: 'Add user' }).click();
    await dialog.getByLabel('Name').fill('wanda');
    await dialog.getByLabel('E-mail').fill('wanda@example.com');
    await dialog.getByLabel('New password').fill('short');
    await save();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByLabel('New password').fill('a long enough one 7');
    await save();
    await page.getByRole('button', { name: 'wanda' }).click();
    await dialog.getByLabel('Status').selectOption('blocked');
    await save();
    await page.getByRole('cell', { name: 'Blocked' }).waitFor();
    await page.getByRole('searchbox').fill('wanda@');
    await page.getByRole('row').nth(2).waitFor({ state: 'detached' });
    await page.getByRole('cell', { name: /wanda/ }).waitFor();
    const login = await b.as().post('/auth/login', {
      username: 'wanda@example.com',
      password: 'a long enough one 7',
    });
    assert.equal(login.status, 401);
  });

  await t.test('talk time is given with a reason', async () => {
    await page.getByRole('link', { name: 'Clients', exact: true }).click();
    const search = page.getByRole('searchbox', { name: 'Search by name or number' });
    await search.fill('nobody of this name');
    await page.getByText('Nothing found').waitFor();
    await search.fill('acm');
    const row = page.getByRole('row', { name: /Acme/ });
    await row.getByRole('button', { name: 'Adjust talk time' }).click();
    await dialog.getByLabel('Minutes').fill('5');
    await dialog.getByLabel('Reason').fill('A gift.');
    // It is given, and the answer is lost on the way: pressed again, it is not given twice.
    const given = /\/adjustments$/;
    await page.route(given, async (route) => {
      await route.fetch();
      await route.abort();
    });
    await save();
    await dialog.getByRole('alert').getByText('The server cannot be reached.').waitFor();
    await page.unroute(given);
    await save();
    await row.getByText('5 min 00 s').waitFor();
    assert.deepEqual(await b.books(), { balance: 300, debt: 0, entries: [['adjust', 300]] });
  });

  await t.test('what callers said is found by its words', async () => {
    await page.getByRole('link', { name: 'Conversations' }).last().click();
    const heading = page.getByRole('columnheader', { name: 'How' });
    await heading.waitFor();
    const { height = 0 } = (await heading.boundingBox()) ?? {};
    assert.ok(height > 0 && height < 40, `a word stands in one line, not in ${height} pixels`);
    // The list of all has it, too, until what is typed is searched for.
    const found = page.waitForResponse(/\/search\?query=Lighthouse/);
    await page.getByRole('searchbox').fill('Lighthouse');
    await found;
    await page.getByRole('button', { name: 'Business Lighthouse' }).first().click();
    await dialog
      .getByRole('listitem')
      .getByText(/Lighthouse/)
      .first()
      .waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('searchbox').fill('');
    await page.getByText('Errors', { exact: true }).click();
    await page.getByText('Nothing has gone wrong').waitFor();
    const sql = b.database.general;
    await sql`UPDATE conversations SET flags = '{machine_caller}' WHERE ended_at IS NOT NULL`;
    await page.reload();
    await page.getByText('Errors', { exact: true }).click();
    await page.getByText('A machine called').first().waitFor();
  });

  await t.test('something new is sold, and taken off again', async () => {
    await page.getByRole('link', { name: 'Sales' }).click();
    await page.getByRole('button', { name: 'Sell something new' }).click();
    await dialog.getByLabel('Name').fill('Ten hours');
    await dialog.getByLabel('Price').fill('9900');
    await dialog.getByLabel('Talk time').fill('600');
    await save();
    await page.getByRole('button', { name: 'Ten hours' }).click();
    await dialog.getByLabel('For sale').click();
    await save();
    await page.getByRole('cell', { name: 'Not for sale' }).waitFor();
    await page.getByText('Saved. It is not for sale.').waitFor();
  });

  await t.test('a command is made and deleted', async () => {
    await page.getByRole('link', { name: 'Commands' }).click();
    await page.getByRole('button', { name: 'New command' }).click();
    await dialog.getByLabel('Name').fill('parking');
    await dialog.getByLabel('Words that call it').fill('parking\nwhere can I park');
    await dialog.getByLabel('Reply').fill('Behind the house.');
    await save();
    await page.getByText('parking, where can I park → Behind the house.').waitFor();
    await page.getByRole('button', { name: 'parking' }).click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page
      .getByRole('dialog', { name: 'Delete the command parking?' })
      .getByRole('button', { name: 'Delete' })
      .click();
    await page.getByText('No commands yet').waitFor();
  });

  await t.test('a setting is changed, and the change is kept with its author', async () => {
    await page.getByRole('link', { name: 'Configuration' }).click();
    const turn = page.getByLabel('A turn of a chat costs, in seconds');
    const languages = page.getByLabel('Languages, separated by spaces');
    const press = (field: typeof turn) =>
      page.locator('form').filter({ has: field }).getByRole('button', { name: 'Save' }).click();
    await turn.fill('12');
    await languages.waitFor();
    assert.deepEqual(await page.getByText(/^[a-z]+(_[a-z]+)+$/).allTextContents(), []);
    await saved(page, () => press(turn));
    await page.getByText('A turn of a chat costs, in seconds: as shipped → 12').waitFor();
    assert.equal((await asAdmin.get('/admin/config')).json.config.chat_turn_seconds, 12);
    await languages.fill('en');
    await languages.pressSequentially(' fr german');
    await press(languages);
    await page.getByRole('alert').getByText('the small letters of a language').waitFor();
    await languages.fill('en');
    await languages.pressSequentially(' fr ');
    await saved(page, () => press(languages));
    await page.getByText(/^Languages, separated by spaces: .+ → en fr$/).waitFor();
    assert.deepEqual((await asAdmin.get('/admin/bot/config')).json.config.supported_languages, [
      'en',
      'fr',
    ]);
  });

  await t.test('a moderator looks after people only; an owner finds nothing here', async () => {
    const moderator = await openWindow(browser, b.url, await b.user({ role: 'moderator' }), {
      baseURL: b.url,
    });
    const theirs = await moderator.newPage();
    await theirs.goto('/app/admin');
    await theirs.getByRole('cell', { name: /wanda/ }).waitFor();
    assert.equal(await theirs.getByRole('button', { name: 'Add user' }).count(), 0);
    assert.equal(await theirs.getByRole('link', { name: 'Sales' }).count(), 0);
    const owner = await openWindow(browser, b.url, b.owner, { baseURL: b.url });
    const other = await owner.newPage();
    await other.goto('/app/admin/users');
    await other.getByText('This page does not exist').waitFor();
  });
  assert.deepEqual(faults, []);
});
