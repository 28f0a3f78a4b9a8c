// Whole calls by a model that hears and speaks itself: heard, answered, interrupted, served with tools, and replaced when it fails.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Call } from '../../../sandbox/phone/call.ts';
import type { ChatRequest } from '../../../sandbox/vendors/openai/openai.ts';
import {
  assertBilled,
  eventually,
  finished,
  greeted,
  heardSaying,
} from '../../support/product/after-call.ts';
import { startTestFrontdesk } from '../../support/product/frontdesk.ts';
import type { TestFrontdesk } from '../../support/product/frontdesk.ts';

type Context = { after(act: () => Promise<void>): void };

/** A business that has chosen such a model, its greeting stored already. */
async function begin(t: Context): Promise<{ f: TestFrontdesk; call: Call }> {
  const f = await startTestFrontdesk(t, { openaiSpeaks: true });
  const sql = f.database.general;
  const first = f.call();
  await greeted(first);
  await eventually('stored speech', async () => {
    const [{ count }] = await sql<[{ count: number }]>`SELECT count(*)::int AS count FROM clips`;
    return count > 8 ? true : undefined;
  });
  first.hangUp();
  await first.ended;
  await sql`UPDATE clients SET llm_model = 'openai/gpt-realtime' WHERE id = ${f.client.id}`;
  const call = f.call();
  await greeted(call);
  return { f, call };
}

async function asks(f: TestFrontdesk, call: Call, text: string): Promise<void> {
  f.says.push(text);
  await call.say(f.voice(text));
}

