// A session that ends while a page is open, in a real browser: what is typed is there when its user is back, and nothing of it for another.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { hashPassword } from '../../src/lib/passwords.ts';
import { openBrowser } from '../support/browser/browser.ts';
import { startTestDashboard } from '../support/browser/dashboard.ts';
import { saved } from '../support/browser/page-waits.ts';

const PASSWORD = 'four words of mine';
const VISIBLE = { state: 'visible' } as const;

test('a session ends in the middle of a form', async (t) => {
  const dashboard = await startTestDashboard(t);
  const browser = await openBrowser(t);
  const passwordHash = await hashPassword(PASSWORD);
  const owner = await dashboard.user({ passwordHash });
  const other = await dashboard.user({ passwordHash });
  const { id } = (await dashboard.as(owner).post('/api/clients', { name: 'Bright Smile' })).json;
  const context = await dashboard.window(browser, owner);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  const settings = `/app/clients/${id}/settings`;
  const name = page.getByLabel('Name of the business');
  const press = () => page.getByRole('button', { name: 'Save', exact: true }).click();
  const again = page.getByRole('dialog', { name: 'You are signed out' });
  const signInAs = async (place: Page, email: string | null) => {
    await place.getByLabel('E-mail or username').fill(email ?? '');
    await place.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await place.getByRole('button', { name: 'Sign in', exact: true }).click();
  };
  const end = () => dashboard.as(owner, 'session').post('/api/auth/logout', {});
  const stored = async () => (await dashboard.as(owner).get(`/api/clients/${id}`)).json.name;

  await t.test('a save that is refused can be done again after signing in', async () => {
    await page.goto(settings);
    await name.fill('Brighter Smile');
    await end();
    await press();
    await again.waitFor(VISIBLE);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await again.waitFor(VISIBLE);
    await signInAs(page, owner.email);
    await again.waitFor({ state: 'detached' });
    assert.equal(await name.inputValue(), 'Brighter Smile');
    await saved(page, press);
    assert.equal(await stored(), 'Brighter Smile');
  });

  const second = await context.newPage();
  const signOut = async () => {
    await second.goto('/app/account');
    await second.getByRole('button', { name: 'A User' }).click();
    await second.getByRole('menuitem', { name: 'Sign out' }).click();
    await second.getByRole('button', { name: 'Sign in', exact: true }).waitFor(VISIBLE);
  };

  await t.test('signed out and in again in another window, the form goes on', async () => {
    await name.fill('Brightest Smile');
    await signOut();
    await again.waitFor(VISIBLE);
    await signInAs(second, owner.email);
    await again.waitFor({ state: 'detached' });
    await saved(page, press);
    assert.equal(await stored(), 'Brightest Smile');
  });

  await t.test('nothing of it is there for somebody else', async () => {
    await name.fill('A Secret');
    await signOut();
    await again.waitFor(VISIBLE);
    await signInAs(second, other.email);
    await again.waitFor({ state: 'detached' });
    await name.waitFor({ state: 'detached' });
    assert.equal(await stored(), 'Brightest Smile');
  });

  await t.test('with nothing typed the page is gone, and signing in leads back to it', async () => {
    await signOut();
    await page.getByText('You are signed out').waitFor(VISIBLE);
    assert.equal(await again.count(), 0);
    await signInAs(page, owner.email);
    await name.waitFor(VISIBLE);
    assert.equal(new URL(page.url()).pathname, settings);
  });
  assert.deepEqual(faults, []);
});
