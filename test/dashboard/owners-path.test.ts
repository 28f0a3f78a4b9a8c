// The path of a new owner in a real browser, in one go: an account, the set-up and the payment by keyboard alone, a test call that
// books, the call watched meanwhile, and what is left of it: the conversation, the appointment, the entry in the statement.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { startStripe } from '../../sandbox/vendors/stripe/stripe.ts';
import { STRIPE_KEY, WEBHOOK_SECRET } from '../support/product/billing.ts';
import { openBrowser } from '../support/browser/browser.ts';
import { builtDashboard, openWindow } from '../support/browser/dashboard.ts';
import { startDoors } from '../support/product/doors.ts';
import { addPackage } from '../support/product/packages.ts';
import { mixIn, quietDevice, sayInto } from '../support/browser/page-microphone.ts';
import { saved } from '../support/browser/page-waits.ts';
import { vowels } from '../support/sounds.ts';

const LINE_RATE = 8000;
/** From one thing to do to the next; where it is farther, somebody lost the focus. */
const TABS_MAX = 14;

type Named = Parameters<Page['getByRole']>[1];

test('a new owner registers, sets up, pays, calls, and finds the booking and its price', async (t) => {
  const stripe = await startStripe({ key: STRIPE_KEY, webhookSecret: WEBHOOK_SECRET });
  t.after(() => stripe.close());
  const doors = await startDoors(t, {
    dashboard: await builtDashboard(),
    env: {
      STRIPE_SECRET_KEY: STRIPE_KEY,
      STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
      STRIPE_BASE_URL: stripe.url,
    },
  });
  stripe.messenger.url = `${doors.url}/api/stripe/webhook`;
  const hour = { kind: 'top_up', name: '1 hour', amount: 1500, seconds: 3600 } as const;
  await addPackage(doors.database.general, hour);
  const browser = await openBrowser(t, { args: await quietDevice(t) });
  const context = await openWindow(browser, doors.url, undefined, {
    permissions: ['microphone'],
    // Far from the business: its own clock is what counts.
    timezoneId: 'Asia/Tokyo',
    locale: 'en-US',
  });
  await mixIn(context);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  const button = (name: string) => tabTo(page, 'button', { name, exact: true });
  const goOn = async (title: string) => {
    await button('Continue');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
  };

  await t.test('an account, and what is refused on the way', async () => {
    await page.goto('/');
    await tabTo(page, 'link', { name: 'Create an account' });
    await page.keyboard.press('Enter');
    await tabTo(page, 'textbox', { name: 'Your name' });
    await page.keyboard.type('Ines Okafor');
    await tabTo(page, 'textbox', { name: 'E-mail' });
    await page.keyboard.type('ines@example.com');
    await tabTo(page, 'textbox', { name: 'Password' });
    await page.keyboard.type('okafor1');
    await page.keyboard.press('Enter');
    // What is wrong is said at the field, which has the focus.
    const refused = page.getByRole('textbox', { name: 'Password' }).and(page.locator(':focus'));
    await refused.and(page.locator('[aria-invalid=true]')).waitFor();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('violet harbor lanterns 7');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Set up a client' }).waitFor();
  });

  await t.test('the set-up, by keyboard alone', async () => {
    // Past the navigation.
    await tabTo(page, 'link', { name: 'Skip to the content' });
    await page.keyboard.press('Enter');
    await tabTo(page, 'link', { name: 'Set up a client' });
    await page.keyboard.press('Enter');
    await tabTo(page, 'textbox', { name: 'Name of the business' });
    await page.keyboard.type('Okafor Dental');
    await tabTo(page, 'combobox', { name: 'Time zone' });
    await page.getByRole('combobox', { name: 'Time zone' }).selectOption('America/New_York');
    await tabTo(page, 'combobox', { name: 'Language' });
    assert.equal(await page.getByRole('combobox', { name: 'Language' }).inputValue(), 'en-US');
    await button('Create and continue');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Its phone number' }).waitFor();
    await tabTo(page, 'textbox', { name: 'Phone number' });
    await page.keyboard.type('12');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('with its country code').waitFor();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('(202) 555-0171');
    await goOn('When is it open?');
    // Every day, so that tomorrow is one of them.
    for (const day of ['Saturday', 'Sunday']) {
      const box = page.getByRole('checkbox', { name: `Open on ${day}` });
      await box.focus();
      await page.keyboard.press('Space');
      assert.ok(await box.isChecked());
    }
    await goOn('What do callers hear first?');
    const greeting = page.getByRole('textbox', { name: 'Greeting' });
    assert.equal(
      await greeting.getAttribute('placeholder'),
      'Thank you for calling Okafor Dental. How can I help you?',
    );
    await tabTo(page, 'textbox', { name: 'Greeting' });
    // Long enough to be stopped while it is heard.
    await page.keyboard.type('Okafor, hello! '.repeat(9));
    await button('Hear it');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Stop' }).waitFor();
    await button('Stop');
    await page.keyboard.press('Enter');
    await greeting.fill('Okafor, hello!');
    await goOn('Whose voice?');
    await tabTo(page, 'radio', { name: 'Choose Katie' });
    await page.getByRole('button', { name: 'Continue', exact: true }).focus();
    await goOn('Where do appointments go?');
    await goOn('What may it do?');
    await goOn('Talk to it');
    await page.getByText('this client has none.').waitFor();
  });
  const clientId = /clients\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';

  await t.test('the payment, by keyboard alone', async () => {
    await tabTo(page, 'link', { name: 'Buy talk time' });
    await page.keyboard.press('Enter');
    await page.getByText('No talk time left').waitFor();
    await tabTo(page, 'button', { name: 'Buy 1 hour' });
    await page.keyboard.press('Enter');
    await page.getByText('This stands in for Stripe').waitFor();
    await button('Pay');
    await page.keyboard.press('Enter');
    await page.getByText('Thank you. 60 min of talk time are added.').waitFor();
    await page.getByRole('link', { name: 'Make a test call' }).click();
  });

  await t.test('a test call books, and is watched from another window', async () => {
    doors.rig.says.push(
      "I'd like to book an appointment tomorrow at ten, my name is John Miller and my number is 202 555 0147",
      'yes please',
      'yes that is right',
    );
    const speak = () => sayInto(page, vowels(LINE_RATE, 900), LINE_RATE);
    await page.getByRole('button', { name: 'Start the call' }).click();
    // A window of its own: behind another tab a page is put to sleep.
    const other = await openWindow(browser, doors.url, undefined, {
      storageState: await context.storageState(),
    });
    const watching = await other.newPage();
    await watching.goto('/app/live');
    await watching.getByRole('link', { name: 'Test call' }).click();
    await watching.getByText('Okafor, hello!').waitFor();
    await page.getByText('Okafor, hello!').waitFor();
    await speak();
    await page.getByText('Shall I book that for you?').waitFor();
    await speak();
    // A number that was spoken is read back before anything is booked.
    await page.getByText('Booking an appointment · read back first').waitFor();
    await page.getByText('Is that right?').waitFor();
    await speak();
    await page.getByText('Booked an appointment').waitFor();
    await watching.getByText('Booked an appointment').waitFor();
    // Going elsewhere would end it: that is asked first.
    await page.getByRole('link', { name: 'Home', exact: true }).click();
    await page.getByRole('dialog', { name: 'Hang up and leave?' }).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Hang up' }).click();
    await page.getByText('The call is over').waitFor();
    await watching.getByText('Ended', { exact: true }).waitFor();
    await other.close();
  });

  await t.test('what is left of it', async () => {
    await page.getByRole('link', { name: 'See the whole conversation' }).click();
    await page.getByRole('heading', { level: 1, name: 'Test call' }).waitFor();
    await page.getByText(/^John Miller called and booked/).waitFor();
    await page
      .getByRole('listitem')
      .getByText(/book an appointment tomorrow at ten/i)
      .waitFor();
    const booked = page.locator('details', { hasText: 'Booked an appointment' });
    await booked.waitFor();

    await page.getByRole('link', { name: 'Calendar', exact: true }).click();
    const box = page.getByRole('button', { name: /John Miller/ });
    await page.getByRole('region', { name: /Monday/ }).waitFor();
    if ((await box.count()) === 0) {
      await page.getByRole('button', { name: 'The week after' }).click();
    }
    await box.click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Confirmed').waitFor();
    // In the business's zone, whatever the owner's clock says.
    await dialog.getByText(/10:00\sAM – 10:30\sAM/).waitFor();
    // Moved by its owner, and cancelled.
    const move = page.getByRole('button', { name: 'Move', exact: true });
    await move.click();
    await page.getByLabel('Time', { exact: true }).fill('16:30');
    await saved(page, () => move.click(), 'The appointment is moved.');
    await box.click();
    await dialog.getByText('4:30').waitFor();
    await page.getByRole('button', { name: 'Cancel the appointment' }).click();
    await page
      .getByRole('dialog', { name: /^Cancel/ })
      .getByRole('button', { name: 'Cancel the appointment' })
      .click();
    await page.getByText('The appointment is cancelled.').waitFor();

    await page.getByRole('link', { name: 'Billing', exact: true }).click();
    await page.getByRole('link', { name: 'Statement' }).click();
    const row = page.getByRole('row', { name: /Test call/ });
    await row.waitFor();
    const [entry] = await doors.database.general<{ used: number; connectedMs: number }[]>`
      SELECT -l.delta_seconds::integer AS used, c.duration_ms::integer AS "connectedMs"
      FROM ledger l JOIN conversations c ON c.call_sid = l.meta->>'call_sid'
      WHERE l.client_id = ${clientId} AND l.kind = 'call'`;
    assert.ok(entry && entry.used > 0);
    // Begun seconds count, of a time that is stored to the millisecond.
    const charged = [-1, 1].map((off) => Math.ceil((entry.connectedMs + off) / 1000));
    assert.ok(charged.includes(entry.used), `${entry.used} s for ${entry.connectedMs} ms`);
    const [minutes, seconds] = [Math.floor(entry.used / 60), entry.used % 60];
    const shown = `−${minutes}:${String(seconds).padStart(2, '0')}`;
    assert.ok((await row.innerText()).includes(shown), shown);
    await page.getByRole('row', { name: /Talk time bought.*1 hour, \$15\.00/ }).waitFor();
  });
  await context.close();
  assert.deepEqual(faults, []);
});

/** Tab by tab to the control of this name, as somebody without a mouse goes there. */
async function tabTo(
  page: Page,
  role: Parameters<Page['getByRole']>[0],
  named: Named,
): Promise<void> {
  const wanted = page.getByRole(role, named);
  await wanted.first().waitFor();
  const there = wanted.and(page.locator(':focus'));
  for (let tab = 0; tab <= TABS_MAX; tab += 1) {
    if ((await there.count()) > 0) return;
    await page.keyboard.press('Tab');
  }
  const at = await page.evaluate<string>('document.activeElement.outerHTML.slice(0, 200)');
  assert.fail(`${TABS_MAX} tabs do not lead to ${String(named?.name)}, but to ${at}`);
}