describe('a call by a realtime model', { concurrency: 5 }, () => {
  test('is greeted by stored speech, heard, answered, recorded and charged like any other', async (t) => {
    const { f, call } = await begin(t);
    f.openai.script('We open at nine in the morning.', 'You are welcome.');
    await asks(f, call, 'when do you open');
    await call.reply(700, 60_000);
    await call.quiet(700, 60_000);
    await asks(f, call, 'thank you');
    await call.reply(400, 60_000);
    await call.quiet(700, 60_000);
    call.hangUp();
    const record = await finished(f, call);
    assert.deepEqual(
      [...record.utterances],
      [
        { role: 'assistant', content: 'Hello, how can I help you?' },
        { role: 'user', content: 'When do you open?' },
        { role: 'assistant', content: 'We open at nine in the morning.' },
        { role: 'user', content: 'Thank you.' },
        { role: 'assistant', content: 'You are welcome.' },
      ],
    );
    assertBilled(record, record.summary.connectedMs);
    const turns = f.log.filter(({ msg, kind }) => msg === 'turn settled' && kind === 'reply');
    assert.ok(
      turns.every(
        ({ responseMs, inputTokens }) => Number(responseMs) > 0 && Number(inputTokens) > 0,
      ),
    );
    // Nothing but the one model was asked.
    assert.equal(f.deepgram.counts.connections, 1);
  });

  test('runs our tools, and ends when one of them says so', async (t) => {
    const { f, call } = await begin(t);
    f.openai.script(
      {
        text: '',
        calls: [{ name: 'take_message', arguments: { name: 'Anna', text: 'Please call back.' } }],
      },
      { text: 'It is passed on. Goodbye.', calls: [{ name: 'end_call', arguments: {} }] },
    );
    await asks(f, call, 'please take a message for the doctor');
    const record = await finished(f, call);
    assert.deepEqual(
      [record.conversation.endReason, record.conversation.outcome],
      ['goodbye', 'message'],
    );
    assert.equal(record.utterances.at(-1)?.content, 'It is passed on. Goodbye.');
    const messages = await f.database.general`SELECT name, text FROM messages`;
    assert.deepEqual([...messages], [{ name: 'Anna', text: 'Please call back.' }]);
  });

  test('a sign of listening takes nothing away, and a number is read back by our own voice', async (t) => {
    const { f, call } = await begin(t);
    const long = 'We open at nine, and we close at five in the evening on every day but Sunday.';
    const take = {
      text: '',
      calls: [
        {
          name: 'take_message',
          arguments: { name: 'Ann', text: 'Call back.', phone: '212 555 0123' },
        },
      ],
    };
    f.openai.script(long, take, take, 'It is passed on.');
    await asks(f, call, 'when do you open');
    await call.speaking(1200, 60_000);
    await asks(f, call, 'uh-huh');
    await call.quiet(1500, 60_000);
    const before = f.cartesia.characters;
    await asks(f, call, 'call me back on two one two five five five oh one two three');
    await call.reply(700, 60_000);
    await call.quiet(900, 60_000);
    assert.ok(f.cartesia.characters > before);
    assert.deepEqual([...(await f.database.general`SELECT phone FROM messages`)], []);
    await asks(f, call, 'yes');
    await call.reply(400, 60_000);
    await call.quiet(700, 60_000);
    call.hangUp();
    const record = await finished(f, call);
    const ours = record.utterances.filter(({ role }) => role === 'assistant').slice(1);
    assert.deepEqual(
      ours.map(({ content }) => content),
      [long, 'I have 212 555 0123. Is that right?', 'It is passed on.'],
    );
    const messages = await f.database.general`SELECT phone FROM messages`;
    assert.deepEqual([...messages], [{ phone: '212 555 0123' }]);
  });

  test('gives way to the caller, and the model knows what they have heard', async (t) => {
    const { f, call } = await begin(t);
    const long = 'We open at nine, and we close at five in the evening on every day but Sunday.';
    let told = '';
    f.openai.script(long, ({ messages }) => {
      told = messages.findLast(({ role }) => role === 'assistant')?.content ?? '';
      return 'Of course.';
    });
    await asks(f, call, 'when do you open');
    await call.speaking(1200, 60_000);
    await asks(f, call, 'and on Sunday');
    await call.quiet(400, 60_000);
    await call.reply(300, 60_000);
    await call.quiet(700, 60_000);
    call.hangUp();
    const record = await finished(f, call);
    const heard = record.utterances.filter(({ role }) => role === 'assistant')[1]?.content ?? '';
    assert.ok(heard.length > 5 && heard.length < long.length - 10, heard);
    assert.ok(long.startsWith(heard));
    assert.ok(long.startsWith(told) && told.length < long.length - 5, told);
    const [turn] = await f.database.general<{ unheard: string }[]>`
      SELECT unheard FROM turns WHERE unheard IS NOT NULL`;
    assert.ok(turn && long.startsWith(`${heard} ${turn.unheard}`), JSON.stringify(turn));
    // The two agree within a clause.
    assert.ok(Math.abs(told.length - heard.length) < 30, `${told} / ${heard}`);
  });

  test('goes on by parts when the model says nothing, and answers what the caller has said', async (t) => {
    const { f, call } = await begin(t);
    f.openai.faults.add({ on: 'message', match: 'response.created', do: 'stall' });
    f.openai.script('Said to nobody.', 'We open at nine.');
    await asks(f, call, 'when do you open');
    await heardSaying(f, /We open at nine/);
    call.hangUp();
    const { utterances } = await finished(f, call);
    assert.deepEqual(utterances.slice(1), [
      { role: 'assistant', content: 'One moment, please.' },
      { role: 'user', content: 'When do you open?' },
      { role: 'assistant', content: 'We open at nine.' },
    ]);
  });

  test('goes on by parts when the model is lost, with what was said', async (t) => {
    const { f, call } = await begin(t);
    f.openai.script('We open at nine in the morning.');
    await asks(f, call, 'when do you open');
    await call.reply(700, 60_000);
    await call.quiet(700, 60_000);
    let before = 0;
    const answer = ({ messages }: ChatRequest) => {
      before = messages.filter(
        ({ content }) => content === 'We open at nine in the morning.',
      ).length;
      return 'We are closed on Sunday.';
    };
    f.openai.script(answer, answer);
    f.openai.faults.add({ on: 'message', match: 'speech_started', do: 'reset' });
    await asks(f, call, 'and on Sunday');
    await eventually('another recogniser', async () =>
      f.deepgram.counts.connections > 1 ? true : undefined,
    );
    await call.reply(1200, 60_000);
    await asks(f, call, 'are you open on Sunday');
    await call.reply(700, 60_000);
    await call.quiet(700, 60_000);
    call.hangUp();
    const record = await finished(f, call);
    assert.equal(before, 1);
    assert.equal(record.utterances.at(-1)?.content, 'We are closed on Sunday.');
    assertBilled(record, record.summary.connectedMs);
    const health = f.frontdesk.vendorHealth().find(({ service }) => service === 'conversing');
    assert.equal(health?.failures, 1);
  });

  test('what it has done is known to who goes on: a message is not taken twice', async (t) => {
    const { f, call } = await begin(t);
    let told = '';
    const message = { name: 'Anna', text: 'Please call back.' };
    const take = { text: '', calls: [{ name: 'take_message', arguments: message }] };
    const answer = ({ messages }: ChatRequest) => {
      told = messages.map(({ role, content }) => `${role}: ${content ?? ''}`).join('\n');
      return 'Your message is passed on.';
    };
    // The one that follows it asks for the same once more.
    f.openai.script(take, 'Said to nobody.', take, answer);
    // The tool has run, and the model never learns of it.
    f.openai.faults.add({ on: 'message', match: 'response.created', nth: 2, do: 'reset' });
    await asks(f, call, 'please take a message for the doctor');
    await heardSaying(f, /Your message is passed on/);
    call.hangUp();
    const record = await finished(f, call);
    assert.match(told, /^user: Please take a message for the doctor/m);
    assert.equal(told.match(/^tool: The message is stored/gm)?.length, 2, told);
    const messages = await f.database.general`SELECT name, text FROM messages`;
    assert.deepEqual([...messages], [message]);
    assert.equal(record.conversation.outcome, 'message');
  });
});
