// A model that uses what it believes to have heard: by telephone and in chats, nothing is done with a number before its owner has agreed.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Call } from '../../sandbox/phone/call.ts';
import { openGrammarHearing } from '../../sandbox/speech/grammar-hearing.ts';
import { openSpeaker } from '../../sandbox/speech/speaking.ts';
import type { ScriptedAnswer } from '../../sandbox/vendors/openai/openai.ts';
import { assertSound, finished, greeted } from '../support/product/after-call.ts';
import { startDoors } from '../support/product/doors.ts';
import { startTestFrontdesk } from '../support/product/frontdesk.ts';
import type { TestFrontdesk } from '../support/product/frontdesk.ts';

const dictation = 'please call me back on two one two five five five oh one two three';
const take = (phone: string): ScriptedAnswer => ({
  text: '',
  calls: [{ name: 'take_message', arguments: { name: 'Ann', text: 'Call back.', phone } }],
});

describe('a dictated number', { concurrency: 3 }, () => {
  test('by telephone: read back, corrected, read back, and stored after a yes', async (t) => {
    const f = await startTestFrontdesk(t);
    const call = f.call();
    await greeted(call);
    // The first is misheard, and each is used at once.
    const [wrong, right] = ['212 555 0129', '212 555 0123'];
    f.openai.script(take(wrong), take(right), take(right), 'Thank you, I will pass that on.');
    await ask(f, call, dictation);
    await ask(f, call, 'no it ends in twenty three');
    assert.deepEqual(await messages(f), []);
    await ask(f, call, 'yes that is right');
    assert.deepEqual(await answersIn(f, call), [
      'I have 212 555 0129. Is that right?',
      'I have 212 555 0123. Is that right?',
      'Thank you, I will pass that on.',
    ]);
    assert.deepEqual(await messages(f), [right]);
    await assertSound(f);
  });

  test('by telephone: a name is taken as it was spelled, and after a yes', async (t) => {
    const f = await startTestFrontdesk(t);
    const call = f.call();
    await greeted(call);
    const takes = (name: string): ScriptedAnswer => ({
      text: '',
      calls: [{ name: 'take_message', arguments: { name, text: 'Call back.' } }],
    });
    f.openai.script(takes('Kovalski'), takes('Kowalski'), 'I will pass that on.');
    await ask(f, call, 'my name is k o double u a l s k i');
    await ask(f, call, 'yes that is right');
    assert.deepEqual(await answersIn(f, call), [
      'I have K, O, W, A, L, S, K, I. Is that right?',
      'I will pass that on.',
    ]);
    assert.deepEqual(await storedWith(f, 'Kowalski'), [true]);
  });

  test('by telephone: an e-mail address is put together, read back, and noted after a yes', async (t) => {
    const f = await startTestFrontdesk(t);
    const call = f.call();
    await greeted(call);
    // The model writes it as it was said, then otherwise than it was said.
    const takes = (address: string): ScriptedAnswer => ({
      text: '',
      calls: [{ name: 'take_message', arguments: { name: 'Ann', text: `Write to ${address}.` } }],
    });
    const spoken = 'j dot smith forty two at gmail dot com';
    f.openai.script(takes(spoken), takes('J.Smith42@Gmail.com'), 'I will pass that on.');
    await ask(f, call, `my email is ${spoken}`);
    await ask(f, call, 'yes that is right');
    assert.deepEqual(await answersIn(f, call), [
      'I have j.smith42@gmail.com. Is that right?',
      'I will pass that on.',
    ]);
    assert.deepEqual(await storedWith(f, 'Write to j.smith42@gmail.com.'), [true]);
    await assertSound(f);
  });

  test('by telephone, really spoken and heard: an e-mail address, too', async (t) => {
    const [hearing, speaker] = [await openGrammarHearing(), openSpeaker()];
    const f = await startTestFrontdesk(t, { senses: { hearing, speaker } });
    t.after(() => Promise.all([hearing.close(), speaker.close()]));
    const call = f.call();
    const says = async (text: string) => {
      const { samples } = await speaker.speak(text, { voice: 'rms', sampleRate: 8000 });
      await call.say(samples);
      await call.reply(900, 60_000);
    };
    const take: ScriptedAnswer = {
      text: '',
      calls: [
        {
          name: 'take_message',
          arguments: { name: 'John', text: 'Write to john.smith@example.com.' },
        },
      ],
    };
    f.openai.script(take, take, 'I will pass that on.');
    await call.reply(900, 60_000);
    await says('my email is john dot smith at example dot com');
    await says("yes that's correct");
    call.hangUp();
    const { utterances } = await finished(f, call);
    assert.deepEqual(
      utterances.slice(1).map(({ content }) => content),
      [
        'My email is John dot Smith at example dot com.',
        'I have john.smith@example.com. Is that right?',
        "Yes that's correct.",
        'I will pass that on.',
      ],
    );
    const [, asked] = f.openai.requests[0]!.messages.slice(-2);
    assert.match(String(asked?.content), /\(e-mail address as heard: john\.smith@example\.com\)$/);
  });

  test('in a chat: what was typed is used, what the model makes of it is asked about', async (t) => {
    const doors = await startDoors(t);
    const { owner, clientId, database, rig } = doors;
    const say = async (content: string, rest: object) => {
      const answer = await doors.as(owner).post('/chat', { type: 'text', content, ...rest });
      assert.equal(answer.status, 200, answer.text);
      return answer.json as { content: string; conversation_id: string };
    };
    rig.openai.script(take('212 555 0129'), take('+1 212 555 0123'), 'I will pass that on.');
    const first = await say('Please call me on 212-555-0123', { client_id: clientId });
    assert.equal(first.content, 'I have 212 555 0129. Is that right?');
    const rest = { conversation_id: first.conversation_id };
    assert.equal((await say('No, 0123', rest)).content, 'I will pass that on.');
    const stored = await database.general<{ phone: string }[]>`SELECT phone FROM messages`;
    assert.deepEqual(
      stored.map(({ phone }) => phone),
      ['+1 212 555 0123'],
    );
  });
});

/** The caller says it, and hears the answer out. */
async function ask(f: TestFrontdesk, call: Call, text: string): Promise<void> {
  f.says.push(text);
  await call.say(f.voice(text));
  await call.reply(700, 60_000);
  await call.quiet(700, 60_000);
}

async function messages(f: TestFrontdesk): Promise<string[]> {
  const rows = await f.database.general<{ phone: string }[]>`SELECT phone FROM messages`;
  return rows.map(({ phone }) => phone);
}

/** Hangs up; what the caller was answered, the greeting left out. */
async function answersIn(f: TestFrontdesk, call: Call): Promise<string[]> {
  call.hangUp();
  const { utterances } = await finished(f, call);
  const said = utterances.filter(({ role }) => role === 'assistant').slice(1);
  return said.map(({ content }) => content);
}

/** Of each message that is stored, whether it holds this. */
async function storedWith(f: TestFrontdesk, value: string): Promise<boolean[]> {
  const rows = await f.database.general<Record<string, unknown>[]>`SELECT * FROM messages`;
  return rows.map((row) => Object.values(row).includes(value));
}
