// Which arguments of which tools need a yes first, and when nobody is asked again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message, Tool, ToolContext } from '../../../src/pipeline/types.ts';
import { withReadBack } from '../../../src/reception/tools/read-back.ts';

const us = (text: string): Message => ({ role: 'assistant', text, toolCalls: [] });
const caller = (text: string): Message => ({ role: 'user', text });
const dictation = caller('two one two five five five oh one two three');

interface Asking {
  readonly said?: readonly Message[];
  readonly typed?: boolean;
  readonly callerPhone?: string;
}

/** A tool behind the rule: gives what is said instead of running, or "ran". */
function asked(language = 'en-US') {
  const acts: string[] = [];
  const ran: unknown[] = [];
  const inner: Tool = {
    name: 'any',
    description: '',
    parameters: {},
    run(args) {
      ran.push(args);
      return Promise.resolve({ text: 'ran' });
    },
  };
  const tool = withReadBack(inner, language);
  const run = async (
    args: object,
    { said = [dictation], typed = false, callerPhone }: Asking = {},
  ) => {
    const context: ToolContext = {
      signal: new AbortController().signal,
      callId: 'call',
      clientId: 'client',
      callerPhone,
      hangUp() {},
      transfer() {},
      press() {},
      stay: () => acts.push('stay'),
      said: () => said,
      typed,
    };
    const { text, say, asks } = await tool.run(args, context);
    if (say !== undefined) assert.equal(asks, true);
    return say ?? text;
  };
  return { run, acts, ran };
}

test('a number and an address are asked about in the language of the call, and the call stays', async () => {
  const { run, acts } = asked();
  assert.equal(await run({ phone: '212 555 0123' }), 'I have 212 555 0123. Is that right?');
  assert.equal(await run({ email: 'a@example.com' }), 'I have a@example.com. Is that right?');
  assert.deepEqual(acts, ['stay', 'stay']);
  const spanish = asked('es-ES');
  const value = { contact: { mobile: ['+34 612 345 678'] } };
  assert.equal(await spanish.run(value), 'He anotado +34 612 345 678. ¿Es correcto?');
});

test('what was confirmed, typed, looked up or is the number of the line is used', async () => {
  const { run } = asked();
  const phone = '212 555 0123';
  const readBack = us('That is 212 555 0123?');
  assert.equal(await run({ phone }, { said: [dictation, readBack, caller('yes')] }), 'ran');
  assert.equal(await run({ phone }, { callerPhone: '+12125550123' }), 'ran');
  assert.equal(await run({ phone }, { typed: true, said: [caller('212-555-0123')] }), 'ran');
  const card: Message = { role: 'tool', callId: '1', result: '{"phone":"+12125550123"}' };
  assert.equal(await run({ phone }, { said: [card] }), 'ran');
  // Typed, but not so: the model has changed it.
  assert.match(await run({ phone }, { typed: true, said: [caller('212-555-0124')] }), /^I have/);
});

test('a number in a text counts where the caller has dictated it', async () => {
  const { run } = asked();
  const text = 'Call back on 212-555-0123, order 99887766.';
  assert.match(await run({ text }), /^I have 212-555-0123\./);
  assert.equal(await run({ text }, { said: [caller('call me back')] }), 'ran');
});

test('nobody is asked a third time: then it is left out, or told as uncertain', async () => {
  const { run } = asked();
  const args = { phone: '212 555 0123', text: 'Call back.' };
  await run(args);
  await run(args);
  assert.match(await run(args), /"unconfirmed"/);
  assert.equal(await run({ text: 'Call back on 212 555 0123, perhaps.' }), 'ran');
});

test('arguments without any such thing are let through', async () => {
  const { run } = asked();
  assert.equal(await run({ name: 'Anna', slot_id: 's-12345678', when: '2026-03-02T14:30' }), 'ran');
});

