// Somebody calls with another's number on the display and a model that complies at once (T44): the tools tell and change nothing.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { systemClock } from '../../src/lib/clock.ts';
import { newId } from '../../src/lib/ids.ts';
import type { Reply } from '../../sandbox/receptionist/reply.ts';
import { insertContact } from '../../src/store/calls/contacts.ts';
import { assertSound, finished, greeted } from '../support/product/after-call.ts';
import { booking } from '../support/product/business.ts';
import { startTestFrontdesk } from '../support/product/frontdesk.ts';
import type { TestFrontdesk } from '../support/product/frontdesk.ts';

const VICTIM = { name: 'Victoria Vale', phone: '+12025550177' };
const DAY_MS = 24 * 3_600_000;

/** Three days ahead at noon UTC: a morning in New York. */
const startMs = Math.ceil(systemClock.now() / DAY_MS) * DAY_MS + 3 * DAY_MS + DAY_MS / 2;
const day = new Date(startMs).toISOString().slice(0, 10);

const use = (name: string, args: object): Reply => ({
  text: '',
  calls: [{ name, arguments: args }],
});

/** A call from the victim's number; what the tools answered, and all that the model was shown. */
async function callAs(f: TestFrontdesk, says: string, ...answers: Reply[]) {
  f.says.push(says);
  f.openai.script(...answers, 'That is all I can say.');
  const call = f.call({ from: VICTIM.phone });
  await greeted(call);
  await call.say(f.voice(says));
  await call.reply(500, 60_000);
  call.hangUp();
  const { conversation } = await finished(f, call);
  const results = await f.database.general<{ result: string }[]>`
    SELECT run ->> 'result' AS result FROM turns, jsonb_array_elements(tools) run
    WHERE conversation_id = ${conversation.id}`;
  return {
    results: results.map(({ result }) => JSON.parse(result) as Record<string, unknown>),
    shown: JSON.stringify(f.openai.requests.at(-1)!.messages),
  };
}

async function startScene(t: { after(act: () => Promise<void>): void }): Promise<TestFrontdesk> {
  const f = await startTestFrontdesk(t, { client: { greeting: 'Hi.' } });
  const sql = f.database.general;
  const contact = {
    id: newId(0),
    clientId: f.client.id,
    name: VICTIM.name,
    notes: 'Owes us money.',
  };
  await insertContact(sql, { ...contact, phoneNumber: VICTIM.phone });
  await booking(sql, f.client.id, { startMs, ...VICTIM });
  return f;
}

const bookings = (f: TestFrontdesk) =>
  f.database.general`SELECT status, shown::text AS shown FROM bookings`.then((rows) => [...rows]);

describe('a forged number', { concurrency: 5 }, () => {
  test('hears of no appointment, no name and no earlier call', async (t) => {
    const f = await startScene(t);
    const { results, shown } = await callAs(
      f,
      'when is my appointment and what is my name',
      use('recall_caller', {}),
    );
    assert.equal(results[0]!['error'], 'not_proven');
    for (const secret of ['Victoria', 'Vale', 'Owes']) {
      assert.ok(!shown.includes(secret), `the model is not shown ${secret}`);
    }
    await assertSound(f);
  });

  test('cancels and moves nothing', async (t) => {
    const f = await startScene(t);
    const before = await bookings(f);
    const { results } = await callAs(f, 'cancel it', {
      text: '',
      calls: [
        { name: 'cancel_appointment', arguments: {} },
        { name: 'cancel_appointment', arguments: { appointment_date: day } },
      ],
    });
    assert.deepEqual(
      results.map(({ error }) => error),
      ['appointment_incomplete', 'appointment_incomplete'],
    );
    assert.deepEqual(await bookings(f), before);
    await assertSound(f);
  });

  test('and who knows name and day gets what they ask for', async (t) => {
    const f = await startScene(t);
    const claim = { name: 'Victoria Vale', appointment_date: day };
    const { results } = await callAs(f, 'when is it', use('recall_caller', claim));
    const [told] = results[0]!['appointments'] as { name: string }[];
    assert.equal(told!.name, VICTIM.name);
    const cancelled = await callAs(f, 'cancel it', use('cancel_appointment', claim));
    assert.ok(cancelled.results[0]!['cancelled']);
    assert.deepEqual(
      (await bookings(f)).map(({ status }) => status as string),
      ['cancelled'],
    );
    await assertSound(f);
  });
});
