// Contacts, messages and charts in a real browser: an owner keeps a list of callers and works through the inbox.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../src/lib/clock.ts';
import { newId } from '../../src/lib/ids.ts';
import { insertOutboundCall, updateOutboundCall } from '../../src/store/calls/outbound-calls.ts';
import { openBrowser } from '../support/browser/browser.ts';
import { fillBusiness } from '../support/browser/busy-business.ts';
import { startTestDashboard } from '../support/browser/dashboard.ts';
import { saved } from '../support/browser/page-waits.ts';

const VISIBLE = { state: 'visible' } as const;

test('an owner keeps contacts, reads messages, and looks at charts', async (t) => {
  const dashboard = await startTestDashboard(t);
  const browser = await openBrowser(t);
  const owner = await dashboard.user();
  const requests = dashboard.as(owner);
  const client = (await requests.post('/api/clients', { name: 'Bright Smile' })).json;
  const context = await dashboard.window(browser, owner, { baseURL: dashboard.url });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  const own = `/app/clients/${client.id}`;
  const save = () => page.getByRole('button', { name: 'Save' }).click();

  await t.test('what is empty says what will be here', async () => {
    for (const [name, said] of [
      ['contacts', 'No contacts yet'],
      ['messages', 'No messages'],
      ['analytics', 'No calls in this time'],
    ] as const) {
      await page.goto(`${own}/${name}`);
      await page.getByText(said).waitFor(VISIBLE);
    }
  });

  await t.test('a contact is added, refused at its field, found, changed and deleted', async () => {
    await page.goto(`${own}/contacts`);
    await page.getByRole('button', { name: 'Add contact' }).press('Enter');
    await page.getByRole('dialog').getByLabel('Name').and(page.locator(':focus')).waitFor();
    await page.keyboard.type('Anna Reyes');
    await page.getByLabel('Phone number').fill('12');
    await save();
    await page.getByRole('dialog').getByRole('alert').waitFor(VISIBLE);
    await page.getByLabel('Phone number').fill('+1 202 555 0177');
    await save();
    await page.getByRole('button', { name: 'Anna Reyes' }).waitFor(VISIBLE);
    await page.getByRole('searchbox').fill('nobody of this name');
    await page.getByText('Nobody found').waitFor(VISIBLE);
    await page.getByRole('searchbox').fill('reyes');
    const anna = page.getByRole('button', { name: 'Anna Reyes' });
    await anna.press('Enter');
    await page.keyboard.press('Escape');
    await anna.and(page.locator(':focus')).waitFor(VISIBLE);
    await anna.click();
    await page.getByLabel('Notes').fill('Prefers mornings.');
    await saved(page, save, 'Contact saved.');
    const [stored] = (await requests.get(`/api/clients/${client.id}/contacts`)).json;
    assert.deepEqual(
      [stored.name, stored.phone_number, stored.notes],
      ['Anna Reyes', '+12025550177', 'Prefers mornings.'],
    );
    await page.getByRole('button', { name: 'Anna Reyes' }).click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page
      .getByRole('dialog', { name: /Delete Anna/ })
      .getByText('Delete', { exact: true })
      .click();
    await page.getByText('Contact deleted.').waitFor(VISIBLE);
    assert.deepEqual((await requests.get(`/api/clients/${client.id}/contacts`)).json, []);
  });

  await t.test('a list is imported, and the line that is wrong is named', async () => {
    await page.goto(`${own}/contacts`);
    await page.getByRole('button', { name: 'Import' }).click();
    await page.getByLabel('Choose a file').setInputFiles({
      name: 'contacts.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('phone_number,name,notes\n+12025550178,Bo Lind,\nnone,Nobody,\n'),
    });
    await page.getByText('1 added, 0 changed.').waitFor(VISIBLE);
    await page.getByText(/^Line 3: /).waitFor(VISIBLE);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Bo Lind' }).waitFor(VISIBLE);
  });

  await t.test('what cannot be had leaves what is there, and is asked for again', async () => {
    const rows = Array.from({ length: 100 }, (_, place) => `+1202556${1000 + place},No. ${place},`);
    await page.getByRole('button', { name: 'Import' }).click();
    await page.getByLabel('Choose a file').setInputFiles({
      name: 'contacts.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(['phone_number,name,notes', ...rows].join('\n')),
    });
    await page.getByText('100 added, 0 changed.').waitFor(VISIBLE);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByText('101 contacts').waitFor(VISIBLE);
    const next = /\/contacts\?.*cursor/;
    await page.route(next, (route) => route.fulfill({ status: 400, json: { detail: 'Not now.' } }));
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.getByRole('alert').getByText('Not now.').waitFor(VISIBLE);
    assert.equal(await page.getByRole('row').count(), 101, 'a heading and a hundred');
    await page.unroute(next);
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.getByRole('row').nth(101).waitFor(VISIBLE);
    assert.equal(await page.getByRole('alert').count(), 0);
    // One that a link leads to, and somebody has deleted.
    await page.goto(`${own}/contacts?contact=${client.id}`);
    await page.getByText('This contact does not exist any more.').waitFor(VISIBLE);
  });

  await t.test('a message that is opened is read', async () => {
    await fillBusiness(dashboard.database.general, client.id as string, { calls: 8 });
    await page.goto(`${own}/messages`);
    await page.getByRole('button', { name: /Tom Becker.*crown/ }).click();
    await page.getByRole('link', { name: 'Call (415) 555-0172' }).waitFor(VISIBLE);
    await page.getByText('Unread', { exact: true }).click();
    await page.getByText(/insurance/).waitFor(VISIBLE);
    await page.getByText(/my crown/).waitFor({ state: 'detached' });
    const unread = await requests.get(`/api/clients/${client.id}/messages?unread=true`);
    assert.deepEqual(
      unread.json.map(({ name }: { name: string }) => name),
      ['Priya Raman'],
    );
  });

  await t.test('a number is blocked, and let in again; limits are kept', async () => {
    await page.goto(`${own}/settings/callers`);
    await page.getByText('No number is blocked').waitFor(VISIBLE);
    await page.getByLabel('Phone number').fill('+1 202 555 0199');
    await page.getByRole('button', { name: 'Block', exact: true }).click();
    await page.getByRole('button', { name: /^Let call again/ }).waitFor(VISIBLE);
    const blocked = await requests.get(`/api/clients/${client.id}/blocked-callers`);
    assert.equal(blocked.json[0].phone_number, '+12025550199');
    await page.getByRole('button', { name: /^Let call again/ }).click();
    await page.getByText('No number is blocked').waitFor(VISIBLE);
    await page.getByLabel('Minutes of one number a day').fill('30');
    await saved(page, save);
    const limits = await requests.get(`/api/clients/${client.id}/caller-limits`);
    assert.equal(limits.json.caller_seconds_max, 1800);
  });

  await t.test(
    'outgoing calls are allowed, asked for, refused in words, and their ends told',
    async () => {
      const sql = dashboard.database.general;
      const dialog = page.getByRole('dialog');
      await requests.patch(`/api/clients/${client.id}`, { phone_number: '+12025550123' });
      await page.goto(`${own}/outgoing`);
      await page.getByText('No calls yet').waitFor(VISIBLE);
      await page.getByRole('link', { name: 'Allow it' }).click();
      await page.getByRole('switch', { name: 'Call people' }).click();
      await page.getByLabel('Not before').fill('00:00');
      await page.getByLabel('Not after').fill('23:59');
      await saved(page, save);
      await page.goto(`${own}/outgoing`);
      await page.getByRole('button', { name: 'Call somebody' }).click();
      await dialog.getByLabel('Phone number').fill('12');
      await dialog.getByLabel('What it is about').fill('Your appointment is at ten.');
      const callNow = dialog.getByRole('button', { name: 'Call now' });
      await callNow.click();
      await dialog.getByRole('textbox').and(page.locator('[aria-invalid=true]')).waitFor(VISIBLE);
      await dialog.getByLabel('Phone number').fill('+1 202 555 0145');
      await callNow.click();
      await dialog.getByText(/There is no consent/).waitFor(VISIBLE);
      await dialog.getByRole('switch', { name: 'They have agreed to be called' }).click();
      await callNow.click();
      // Nobody has bought talk time.
      await dialog.getByText('No talk time is left. Buy some to go on.').waitFor(VISIBLE);
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await page.getByRole('button', { name: 'Do not call: (202) 555-0145' }).click();
      await page.getByText('Not to be called').waitFor(VISIBLE);
      const consents = await requests.get(`/api/clients/${client.id}/call-consents`);
      assert.deepEqual(
        consents.json.map(({ phone_number, state }: Record<string, string>) => [
          phone_number,
          state,
        ]),
        [['+12025550145', 'refused']],
      );
      const call = {
        clientId: client.id as string,
        phoneNumber: '+12025550145',
        createdBy: owner.id,
      };
      for (const [state, answeredBy, said] of [
        ['completed', 'machine', 'Mailbox'],
        ['busy', 'unknown', 'Busy'],
        ['ringing', 'unknown', 'Ringing'],
      ] as const) {
        const id = newId(systemClock.now());
        const text = 'Your appointment is at ten.';
        const about = { purpose: 'reminder', text, voicemailText: '' } as const;
        await insertOutboundCall(sql, { ...call, id, ...about }, { startSecondsMin: 0 });
        await updateOutboundCall(sql, id, { state, answeredBy });
        await page.reload();
        await page
          .getByRole('row', { name: /\(202\) 555-0145/ })
          .getByText(said)
          .waitFor(VISIBLE);
      }
    },
  );

  await t.test('who is tried first is changed, also of two in the same place', async () => {
    const targets = `/api/clients/${client.id}/transfer-targets`;
    for (const [name, phone_number] of [
      ['Ann', '+12025550181'],
      ['Bob', '+12025550182'],
    ]) {
      const made = await requests.post(targets, { name, phone_number, position: 2 });
      assert.equal(made.status, 201, made.text);
    }
    await page.goto(`${own}/settings/people`);
    await page.getByRole('button', { name: 'Move Bob up' }).focus();
    // When both are stored the list is read again.
    const read = page.waitForResponse(
      (answer) => answer.request().method() === 'GET' && answer.url().includes('transfer-targets'),
    );
    await Promise.all([read, page.keyboard.press('Enter')]);
    const names = (await requests.get(targets)).json.map((each: any) => each.name);
    assert.deepEqual(names.slice(-2), ['Bob', 'Ann']);
    // Who has no mouse moves on from there.
    await page
      .getByRole('button', { name: 'Move Bob up' })
      .and(page.locator(':focus'))
      .waitFor(VISIBLE);
  });

  await t.test('who takes over when a vendor fails is chosen', async () => {
    await page.goto(`${own}/settings/voice`);
    const chain = page.getByLabel('Speaking', { exact: true });
    await chain.selectOption('Nobody');
    await saved(page, save);
    const { json } = await requests.get(`/api/clients/${client.id}`);
    assert.deepEqual([json.tts_fallbacks, json.stt_fallbacks], [[], null]);
  });

  await t.test('when the owner is told of little talk time is chosen', async () => {
    await page.goto(`${own}/settings/alerts`);
    const when = page.getByLabel('Tell me when little talk time is left');
    const stored = async () =>
      (await requests.get(`/api/clients/${client.id}`)).json.alert_below_seconds;
    const form = page.locator('form').filter({ has: when });
    const saveForm = () => saved(page, () => form.getByRole('button', { name: 'Save' }).click());
    assert.equal(await when.inputValue(), 'usual');
    await when.selectOption('At a number of minutes');
    await page.getByLabel('Less than').fill('45');
    await saveForm();
    assert.equal(await stored(), 2700);
    await when.selectOption('Never');
    await saveForm();
    assert.equal(await stored(), 0);
    await when.selectOption('usual');
    await saveForm();
    assert.equal(await stored(), null);
  });

  await t.test('every value of a chart can be read without seeing it', async () => {
    await page.goto(`${own}/analytics`);
    const chart = page.getByRole('group', { name: 'Calls and bookings by day' });
    await chart.waitFor(VISIBLE);
    assert.match((await chart.getByRole('img').last().getAttribute('aria-label'))!, /Calls: \d/);
    await page.getByText('As a table').first().click();
    await page.getByRole('table', { name: 'Calls and bookings by day' }).waitFor(VISIBLE);
    await page.getByText('Last 7 days').click();
    await chart.getByRole('img').nth(7).waitFor({ state: 'detached' });
    await chart.getByRole('img').nth(6).waitFor();
    assert.equal(await chart.getByRole('img').count(), 7);
  });
  assert.deepEqual(faults, []);
});
