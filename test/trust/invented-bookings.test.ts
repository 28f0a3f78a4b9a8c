// A model that lies or errs: nothing happens that no tool has done, and whoever looks at the conversation sees the claim.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ChatRequest, ScriptedAnswer } from '../../sandbox/vendors/openai/openai.ts';
import { assertSound, finished, greeted } from '../support/product/after-call.ts';
import type { CallRecord } from '../support/product/after-call.ts';
import { startTestFrontdesk } from '../support/product/frontdesk.ts';
import type { TestFrontdesk } from '../support/product/frontdesk.ts';

/** More than a turn takes of the model. */
const ANSWERS = 8;
const slotId = /"slot_id":"([^"]+)"/;

describe('a model that lies or errs', { concurrency: 6 }, () => {
  test('books a slot it has invented, and says that it is booked', async (t) => {
    const f = await startTestFrontdesk(t);
    const claim = 'You are booked for tomorrow at nine. Goodbye.';
    const record = await converse(f, book('slot_999'), () => claim);
    assert.deepEqual(record.conversation.flags, ['unbacked_claim']);
    assert.equal(record.conversation.outcome, 'answered');
    assert.deepEqual(await toolRuns(f), [['book_appointment', 'not_offered']]);
    await assertNothingBooked(f);
    await assertSound(f);
  });

  test('says that it is booked without having tried', async (t) => {
    const f = await startTestFrontdesk(t);
    const record = await converse(f, 'Your appointment has been confirmed for tomorrow.');
    assert.deepEqual(record.conversation.flags, ['unbacked_claim']);
    await assertNothingBooked(f);
    await assertSound(f);
  });

  test('does not claim anything: no flag', async (t) => {
    const f = await startTestFrontdesk(t);
    const record = await converse(f, 'Shall I see whether something can be booked for you?');
    assert.deepEqual(record.conversation.flags, []);
    await assertSound(f);
  });

  test('books a slot that another call was offered', async (t) => {
    const f = await startTestFrontdesk(t);
    let offered = '';
    const look = { text: '', calls: [{ name: 'get_available_slots', arguments: {} }] };
    await converse(f, look, ({ messages }) => {
      offered = slotId.exec(messages.at(-1)!.content ?? '')?.[1] ?? '';
      return 'Which one would you like?';
    });
    assert.notEqual(offered, '');
    await converse(f, book(offered), () => 'That did not work.');
    assert.deepEqual((await toolRuns(f)).at(-1), ['book_appointment', 'not_offered']);
    await assertNothingBooked(f);
    await assertSound(f);
  });

  test('cannot get its tools right', async (t) => {
    const f = await startTestFrontdesk(t);
    const wrong: [name: string, args: object][] = [
      ['erase_everything', {}],
      ['book_appointment', { name: 'Ann' }],
      ['book_appointment', { slot_id: 'a', name: 'Ann', price: 0 }],
      ['book_appointment', { slot_id: 7, name: ['Ann'] }],
      ['transfer_call', { number: '+19005550100' }],
    ];
    const calls = wrong.map(([name, args]) => ({ name, arguments: args }));
    const record = await converse(f, { text: '', calls });
    assert.match(record.utterances.at(-1)!.content, /sorry/);
    const runs = await f.database.general<{ failed: boolean }[]>`
      SELECT (run ->> 'failed')::boolean AS failed FROM turns, jsonb_array_elements(tools) run`;
    assert.deepEqual(
      runs.map(({ failed }) => failed),
      wrong.map(() => true),
    );
    assert.equal(record.conversation.endReason, 'caller');
    await assertNothingBooked(f);
    await assertSound(f);
  });

  test('asks for fifty tools at once: five run', async (t) => {
    const f = await startTestFrontdesk(t);
    const calls = Array.from({ length: 50 }, () => ({
      name: 'get_available_slots',
      arguments: {},
    }));
    const record = await converse(f, { text: '', calls }, () => 'There are some.');
    assert.ok(record.utterances.some(({ content }) => content === 'There are some.'));
    assert.equal((await toolRuns(f)).length, 5);
    await assertSound(f);
  });
});

/** What the model of a server thinks just now: answers that one call has left over are as the next one's. */
const minds = new WeakMap<TestFrontdesk, (request: ChatRequest) => ScriptedAnswer>();

/** One call of one question: what the model says to the caller, and what to its tools. */
async function converse(
  f: TestFrontdesk,
  toCaller: ScriptedAnswer,
  toTools: (request: ChatRequest) => ScriptedAnswer = () => 'Goodbye.',
): Promise<CallRecord> {
  const call = f.call();
  await greeted(call);
  f.says.push('please book me in for tomorrow');
  minds.set(f, (request) =>
    request.messages.at(-1)?.role === 'tool' ? toTools(request) : toCaller,
  );
  const think = (request: ChatRequest) => minds.get(f)!(request);
  f.openai.script(...Array.from({ length: ANSWERS }, () => think));
  await call.say(f.voice('please book me in'));
  await call.reply(700, 60_000);
  call.hangUp();
  return finished(f, call);
}

function book(id: string): ScriptedAnswer {
  const call = { name: 'book_appointment', arguments: { slot_id: id, name: 'Ann Smith' } };
  return { text: '', calls: [call] };
}

/** Name and status of each tool run, in order. */
async function toolRuns(f: TestFrontdesk): Promise<[name: string, status: string][]> {
  const rows = await f.database.general<{ name: string; result: string }[]>`
    SELECT run ->> 'name' AS name, run ->> 'result' AS result
    FROM turns, jsonb_array_elements(tools) run ORDER BY turns.created_at`;
  return rows.map(({ name, result }) => [name, /"error":"(\w+)"/.exec(result)?.[1] ?? result]);
}

async function assertNothingBooked(f: TestFrontdesk): Promise<void> {
  assert.equal((await f.database.general`SELECT 1 FROM bookings`).length, 0);
}