test('a name that was spelled is read back by its letters, and used only as it was spelled', async () => {
  const { run, acts } = asked();
  const spelled = [caller("My name is Kowalski, that's K O W A L S K I.")];
  const question = 'I have K, O, W, A, L, S, K, I. Is that right?';
  assert.equal(await run({ name: 'Anna Kovalski' }, { said: spelled }), question);
  const agreed = [...spelled, us(question), caller('Yes, exactly.')];
  const wrong = JSON.parse(await run({ name: 'Anna Kovalski' }, { said: agreed })) as object;
  assert.deepEqual(
    { ...wrong, hint: '' },
    {
      error: 'misspelled',
      spelled: 'K, O, W, A, L, S, K, I',
      hint: '',
    },
  );
  assert.equal(await run({ name: 'Anna Kowalski' }, { said: agreed }), 'ran');
  assert.deepEqual(acts, ['stay']);
  // The model may have read it back itself, as one word.
  const itself = [...spelled, us('So that is Kowalski?'), caller('yes')];
  assert.equal(await asked().run({ name: 'Kowalski' }, { said: itself }), 'ran');
});

test('a name that nobody spelled, or spelled for something else, is not asked about', async () => {
  const said = [caller('Anna Smith. My street is B R O A D W A Y.')];
  assert.equal(await asked().run({ name: 'Anna Smith' }, { said }), 'ran');
  assert.equal(await asked().run({ name: 'Anna Smith' }, { said: [caller('Anna Smith')] }), 'ran');
  const typed = [caller('S M I T H')];
  assert.equal(await asked().run({ name: 'Smith' }, { said: typed, typed: true }), 'ran');
});

test('a spelling that is never confirmed, or never taken, does not go round in circles', async () => {
  const { run } = asked();
  const said = [caller('K O W A L S K I')];
  const name = 'Kovalski';
  assert.match(await run({ name }, { said }), /Is that right/);
  assert.match(await run({ name }, { said }), /Is that right/);
  assert.match(await run({ name }, { said }), /misspelled/);
  assert.equal(await run({ name }, { said }), 'ran');
});

test('an address that was dictated is read back and used as it is written', async () => {
  const { run, ran } = asked();
  const said = [caller('it is J dot Smith forty two at gmail dot com')];
  const question = 'I have j.smith42@gmail.com. Is that right?';
  const email = 'J dot Smith forty two at gmail dot com';
  assert.equal(await run({ email }, { said }), question);
  const agreed = [...said, us(question), caller('yes')];
  assert.equal(await run({ contact: { email } }, { said: agreed }), 'ran');
  assert.equal(await run({ email_address: 'J.Smith42@Gmail.com' }, { said: agreed }), 'ran');
  const text = `Write to ${email}, please. See booking dot com.`;
  assert.equal(await run({ text }, { said: agreed }), 'ran');
  assert.deepEqual(ran, [
    { contact: { email: 'j.smith42@gmail.com' } },
    { email_address: 'j.smith42@gmail.com' },
    { text: 'Write to j.smith42@gmail.com, please. See booking dot com.' },
  ]);
});

test('an address that stands in a text is read back where the caller has dictated it', async () => {
  const said = [caller('a n n a at example dot com')];
  const text = 'Write to anna@example.com.';
  assert.match(await asked().run({ text }, { said }), /^I have anna@example\.com\./);
  assert.equal(await asked().run({ text }, { said: [caller('write to me')] }), 'ran');
  assert.equal(await asked().run({ text }, { said: [caller('joanna at example dot com')] }), 'ran');
});

test('what no mailbox can have is not used, and what is no address at all is let through', async () => {
  const { run } = asked();
  for (const email of ['anna at gmail', 'anna@gmail', 'a..b@gmail.com', '@gmail.com']) {
    assert.match(await run({ email }), /"invalid_email"/, email);
  }
  for (const rest of [{ email: '' }, { email: 'none' }, { email_body: 'meet anna at noon' }]) {
    assert.equal(await run(rest), 'ran', JSON.stringify(rest));
  }
});
