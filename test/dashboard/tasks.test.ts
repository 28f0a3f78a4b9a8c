// What an owner does with the dashboard, done in a real browser: from a new account to the first test call and a booking in the
// week view; a telephone call watched while it runs, and listened to afterwards; unsaved changes that are not lost.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ServerResponse } from 'node:http';
import { describe, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { adjustBalance } from '../../src/billing/metering/adjust.ts';
import { formatWav } from '../../src/pipeline/audio/wav.ts';
import { openBrowser } from '../support/browser/browser.ts';
import { builtDashboard, openWindow } from '../support/browser/dashboard.ts';
import { startDoors } from '../support/product/doors.ts';
import type { Doors } from '../support/product/doors.ts';
import { vowels } from '../support/sounds.ts';
import { startWebServer } from '../support/servers/tls-server.ts';
import { saved } from '../support/browser/page-waits.ts';

const RATE = 16_000;
const VOICE_MS = 1200;
const PASSWORD = 'violet harbor lanterns 7';

/** What the microphone hears all the time; see `switchedMicrophone`. */
async function microphone(t: { after(act: () => Promise<void>): void }): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'frontdesk-microphone-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'speech.wav');
  await writeFile(file, formatWav({ sampleRate: RATE, samples: vowels(RATE, 10 * VOICE_MS) }));
  return file;
}

/**
 * Gives the pages of this window a microphone with a switch, and the function that turns it on for a stretch of voice. Who spoke
 * at a set time would speak into the greeting where the machine is slow, and cut it short.
 */
async function switchedMicrophone(context: BrowserContext): Promise<(page: Page) => Promise<void>> {
  await context.addInitScript(`
    const devices = navigator.mediaDevices;
    const open = devices?.getUserMedia.bind(devices);
    if (open) devices.getUserMedia = async (wanted) => {
      const context = new AudioContext();
      const gain = new GainNode(context, { gain: 0 });
      const switched = context.createMediaStreamDestination();
      context.createMediaStreamSource(await open(wanted)).connect(gain).connect(switched);
      window.speak = (seconds) => {
        gain.gain.setValueAtTime(1, context.currentTime);
        gain.gain.setValueAtTime(0, context.currentTime + seconds);
      };
      return switched.stream;
    };`);
  return (page) => page.evaluate(`speak(${VOICE_MS / 1000})`);
}

