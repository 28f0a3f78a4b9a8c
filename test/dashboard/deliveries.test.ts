// Deliveries in a real browser: an owner sets a webhook, sees why nothing arrives, what would have, and sends it again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBrowser } from '../support/browser/browser.ts';
import { fillBusiness } from '../support/browser/busy-business.ts';
import { startTestDashboard } from '../support/browser/dashboard.ts';
import { startWebServer } from '../support/servers/tls-server.ts';
import { untilAsync } from '../support/until.ts';

test('an owner sees what was sent and what was not, and sends it again', async (t) => {
  let answer = 500;
  const receiver = await startWebServer(t, {
    secure: false,
    answer: (_request, response) => response.writeHead(answer).end(),
  });
  const origin = `http://127.0.0.1:${receiver.port}`;
  const dashboard = await startTestDashboard(t, { env: { LOOPBACK_ORIGINS: origin } });
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
  const filterBy = (name: string, option: string) =>
    page.getByRole('combobox', { name }).selectOption(option);

  await t.test('an empty list says what will be here, and leads to where it is set', async () => {
    await page.goto(`${own}/deliveries`);
    await page.getByText('Nothing has been sent yet').waitFor();
    await page.getByRole('link', { name: 'Choose who gets texts' }).waitFor();
    await page.getByRole('link', { name: 'Set a webhook' }).click();
    await page.getByLabel('Address').fill('http://nowhere');
    const card = page.locator('form').filter({ has: page.getByLabel('Address') });
    await card.getByRole('button', { name: 'Save' }).click();
    await card.getByRole('alert').waitFor();
    await page.getByLabel('Address').fill(`${origin}/hook`);
    await card.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Its secret, shown only once:').waitFor();
    await card.getByRole('button', { name: 'Send a test event' }).click();
    await page.getByText('A test event is on its way.').waitFor();
    // Once it has failed it waits for us, not for its next try of its own, which may come while we look.
    const sql = dashboard.database.general;
    await untilAsync('it has been tried', async () => {
      const put = await sql`UPDATE outbox SET not_before = clock_timestamp() + interval '40 minutes'
        WHERE client_id = ${client.id} AND state = 'waiting' AND attempts > 0`;
      return put.count > 0;
    });
  });

  await t.test('what fails says why, where it went and when it is tried again', async () => {
    await page.getByRole('link', { name: 'How they went' }).click();
    const row = page.getByRole('row', { name: /Test event/ });
    await row.getByText('The receiver answered with status 500.').waitFor();
    await row.getByText(`127.0.0.1:${receiver.port}`, { exact: true }).waitFor();
    await row.getByText('Waiting').waitFor();
    await row.getByText(/Next try: in/).waitFor();
  });

  await t.test(
    'it is looked into and sent at once, and the dialog tells how that went',
    async () => {
      answer = 200;
      await page.getByRole('row', { name: /Test event/ }).click();
      const sent = await dialog.locator('pre').innerText();
      const received = JSON.parse(receiver.requests.at(-1)!.body);
      assert.deepEqual(JSON.parse(sent), received);
      await dialog.getByRole('button', { name: 'Try now' }).click();
      await page.getByText('It is being sent again.').waitFor();
      await dialog.getByText('It was taken.').waitFor();
      assert.equal(await dialog.getByRole('button', { name: 'Try now' }).count(), 0);
      assert.deepEqual(JSON.parse(receiver.requests.at(-1)!.body), received);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      await page
        .getByRole('row', { name: /Test event/ })
        .getByText('Delivered')
        .waitFor();
    },
  );

  await t.test('the list is narrowed, in an address that can be kept', async () => {
    await fillBusiness(dashboard.database.general, client.id as string, { calls: 2 });
    await page.goto(`${own}/deliveries?state=failed&kind=nonsense`);
    await page.getByText('The number is not a mobile number.').waitFor();
    assert.equal(await page.getByRole('row').count(), 3, 'a heading and two');
    await filterBy('Kind', 'Webhooks');
    await page.getByText('The number is not a mobile number.').waitFor({ state: 'detached' });
    assert.equal(new URL(page.url()).search, '?state=failed&kind=webhook');
    await filterBy('State', 'Not sent');
    await page.getByText('None like this').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByText('The number has opted out.').waitFor();
  });

  await t.test('a notice leads to the one that was given up, which is sent again', async () => {
    const [failed] = (
      await requests.get(`/api/clients/${client.id}/deliveries?state=failed&kind=webhook`)
    ).json;
    await page.goto(`${own}/deliveries?delivery=${failed.id}`);
    await dialog.getByText('Given up. It can be sent again.').waitFor();
    await dialog.getByRole('button', { name: 'Send again' }).dblclick();
    await dialog.getByText('It was taken.').waitFor();
    const ids = receiver.requests.map(({ body }) => JSON.parse(body).id);
    assert.deepEqual(
      ids.filter((id) => id === failed.id),
      [failed.id],
    );
    await page.goto(`${own}/deliveries?delivery=nothing`);
    await dialog.getByText('There is nothing here').waitFor();
  });
  assert.deepEqual(faults, []);
});
