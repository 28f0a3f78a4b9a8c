// Whole telephone calls to a business whose calendar is at Google: booked there, and noted while Google is away (T78).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChatRequest, ScriptedAnswer } from '../../sandbox/vendors/openai/openai.ts';
import { GOOGLE_CLIENT_ID, startGoogle } from '../../sandbox/vendors/google/google.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { assertSound, finished, greeted } from '../support/product/after-call.ts';
import { testDatabase } from '../support/database/database.ts';
import { startTestFrontdesk } from '../support/product/frontdesk.ts';
import type { TestFrontdesk } from '../support/product/frontdesk.ts';
import { GOOGLE_KEY } from '../support/bookings/google.ts';
import { diaryOf, SEALING_KEY, startLinkedClient } from '../support/bookings/linked-client.ts';

/** More than both callers take of the model. */
const ANSWERS = 10;

test('a caller books at Google; while Google is away the next is told of a message, and the call goes on', async (t) => {
  const store = await testDatabase();
  t.after(() => store.close());
  const { connection } = store;
  const google = await startGoogle({ key: GOOGLE_KEY });
  t.after(() => google.close());
  const f = await startTestFrontdesk(t, {
    connection,
    env: {
      GOOGLE_CLIENT_ID,
      GOOGLE_CLIENT_SECRET: GOOGLE_KEY,
      GOOGLE_BASE_URL: google.url,
      SEALING_KEY,
    },
  });
  const linked = await startLinkedClient(t, {
    connection,
    clock: systemClock,
    standIn: google,
    clientId: f.client.id,
  });
  await linked.reconnect();

  const wanted = { time: '10:00' };
  f.openai.script(...Array.from({ length: ANSWERS }, () => eager(wanted)));
  const first = await callFor(f);
  assert.equal(first.conversation.outcome, 'booked');
  assert.match(said(first).join(' '), /booked/i);
  assert.equal(diaryOf(linked).live.length, 1);

  google.faults.add({ on: 'request', match: 'calendar', do: 'status:503', times: 1000 });
  wanted.time = '11:00';
  const second = await callFor(f);
  assert.equal(second.conversation.endReason, 'caller');
  assert.match(said(second).join(' '), /we will confirm it by message/);
  const rows = await f.database.general<{ status: string }[]>`
    SELECT status FROM bookings ORDER BY created_at`;
  assert.deepEqual(
    rows.map(({ status }) => status),
    ['confirmed', 'held'],
  );
  assert.equal((await linked.connecting.status(f.client.id)).state, 'unreachable');
  await assertSound(f);
});

/** A caller who wants tomorrow, and hears it out. */
async function callFor(f: TestFrontdesk) {
  f.says.push('tomorrow please');
  const call = f.call();
  await greeted(call);
  await call.say(f.voice('tomorrow please'));
  await call.reply(1500, 60_000);
  call.hangUp();
  return finished(f, call);
}

function said({ utterances }: { utterances: readonly { role: string; content: string }[] }) {
  return utterances.filter(({ role }) => role === 'assistant').map(({ content }) => content);
}

/** A model that looks for the time, books it, and adds nothing to what the tool says. */
function eager(wanted: { readonly time: string }): (request: ChatRequest) => ScriptedAnswer {
  return ({ messages }) => {
    const last = messages.at(-1)!;
    const text = last.content ?? '';
    if (last.role === 'user') {
      const asked = { date: 'tomorrow', time: wanted.time };
      return { text: '', calls: [{ name: 'get_available_slots', arguments: asked }] };
    }
    const { time } = wanted;
    const slot = new RegExp(`"slot_id":"(\\w+)","date":"[\\d-]+","time":"${time}"`).exec(text)?.[1];
    if (slot === undefined) return 'Goodbye.';
    const details = { slot_id: slot, name: 'Ann Smith' };
    return { text: '', calls: [{ name: 'book_appointment', arguments: details }] };
  };
}