async function start(
  t: { after(act: () => Promise<void>): void },
  env: Readonly<Record<string, string>> = {},
): Promise<{
  readonly doors: Doors;
  readonly browser: Browser;
}> {
  const doors = await startDoors(t, { dashboard: await builtDashboard(), env });
  const file = await microphone(t);
  const browser = await openBrowser(t, {
    args: [
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-audio-capture=${file}`,
      '--autoplay-policy=no-user-gesture-required',
    ],
  });
  return { doors, browser };
}

/** Goes to the next step of the set-up. */
async function onward(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
}

/** Answers what the rule-based receptionist asks in writing, until it has booked. */
async function bookByTyping(page: Page): Promise<void> {
  const box = page.getByRole('textbox', { name: 'Your message' });
  const answers = page.locator('p', { hasText: /^Receptionist:/ });
  const say = async (text: string) => {
    const before = await answers.count();
    await box.fill(text);
    await page.getByRole('button', { name: 'Send' }).click();
    await answers.nth(before).waitFor();
    return (await answers.nth(before).innerText()).toLowerCase();
  };
  let asked = await say('I would like to book an appointment');
  let offered = false;
  for (let turn = 0; turn < 9; turn += 1) {
    if ((await page.getByText('Booked an appointment').count()) > 0) return;
    offered ||= (await page.getByText('Looked for free times').count()) > 0;
    asked = await say(
      /name/.test(asked)
        ? 'John Miller'
        : /number|phone/.test(asked)
          ? 'my number is 202 555 0147'
          : /which|would you like|time|suit/.test(asked) && offered
            ? 'the first one please'
            : /right|correct|shall|confirm/.test(asked)
              ? 'yes please'
              : 'tomorrow',
    );
  }
  assert.ok((await page.getByText('Booked an appointment').count()) > 0, asked);
}

describe('an owner', { timeout: 280_000 }, () => {
  test('sets up a client, talks to it, books, and finds it in the week', async (t) => {
    const { doors, browser } = await start(t);
    const context = await openWindow(browser, doors.url, undefined, {
      permissions: ['microphone'],
      timezoneId: 'America/New_York',
    });
    const speak = await switchedMicrophone(context);
    const page = await context.newPage();

    await page.goto('/');
    await page.getByRole('link', { name: 'Create an account' }).click();
    await page.getByRole('textbox', { name: 'Your name' }).fill('Ines Okafor');
    await page.getByRole('textbox', { name: 'E-mail' }).fill('ines@example.com');
    await page.getByRole('textbox', { name: 'Password' }).fill('password');
    await page.getByRole('button', { name: 'Create an account' }).click();
    // What is wrong is said at the field.
    await page
      .getByRole('textbox', { name: 'Password' })
      .and(page.locator('[aria-invalid=true]'))
      .waitFor();
    await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Create an account' }).click();
    await page.getByRole('link', { name: 'Set up a client' }).click();

    await page.getByRole('textbox', { name: 'Name of the business' }).fill('Okafor Dental');
    await page.getByRole('button', { name: 'Create and continue' }).click();
    await page.getByRole('textbox', { name: 'Phone number' }).fill('12');
    await page.getByRole('button', { name: 'Continue', exact: true }).click();
    await page.getByRole('alert').first().waitFor();
    await page.getByRole('textbox', { name: 'Phone number' }).fill('(202) 555-0171');
    await onward(page, 'When is it open?');
    await page.getByRole('checkbox', { name: 'Open on Saturday' }).check();
    await onward(page, 'What do callers hear first?');
    // Long enough to be stopped while it is heard.
    await page.getByRole('textbox', { name: 'Greeting' }).fill('Okafor Dental, hello! '.repeat(9));
    await page.getByRole('button', { name: 'Hear it' }).click();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('textbox', { name: 'Greeting' }).fill('Okafor Dental, hello!');
    await onward(page, 'Whose voice?');
    await onward(page, 'Where do appointments go?');
    await onward(page, 'What may it do?');
    for (const tool of ['Look for free times', 'Book appointments']) {
      await page.getByRole('switch', { name: tool }).setChecked(true);
    }
    await onward(page, 'Talk to it');
    await page.getByText('this client has none yet').waitFor();
    const clientId = /clients\/([0-9a-f-]{36})/.exec(page.url())![1]!;
    await adjustBalance(doors.database.general, {
      clientId,
      deltaSeconds: 600,
      reason: 'for a test',
      by: 'test',
      idemKey: 'the first minutes',
    });
    const stored = await doors.database.general<
      { name: string; number: string; greeting: string }[]
    >`
      SELECT name, phone_number AS number, initial_greeting AS greeting FROM clients WHERE id = ${clientId}`;
    assert.deepEqual(
      [...stored],
      [{ name: 'Okafor Dental', number: '+12025550171', greeting: 'Okafor Dental, hello!' }],
    );

    await page.reload();
    await page.getByRole('link', { name: 'Start a test call' }).click();
    doors.rig.says.push('when do you open');
    doors.rig.openai.script('We open at nine.');
    await page.getByRole('button', { name: 'Start the call' }).click();
    await page.getByText('Okafor Dental, hello!').waitFor();
    await speak(page);
    await page.getByText('When do you open?').waitFor();
    await page.getByText('We open at nine.').waitFor();
    await page.getByRole('button', { name: 'Hang up' }).click();
    await page.getByText('The call is over').waitFor();
    await page.getByRole('link', { name: 'See the whole conversation' }).click();
    await page.getByRole('heading', { level: 1, name: /Test call/ }).waitFor();
    await page.getByText('We open at nine.').waitFor();

    await page.getByRole('link', { name: 'Talk to it' }).click();
    await page.getByRole('tab', { name: 'Type' }).click();
    await bookByTyping(page);
    await page.getByRole('link', { name: 'Calendar', exact: true }).click();
    const box = page.getByRole('button', { name: /John Miller/ });
    // It comes with the appointments that are on it.
    await page.getByRole('region', { name: /Monday/ }).waitFor();
    if ((await box.count()) === 0)
      await page.getByRole('button', { name: 'The week after' }).click();
    await box.click();
    await page.getByRole('dialog').getByText('Confirmed').waitFor();

    // Moved by its owner, and cancelled.
    const move = page.getByRole('button', { name: 'Move', exact: true });
    await move.click();
    await page.getByLabel('Time', { exact: true }).fill('16:30');
    await saved(page, () => move.click(), 'The appointment is moved.');
    await page.getByRole('button', { name: /John Miller/ }).click();
    await page.getByRole('dialog').getByText('4:30').waitFor();
    await page.getByRole('button', { name: 'Cancel the appointment' }).click();
    await page
      .getByRole('dialog', { name: /^Cancel/ })
      .getByRole('button', { name: 'Cancel the appointment' })
      .click();
    await page.getByText('The appointment is cancelled.').waitFor();
    await context.close();
  });

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
    await call.quiet(700, 10_000);
    await call.say(rig.voice('and at weekends'));
    await call.speaking(1000, 15_000);
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
