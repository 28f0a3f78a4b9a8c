// What owners get wrong, in a real browser: each is told at its field in words that say what to do, and nothing typed is lost by a
// slip of the hand. And what is left without a word: a chat.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../src/lib/clock.ts';
import { newId } from '../../src/lib/ids.ts';
import { openChat, releaseChat } from '../../src/store/conversations/chats.ts';
import { openBrowser } from '../support/browser/browser.ts';
import { startTestDashboard } from '../support/browser/dashboard.ts';
import { startWebServer } from '../support/servers/tls-server.ts';
import { saved } from '../support/browser/page-waits.ts';

test('an owner makes mistakes and loses nothing by them', async (t) => {
  const receiver = await startWebServer(t, {
    secure: false,
    answer: (request, response) => response.writeHead(200).end(`asked ${request.url}`),
  });
  const origin = `http://127.0.0.1:${receiver.port}`;
  const dashboard = await startTestDashboard(t, { env: { LOOPBACK_ORIGINS: origin } });
  const sql = dashboard.database.general;
  const browser = await openBrowser(t);
  const owner = await dashboard.user();
  const requests = dashboard.as(owner);
  const client = (await requests.post('/api/clients', { name: 'Bright Smile' })).json;
  const context = await dashboard.window(browser, owner);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  const own = `/app/clients/${client.id}`;
  const dialog = page.getByRole('dialog');
  const save = () => page.getByRole('button', { name: 'Save', exact: true }).click();

  await t.test('what is refused is said in words, also inside a list', async () => {
    const wrong: readonly (readonly [
      section: string,
      field: string,
      value: string,
      said: RegExp,
    ])[] = [
      ['voice', 'Voice id', 'two words', /^Letters, digits and \. : - _ only/],
      ['line', 'Countries that calls may go to', 'US, usa', /two capital letters of a country/],
      ['line', 'Text me at these numbers', 'my cell', /telephone number with its country code/],
    ];
    for (const [section, field, value, said] of wrong) {
      await page.goto(`${own}/settings/${section}`);
      await page.getByLabel(field).fill(value);
      await save();
      await page.getByRole('alert').getByText(said).waitFor();
      await page.getByRole('button', { name: 'Discard' }).click();
    }
    await page.goto(`${own}/settings/after-calls`);
    await page.getByRole('button', { name: 'Add a field' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Party Size');
    await save();
    await page.getByText(/^No\. 1: Small letters, digits and _ only/).waitFor();
    await page.getByLabel('Name', { exact: true }).fill('party_size');
    await saved(page, save);
  });

  await t.test('hours that cannot be are told with their day', async () => {
    await page.goto(`${own}/settings/hours`);
    await page.getByLabel('Tuesday: opens').first().fill('18:00');
    await save();
    await page.getByRole('alert').getByText('Tuesday: 18:00 is not before 12:00.').waitFor();
    await page.getByRole('button', { name: 'Discard' }).click();
  });

  await t.test('a double click makes one of it', async () => {
    await page.goto('/app/clients/new');
    await page.getByLabel('Name of the business').fill('Twice');
    await page.getByRole('button', { name: 'Create and continue' }).dblclick();
    await page.waitForURL('**/set-up/number');
    const made = (await requests.get('/api/clients')).json as { name: string }[];
    assert.equal(made.filter(({ name }) => name === 'Twice').length, 1);
    // Nor does a button that is no form's, pressed twice before it is switched off.
    await page.goto(`${own}/settings/people`);
    await page.getByRole('button', { name: 'Add a person' }).click();
    await dialog.getByLabel('Name or department').fill('Dr. Ruiz');
    await dialog.getByLabel('Phone number').fill('202 555 0145');
    const add = dialog.getByRole('button', { name: 'Save' });
    await add.evaluate((button: { click(): void }) => {
      button.click();
      button.click();
    });
    await dialog.waitFor({ state: 'detached' });
    const people = (await requests.get(`/api/clients/${client.id}/transfer-targets`)).json;
    assert.equal(people.length, 1);
  });

  await t.test('a number is typed anew without what stood there', async () => {
    await page.goto(`${own}/settings/booking`);
    const length = page.getByLabel('Length of an appointment');
    await length.fill('');
    await length.pressSequentially('45');
    assert.equal(await length.inputValue(), '45');
    await saved(page, save);
    const stored = (await requests.get(`/api/clients/${client.id}`)).json;
    assert.equal(stored.slot_minutes, 45);
    await length.fill('');
    await length.blur();
    assert.equal(await length.inputValue(), '45', 'empty is no number');
  });

  await t.test(
    'a click beside a dialog, or Escape twice, loses nothing that was typed',
    async () => {
      await page.goto(`${own}/settings/knowledge`);
      await page.getByRole('button', { name: 'Add a section' }).click();
      const text = dialog.getByLabel('What to say about it');
      await text.fill('Behind the house.');
      const question = page.getByRole('dialog', { name: 'Leave without saving?' });
      await page.mouse.click(5, 5);
      await question.getByRole('button', { name: 'Cancel' }).click();
      await question.waitFor({ state: 'detached' });
      for (let round = 0; round < 3; round += 1) {
        await page.keyboard.press('Escape');
        await question.waitFor();
        await page.keyboard.press('Escape');
        await question.waitFor({ state: 'detached' });
      }
      assert.equal(await text.inputValue(), 'Behind the house.');
      await dialog.getByLabel('Subject').fill('Parking');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Parking', exact: true }).click();
      await dialog.getByLabel('Subject').fill('Cars');
      await page.keyboard.press('Escape');
      await question.getByRole('button', { name: 'Discard' }).click();
      await dialog.waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Parking', exact: true }).waitFor();
    },
  );

  await t.test('what is stored is said to be, however long it takes to be read again', async () => {
    await page.goto(`${own}/settings/greeting`);
    await page.getByRole('textbox', { name: 'Greeting' }).fill('Hello there!');
    const read = new RegExp(`/api/clients/${client.id}$`);
    let held = 0;
    await page.route(read, async (route) => {
      if (route.request().method() === 'GET') held += 1;
      else await route.continue();
    });
    await saved(page, save);
    assert.equal(held, 1, 'it is asked for again, and not answered');
    await page.getByRole('link', { name: 'Voice' }).click();
    await page.getByLabel('Voice id').waitFor();
    await page.getByRole('link', { name: 'Prompt and greeting' }).click();
    const greeting = page.getByRole('textbox', { name: 'Greeting' });
    assert.equal(await greeting.inputValue(), 'Hello there!', 'nor is it forgotten meanwhile');
    await page.unroute(read);
  });

  await t.test('an answer that comes late is told, and closes no other dialog', async () => {
    await page.goto(`${own}/contacts`);
    const answered = Promise.withResolvers<void>();
    await page.route(/\/api\/contacts$/, async (route) => {
      await answered.promise;
      await route.continue();
    });
    await page.getByRole('button', { name: 'Add contact' }).click();
    await dialog.getByLabel('Phone number').fill('+1 202 555 0161');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Add contact' }).click();
    await dialog.getByLabel('Name').fill('Another');
    answered.resolve();
    // In the dialog: what is outside is out of reach.
    await dialog.getByRole('status').getByText('Contact added.').waitFor();
    assert.equal(await dialog.getByLabel('Name').inputValue(), 'Another');
    await page.unroute(/\/api\/contacts$/);
  });

  await t.test('without a network nothing is kept to be done later', async () => {
    await dialog.getByLabel('Phone number').fill('+1 202 555 0162');
    await context.setOffline(true);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByRole('alert').getByText('The server cannot be reached.').waitFor();
    await context.setOffline(false);
    const count = async () =>
      (await requests.get(`/api/clients/${client.id}/contacts`)).json.length;
    assert.equal(await count(), 1);
    await saved(page, () => dialog.getByRole('button', { name: 'Save' }).click(), 'Contact added.');
    assert.equal(await count(), 2);
  });

  await t.test(
    'what is changed in another window is shown, beside what is typed here',
    async () => {
      await page.goto(`${own}/settings/line`);
      await page.getByLabel('Text me at these numbers').fill('+1 202 555 0163');
      const texted = page.getByRole('switch', { name: 'Text a confirmation to callers' });
      const before = await texted.isChecked();
      const change = { sms_to_callers: !before };
      await requests.patch(`/api/clients/${client.id}/line-settings`, change);
      // As if the window had been left for a while.
      await page.clock.setFixedTime(systemClock.now() + 60_000);
      await page.evaluate(`dispatchEvent(new Event('visibilitychange'))`);
      await page.getByRole('switch', { checked: !before }).and(texted).waitFor();
      assert.equal(
        await page.getByLabel('Text me at these numbers').inputValue(),
        '+1 202 555 0163',
      );
      await saved(page, save);
      const stored = (await requests.get(`/api/clients/${client.id}/line-settings`)).json;
      assert.deepEqual([stored.sms_to_callers, stored.notify_numbers], [!before, ['+12025550163']]);
    },
  );

  await t.test('an address with a day that is none shows the page all the same', async () => {
    for (const [address, title] of [
      ['calendar?week=2026-99-99', 'Calendar'],
      ['conversations?from=2026-02-30&until=2026-13-01', 'Conversations'],
    ] as const) {
      await page.goto(`${own}/${address}`);
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
    }
  });

  await t.test('a chat that was left is not said to be running', async () => {
    const id = newId(systemClock.now());
    await openChat(sql, { id, userId: owner.id, clientId: client.id as string, turnMs: 60_000 });
    await page.goto(`${own}/conversations`);
    await page.getByText('Running').waitFor();
    await releaseChat(sql, id, { outcome: 'answered', ended: false });
    await sql`UPDATE conversations SET busy_until = busy_until - interval '12 minutes' WHERE id = ${id}`;
    await page.reload();
    await page.getByText('Quiet 12 min').waitFor();
    assert.equal(await page.getByText('Running').count(), 0);
    await page.goto(`${own}/conversations/${id}`);
    await page.getByText('Quiet 12 min').waitFor();
    // There is nothing to listen to; and it can be deleted.
    assert.equal(await page.getByRole('link', { name: 'Watch' }).count(), 0);
    await page.getByRole('button', { name: 'Delete', exact: true }).waitFor();
  });

  await t.test(
    'what was typed to the receptionist stays while one looks at the other way',
    async () => {
      await page.goto(`${own}/talk`);
      await page.getByRole('tab', { name: 'Type' }).click();
      await page.getByLabel('Your message').fill('Are you open on');
      await page.getByRole('tab', { name: 'Speak' }).click();
      await page.getByRole('button', { name: 'Start the call' }).waitFor();
      assert.equal(await page.getByLabel('Your message').isVisible(), false);
      await page.getByRole('tab', { name: 'Type' }).click();
      assert.equal(await page.getByLabel('Your message').inputValue(), 'Are you open on');
    },
  );
  await t.test('a tool is tried with what it takes, and says what is missing', async () => {
    await requests.post(`/api/clients/${client.id}/tools`, {
      name: 'order_status',
      description: 'The state of an order',
      url: `${origin}/orders/{number}`,
      method: 'GET',
      parameters: {
        type: 'object',
        properties: { number: { type: 'string', minLength: 2 } },
        required: ['number'],
      },
    });
    await page.goto(`${own}/settings/tools`);
    await page.getByRole('button', { name: 'Try it' }).click();
    await dialog.getByRole('button', { name: 'Try it' }).click();
    await dialog.getByText('number: At least 2 characters.').waitFor();
    const given = dialog.getByLabel('What it is given (JSON)');
    await given.fill('{ "number": ');
    await dialog.getByRole('button', { name: 'Try it' }).click();
    await dialog.getByText('This is not JSON.').waitFor();
    await given.fill('{ "number": "1234" }');
    await dialog.getByRole('button', { name: 'Try it' }).click();
    await dialog.getByText('asked /orders/1234').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).first().click();
  });

  await t.test('another client is chosen from a page that is about none', async () => {
    const other = (await requests.post('/api/clients', { name: 'Harbor Physio' })).json;
    for (const [from, to, title] of [
      ['/', 'conversations', 'Conversations'],
      [`${own}/set-up/hours`, 'settings', 'Settings'],
      [`${own}/billing/statement`, 'billing', 'Billing'],
    ] as const) {
      await page.goto(from);
      await page.getByRole('button', { name: /^Choose a client/ }).click();
      await page.getByRole('menuitem', { name: 'Harbor Physio' }).click();
      await page.waitForURL(`**/app/clients/${other.id}/${to}`);
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
    }
  });

  await t.test('a client that was deleted has a way back, and is not the only one', async () => {
    const gone = (await requests.post('/api/clients', { name: 'Gone' })).json;
    assert.equal((await requests.delete(`/api/clients/${gone.id}`)).status, 200);
    await page.goto(`/app/clients/${gone.id}/messages`);
    await page.getByText('There is nothing here').waitFor();
    await page.getByRole('button', { name: 'Choose a client: None chosen' }).waitFor();
    await page.getByRole('link', { name: 'Go to the home page' }).click();
    await page.getByText('Calls today').waitFor();
  });
  assert.deepEqual(faults, []);
});
