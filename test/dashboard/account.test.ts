// The end of an account in a real browser: what would be lost is shown, a slip is survived, and then nobody is signed in.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashPassword } from '../../src/lib/passwords.ts';
import { openBrowser } from '../support/browser/browser.ts';
import { startTestDashboard } from '../support/browser/dashboard.ts';

const PASSWORD = 'four words of mine';
const VISIBLE = { state: 'visible' } as const;

test('an owner deletes their account', async (t) => {
  const dashboard = await startTestDashboard(t);
  const browser = await openBrowser(t);
  const sql = dashboard.database.general;
  const owner = await dashboard.user({ passwordHash: await hashPassword(PASSWORD) });
  const made = await dashboard.as(owner).post('/api/clients', { name: 'Bright Smile' });
  await sql`SELECT meter_post(${made.json.id}, 'adjust', 7200, 'given', '{}')`;
  const page = await (await dashboard.window(browser, owner)).newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  const dialog = page.getByRole('dialog', { name: 'Delete your account?' });
  const begin = () => page.getByRole('button', { name: 'Delete', exact: true }).click();
  const finish = () => dialog.getByRole('button', { name: 'Delete for good' }).click();

  await page.goto('/app/account');
  await begin();
  await dialog.getByText('120 min of talk time are lost').waitFor(VISIBLE);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });
  await begin();
  await dialog.getByLabel('Current password').fill('other words of mine');
  await finish();
  await dialog.getByText('The password is incorrect.').waitFor(VISIBLE);
  assert.equal((await dashboard.as(owner).get('/api/clients')).json.length, 1);
  await dialog.getByLabel('Current password').fill(PASSWORD);
  await finish();
  await page.getByText('Your account is deleted.').waitFor(VISIBLE);
  await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor(VISIBLE);
  assert.equal((await dashboard.as(owner).get('/api/clients')).status, 401);
  await page.goto('/app/account');
  await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor(VISIBLE);
  assert.deepEqual(faults, []);
});
