// An owner buys talk time in a real browser, at a checkout that stands in for Stripe's, and reads the statement.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBillingApi } from '../support/product/billing.ts';
import { openBrowser } from '../support/browser/browser.ts';
import { builtDashboard, openWindow } from '../support/browser/dashboard.ts';
import { saved } from '../support/browser/page-waits.ts';

test('talk time is bought, a plan begun and cancelled, and all of it stands in the statement', async (t) => {
  const b = await startBillingApi(t, { dashboard: await builtDashboard() });
  const browser = await openBrowser(t);
  const context = await openWindow(browser, b.url, b.owner, { baseURL: b.url });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  const own = `/app/clients/${b.clientId}/billing`;

  await t.test('nothing is left, and the page says what that means', async () => {
    await page.goto(own);
    await page.getByText('No talk time left').waitFor();
    await page.goto(`${own}/statement`);
    await page.getByText('Nothing yet').waitFor();
  });

  await t.test('the checkout is left without paying: nothing is bought', async () => {
    await page.goto(own);
    await page.getByRole('button', { name: 'Buy 1 hour' }).click();
    await page.getByText(/without paying/).click();
    await page.getByText('without paying. Nothing was charged.').waitFor();
    assert.equal((await b.books()).balance, 0);
  });

  await t.test('a card is declined, another one pays: its time is there at once', async () => {
    await page.getByRole('button', { name: 'Buy 1 hour' }).click();
    await page.getByRole('button', { name: 'Try a card that is declined' }).click();
    await page.getByRole('alert').getByText('Your card was declined.').waitFor();
    await page.getByRole('button', { name: 'Pay', exact: true }).click();
    await page.getByText('Thank you. 60 min of talk time are added.').waitFor();
    await page.getByText('60 min', { exact: true }).first().waitFor();
    assert.equal((await b.books()).balance, 3600);
  });

  await t.test('automatic top-up is switched on with the card that was used', async () => {
    await page.getByLabel('Buy automatically').click();
    await page.getByLabel('When less is left than').fill('10');
    await saved(
      page,
      () => page.getByRole('button', { name: 'Save' }).click(),
      'Automatic top-up is saved.',
    );
    const { json } = await b.mine.get(`/api/clients/${b.clientId}/auto-top-up`);
    assert.deepEqual([json.enabled, json.threshold_seconds], [true, 600]);
  });

  await t.test('what went wrong with a payment is told with what to do', async () => {
    const sql = b.database.general;
    await sql`
      UPDATE billing_accounts SET auto_enabled = false, auto_failure = 'insufficient_funds',
        auto_failed_at = now() WHERE client_id = ${b.clientId}`;
    const [order] = await sql<{ id: string }[]>`
      UPDATE orders SET state = 'mismatch' WHERE client_id = ${b.clientId} AND state <> 'paid'
      RETURNING id`;
    await page.goto(`${own}?checkout=done&order=${order!.id}`);
    await page.getByText('There was not enough money for the card.').waitFor();
    await page.getByText('The payment does not fit what was ordered').waitFor();
    await sql`UPDATE orders SET state = 'processing' WHERE id = ${order!.id}`;
    await page.reload();
    await page.getByText('Your bank has the payment.').waitFor();
    await sql`UPDATE orders SET state = 'expired' WHERE id = ${order!.id}`;
    await page.goto(own);
  });

  await t.test('a plan begins, brings its time, and is cancelled', async () => {
    await page.getByRole('button', { name: 'Subscribe: Starter' }).click();
    await page.getByRole('button', { name: 'Pay', exact: true }).click();
    await page.getByText('Your plan').waitFor();
    await b.settled();
    assert.equal((await b.books()).balance, 3600 + 14_400);
    await page.getByRole('button', { name: 'Cancel the plan' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the plan' }).click();
    await page.getByText(/^Ends on /).waitFor();
    await page.getByRole('button', { name: 'Keep the plan' }).waitFor();
  });

  await t.test(
    'the statement has every entry with what was left, and the receipts their links',
    async () => {
      await page.getByRole('link', { name: 'Statement' }).click();
      const rows = page.getByRole('table', { name: 'Statement' }).getByRole('row');
      await rows.nth(2).waitFor();
      assert.match(await rows.nth(1).innerText(), /\+4:00:00\s*300 min/);
      assert.match(await rows.nth(2).innerText(), /1 hour, \$10\.00\s*\+1:00:00\s*60 min/);
      await page.getByRole('link', { name: 'Receipts' }).click();
      await page.getByRole('link', { name: 'Receipt', exact: true }).first().waitFor();
      await page.getByRole('table', { name: 'Orders' }).getByText('Paid').first().waitFor();
    },
  );
  assert.deepEqual(faults, []);
});
