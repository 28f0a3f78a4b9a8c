// What an owner does with the dashboard, done in a real browser: a telephone call watched while it runs, and listened to
// afterwards; unsaved changes that are not lost.

import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../support/browser/browser.ts';
import { builtDashboard, openWindow } from '../support/browser/dashboard.ts';
import { startDoors } from '../support/product/doors.ts';
import type { Doors } from '../support/product/doors.ts';
import type { RigOptions } from '../support/product/rig.ts';
import { startWebServer } from '../support/servers/tls-server.ts';
import { saved } from '../support/browser/page-waits.ts';
import { until } from '../support/until.ts';

async function start(
  t: { after(act: () => Promise<void>): void },
  env: Readonly<Record<string, string>> = {},
  options: RigOptions = {},
): Promise<{
  readonly doors: Doors;
  readonly browser: Browser;
}> {
  const doors = await startDoors(t, { dashboard: await builtDashboard(), env, ...options });
  const browser = await openBrowser(t, {
    args: ['--autoplay-policy=no-user-gesture-required'],
  });
  return { doors, browser };
}

describe('an owner', { timeout: 280_000 }, () => {
  test('watches a call while the phone talks, ends it, and listens to it', async (t) => {
    // A tool of the owner's own, that answers when we let it.
    const asked = Promise.withResolvers<ServerResponse>();
    const web = await startWebServer(t, {
      secure: false,
      answer: (_request, response) => asked.resolve(response),
    });
    const origin = `http://127.0.0.1:${web.port}`;
    const { doors, browser } = await start(t, { LOOPBACK_ORIGINS: origin });
    const { owner, clientId, rig } = doors;
    const tool = await doors.as(owner).post(`/api/clients/${clientId}/tools`, {
      name: 'order_status',
      description: 'How far an order is.',
      parameters: { type: 'object', properties: {} },
      url: `${origin}/orders`,
    });
    assert.equal(tool.status, 201, tool.text);
    const changed = await doors.as(owner).patch(`/api/clients/${clientId}`, {
      phone_number: '+12025550172',
      recording_enabled: true,
      recording_notice: 'This call is recorded.',
    });
    assert.equal(changed.status, 200, changed.text);
    const context = await openWindow(browser, doors.url, owner);
    const page = await context.newPage();
    await page.goto('/app/live');
    await page.getByText('Nobody is on the phone').waitFor();
    const long =
      'We open at nine, we close at five, and at weekends somebody is here until noon on Saturday.';
    rig.says.push('when do you open', 'and at weekends', 'thank you');
    rig.openai.script(
      { text: '', calls: [{ name: 'order_status', arguments: {} }] },
      'We open at nine.',
      long,
      'You are welcome.',
    );
    const call = rig.call({ to: '+12025550172', publicUrl: doors.url });
    await page.getByRole('link', { name: /555/ }).click();
    await page.getByText('Hello, how can I help you?').waitFor();
    await call.say(rig.voice('when do you open'));
    await page.getByText('When do you open?').waitFor();
    // The tool is seen to run while its turn goes on, and what it did in the same place.
    await page.getByText('order_status …').waitFor();
    assert.equal(await page.getByText(/answered in \d/).count(), 0);
    (await asked.promise).end('{"state":"sent"}');
    const row = page.locator('details', { hasText: /^order_status/ });
    await row.getByText(/^\d[\d.]* m?s$/).waitFor();
    await page.getByText('We open at nine.').waitFor();
    await page
      .getByText(/answered in \d/)
      .first()
      .waitFor();
    assert.equal(await row.count(), 1);

    // What was not heard of an answer is struck through, beside what was.
    await call.quiet(700, 60_000);
    await call.say(rig.voice('and at weekends'));
    await call.speaking(1000, 60_000);
    await call.say(rig.voice('thank you'));
    const cut = page.locator('p', { has: page.locator('s', { hasText: 'noon on Saturday' }) });
    await cut.waitFor();
    const isCut = async () => {
      const struck = await cut.locator('s').innerText();
      const shown = (await cut.innerText()).replaceAll(/\s+/g, ' ');
      assert.match(struck, /noon on Saturday\.$/);
      assert.equal(
        shown,
        `Receptionist: ${long.slice(0, -struck.length)}Not heard: ${struck} interrupted`,
      );
      assert.match(shown, /We open/);
    };
    await isCut();
    await page.getByRole('button', { name: 'Hang up' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Hang up' }).click();
    await page.getByText('Ended', { exact: true }).waitFor();
    await call.ended;
    await page.getByRole('link', { name: 'Open the conversation' }).click();
    await page.getByRole('heading', { name: 'Details' }).waitFor();
    await isCut();
    assert.equal(await row.count(), 1);
    await row.click();
    await row.getByText('"sent"').waitFor();

    await page.getByRole('button', { name: 'Play' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await page.getByText(/^0:0[1-9] \/ /).waitFor();
    await context.close();
  });

  test('steps into a call: has something said, and the caller put through', async (t) => {
    const dialled: string[] = [];
    const busy = { status: 'busy', ringMs: 200, talkMs: 0 } as const;
    const dial: RigOptions['dial'] = ({ target }) => (dialled.push(target), busy);
    const { doors, browser } = await start(t, {}, { dial });
    const { owner, clientId, rig } = doors;
    const mine = doors.as(owner);
    await mine.patch(`/api/clients/${clientId}`, { phone_number: '+12025550173' });
    const context = await openWindow(browser, doors.url, owner);
    const page = await context.newPage();
    const call = rig.call({ to: '+12025550173', publicUrl: doors.url });
    await page.goto('/app/live');
    await page.getByRole('link', { name: /555/ }).click();
    await page.getByText('Hello, how can I help you?').waitFor();

    await page.getByText('Callers can be put through to nobody yet.').waitFor();
    const words = 'Ann is here at four, if you like.';
    await page.getByRole('textbox', { name: 'Say to the caller' }).fill(words);
    await page.getByRole('button', { name: 'Say it' }).click();
    await page.getByText('It is said as soon as nobody speaks.', { exact: true }).waitFor();
    await page.locator('p', { hasText: words }).waitFor();
    assert.equal(await page.getByRole('textbox', { name: 'Say to the caller' }).inputValue(), '');

    // Somebody who was not there when the call began, and is busy: the caller comes back to us.
    const ann = { name: 'Ann', phone_number: '+12025550177' };
    assert.equal((await mine.post(`/api/clients/${clientId}/transfer-targets`, ann)).status, 201);
    await page.reload();
    await page.getByRole('combobox', { name: 'Put the caller through to' }).selectOption('Ann');
    await page.getByRole('button', { name: 'Put through now' }).click();
    await page.getByText('Ended', { exact: true }).waitFor();
    await until('the person is dialled', () => dialled.length > 0);
    assert.deepEqual(dialled, ['+12025550177']);
    call.hangUp();
    await call.ended;
    await context.close();
  });

  test('does not lose what was typed by going elsewhere', async (t) => {
    const { doors, browser } = await start(t);
    const context = await openWindow(browser, doors.url, doors.owner);
    const page = await context.newPage();
    await page.goto(`/app/clients/${doors.clientId}/settings`);
    const before = page.url();
    await page.getByRole('link', { name: 'Prompt and greeting' }).click();
    const greeting = page.getByRole('textbox', { name: 'Greeting' });
    await greeting.fill('Something new');
    await page.getByRole('link', { name: 'Home', exact: true }).click();
    const question = page.getByRole('dialog', { name: 'Leave without saving?' });
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'detached' });
    assert.equal(await greeting.inputValue(), 'Something new');
    const address = page.url();

    // Nor by the browser's own buttons: back within the dashboard, twice in a row as people do it.
    await page.goBack();
    await question.waitFor();
    await page.goBack();
    await page.waitForURL(address);
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'detached' });
    assert.equal(await page.getByRole('dialog').count(), 0);
    assert.deepEqual([page.url(), await greeting.inputValue()], [address, 'Something new']);
    await saved(page, () => page.getByRole('button', { name: 'Save' }).click());
    await page.getByRole('link', { name: 'Home', exact: true }).click();
    await page.getByText('Calls today').waitFor();
    const stored = await doors.as(doors.owner).get(`/api/clients/${doors.clientId}`);
    assert.equal(stored.json.initial_greeting, 'Something new');

    // Who wants to leave goes where the button leads; and what is saved is left without a question.
    await page.evaluate('history.back()');
    await greeting.fill('Something else');
    await page.goBack();
    await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click();
    await page.waitForURL((url) => url.href !== address);
    assert.equal(new URL(page.url()).pathname, new URL(before).pathname);
    await page.evaluate('history.forward()');
    await greeting.waitFor();
    assert.equal(await greeting.inputValue(), 'Something new');

    // Away from the dashboard the browser asks in its own words.
    await greeting.fill('Something else');
    const warned = page.waitForEvent('dialog');
    await page.close({ runBeforeUnload: true });
    const warning = await warned;
    assert.equal(warning.type(), 'beforeunload');
    await warning.dismiss();
    assert.equal(await greeting.inputValue(), 'Something else');
    await context.close();
  });
});
