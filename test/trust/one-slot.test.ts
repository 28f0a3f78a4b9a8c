// Sixteen callers want the same time: one has it, and everybody is told the truth.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChatRequest, ScriptedAnswer } from '../../sandbox/vendors/openai/openai.ts';
import { assertSound, finished, greeted, heardSaying } from '../support/product/after-call.ts';
import { startTestFrontdesk } from '../support/product/frontdesk.ts';

const CALLERS = 16;
/** More than a caller's turn takes of the model. */
const ANSWERS = 5;
const booked = /booked/i;

test('sixteen callers want the same time', async (t) => {
  const f = await startTestFrontdesk(t, { eachCaller: true, client: { concurrencyMax: 50 } });
  f.says.push('tomorrow at ten please');
  f.openai.script(...Array.from({ length: CALLERS * ANSWERS }, () => eager));
  const calls = Array.from({ length: CALLERS }, () => f.call());
  await Promise.all(
    calls.map(async (call) => {
      await greeted(call);
      await call.say(f.voice('tomorrow at ten please'));
    }),
  );
  await heardSaying(f, /booked|that time is gone/i, CALLERS);
  for (const call of calls) call.hangUp();
  const records = await Promise.all(calls.map((call) => finished(f, call)));

  const bookings = await f.database.general<{ status: string; conversation: string }[]>`
    SELECT status, conversation_id AS conversation FROM bookings
    WHERE status IN ('held', 'confirmed')`;
  assert.equal(bookings.length, 1);
  assert.equal(bookings[0]!.status, 'confirmed');
  for (const { conversation, utterances } of records) {
    const said = utterances.filter(({ role }) => role === 'assistant').map((each) => each.content);
    const has = conversation.id === bookings[0]!.conversation;
    assert.equal(
      said.some((text) => booked.test(text)),
      has,
      said.join(' / '),
    );
    assert.equal(said.includes('I am sorry, that time is gone.'), !has);
    assert.equal(conversation.outcome === 'booked', has);
    assert.deepEqual(conversation.flags, []);
  }
  await assertSound(f);
});

/** A model in a hurry: looks for ten o'clock, books it, and says nothing that the tool has said already. */
function eager({ messages }: ChatRequest): ScriptedAnswer {
  const last = messages.at(-1)!;
  const text = last.content ?? '';
  if (last.role === 'user') {
    const arguments_ = { date: 'tomorrow', time: '10:00' };
    return { text: '', calls: [{ name: 'get_available_slots', arguments: arguments_ }] };
  }
  if (text.includes('"error":"taken"')) return 'I am sorry, that time is gone.';
  const slot = /"slot_id":"(\w+)","date":"[\d-]+","time":"10:00"/.exec(text)?.[1];
  if (slot !== undefined && !text.includes('"error"')) {
    const arguments_ = { slot_id: slot, name: 'Ann Smith' };
    return { text: '', calls: [{ name: 'book_appointment', arguments: arguments_ }] };
  }
  return text.includes('has just been told') ? 'Goodbye.' : 'I am sorry, that time is gone.';
}
