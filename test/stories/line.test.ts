// Whole calls in virtual time: what the line itself can do. Keys that lead to a person, machines at the other end, keys for them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/lib/errors.ts';
import type { MachineContact } from '../../src/pipeline/machines/machines.ts';
import { pressKeysTool } from '../../src/reception/tools/tools.ts';
import { startTestCall } from '../support/virtual-calls/call.ts';
import { toolCall } from '../support/virtual-calls/vendors.ts';

const person = { phoneNumber: '+12025550100' };
const machineAnswer = (text: string) => {
  if (/state your name/.test(text)) return { say: 'This is Smile, about tomorrow.', leaves: false };
  return /after the tone/.test(text)
    ? { say: 'This is Smile. Call us back.', leaves: true }
    : undefined;
};

test('0 alone leads to a person, in the middle of our sentence', async () => {
  const call = await startTestCall({
    greeting: 'Hello and welcome, this is a greeting that goes on for quite a while.',
    parts: { personByKey: () => Promise.resolve(person) },
  });
  await call.line.isQuiet(500);
  call.line.keys.push('0');
  await call.line.isQuietUntil(() => call.line.isOver, 10_000);
  assert.equal(await call.finish(), 'transferred');
  assert.deepEqual(call.line.transferredTo, person);
  assert.equal(call.turns.at(-1)?.heard, 'One moment.');
  assert.equal(call.model.requests.length, 0);
});

test('0 among other digits is one of them, and alone it is one where nobody can be reached', async () => {
  let asked = 0;
  const call = await startTestCall({
    answers: ['Thank you.', 'Nobody is there.'],
    parts: { personByKey: () => Promise.resolve((asked += 1) > 0 ? undefined : person) },
  });
  await call.line.hearsOut();
  for (const key of '5550') call.line.keys.push(key);
  await call.line.hearsOut();
  assert.equal(call.turns.at(-1)?.caller, '(pressed on the keypad: 5550)');
  assert.equal(asked, 0);
  call.line.keys.push('0');
  await call.line.hearsOut();
  assert.equal(call.turns.at(-1)?.caller, '(pressed on the keypad: 0)');
  assert.equal(call.line.isOver, false);
  await call.finish();
});

test('a key silences us at once, and is answered when no other follows', async () => {
  const call = await startTestCall({
    answers: ['We are open from nine to five on every day but Sunday.', 'You pressed one.'],
  });
  await call.line.hearsOut();
  await call.line.says('when do you open?', 900);
  await call.line.isQuietUntil(() => call.line.playing, 5000);
  await call.line.isQuiet(500);
  call.line.keys.push('1');
  await call.line.isQuiet(100);
  assert.equal(call.line.playing, false);
  await call.line.hearsOut();
  assert.equal(call.turns[1]?.ending, 'interrupted');
  assert.equal(call.turns.at(-1)?.caller, '(pressed on the keypad: 1)');
  assert.equal(call.turns.at(-1)?.heard, 'You pressed one.');
  await call.finish();
});

/** What a call tells of machines at the other end. */
function met() {
  const machines: MachineContact[] = [];
  return { machines, onMachine: (what: MachineContact) => void machines.push(what) };
}

test('a machine that asks who we are is told, and who comes after it is talked with', async () => {
  const { machines, onMachine } = met();
  const call = await startTestCall({
    answers: ['Hello Ann.'],
    parts: { machineAnswer, onMachine },
  });
  await call.line.hearsOut();
  await call.line.says('please state your name and the reason for your call', 2500);
  await call.line.isQuietUntil(() => call.line.playing, 5000);
  // To the carrier any machine that falls silent is a mailbox.
  call.control.push({ type: 'machine', message: 'Please call us back.', tone: false });
  await call.line.hearsOut();
  assert.equal(call.turns.at(-1)?.heard, 'This is Smile, about tomorrow.');
  assert.equal(
    call.turns.at(-1)?.caller,
    'please state your name and the reason for your call',
    'what it said is in the record',
  );
  assert.deepEqual(machines, ['screening']);
  assert.equal(call.model.requests.length, 0);
  await call.line.says('hello, Ann here', 900);
  await call.line.hearsOut();
  assert.equal(call.turns.at(-1)?.heard, 'Hello Ann.');
  assert.match(JSON.stringify(call.model.requests.at(-1)), /state your name/);
  await call.finish();
});

test('a machine that asks who we are and then takes a message is left one at its tone', async () => {
  const { machines, onMachine } = met();
  const call = await startTestCall({ parts: { machineAnswer, onMachine } });
  await call.line.hearsOut();
  await call.line.says('please state your name and the reason for your call', 2500);
  await call.line.hearsOut();
  call.control.push({ type: 'machine', message: 'Please call us back.', tone: true });
  await call.line.isQuietUntil(() => call.line.isOver, 10_000);
  assert.equal(await call.finish(), 'goodbye');
  assert.equal(call.turns.at(-1)?.heard, 'Please call us back.');
  assert.deepEqual(machines, ['screening', 'mailbox', 'left']);
});

test('a mailbox is left the message and nothing else, whatever it says over it', async () => {
  const { machines, onMachine } = met();
  const call = await startTestCall({ parts: { machineAnswer, onMachine } });
  await call.line.hearsOut();
  await call.line.says('leave a message after the tone', 1500);
  await call.line.isQuietUntil(() => call.line.playing, 5000);
  await call.line.says('press one when you are done', 700);
  await call.line.isQuietUntil(() => call.line.isOver, 10_000);
  assert.equal(await call.finish(), 'goodbye');
  assert.equal(call.turns.at(-1)?.heard, 'This is Smile. Call us back.');
  assert.equal(call.turns.at(-1)?.ending, 'completed');
  assert.equal(call.turns.at(-1)?.caller, 'leave a message after the tone');
  assert.equal(call.model.requests.length, 0);
  assert.deepEqual(machines, ['mailbox', 'left']);
});

test('a message that a mailbox cut off, or that no voice could say, is not left', async () => {
  const cut = met();
  const short = await startTestCall({ parts: { machineAnswer, onMachine: cut.onMachine } });
  await short.line.hearsOut();
  await short.line.says('leave a message after the tone', 1500);
  await short.line.isQuietUntil(() => short.line.playing, 5000);
  await short.line.isQuiet(300);
  assert.equal(await short.finish(), 'caller');
  assert.deepEqual(cut.machines, ['mailbox']);

  const mute = met();
  const silent = await startTestCall({
    parts: { machineAnswer, onMachine: mute.onMachine },
    voice: () => ({
      // eslint-disable-next-line require-yield
      async *synthesize() {
        throw new AppError('vendor_failed', 'no voice');
      },
    }),
  });
  await silent.line.hearsOut();
  await silent.line.says('leave a message after the tone', 1500);
  await silent.line.isQuietUntil(() => silent.line.isOver, 10_000);
  assert.equal(await silent.finish(), 'goodbye');
  assert.deepEqual(
    silent.turns.map(({ heard }) => heard),
    ['Hello.', ''],
    'no mailbox hears apologies',
  );
  assert.deepEqual(mute.machines, ['mailbox']);
});

test('a message that is being left is left, also where time runs out or another process is to take over', async () => {
  const { machines, onMachine } = met();
  const call = await startTestCall({ parts: { onMachine } });
  await call.line.isQuiet(1000);
  const message = 'This is Smile, and this is about your appointment. Please call us back soon.';
  call.control.push({ type: 'machine', message, tone: true });
  await call.line.isQuietUntil(() => call.line.playing, 5000);
  call.control.push({ type: 'wrap-up' });
  call.control.push({ type: 'hand-over' });
  await call.line.isQuietUntil(() => call.line.isOver, 15_000);
  assert.equal(await call.finish(), 'goodbye');
  assert.equal(call.turns.at(-1)?.heard, message);
  assert.deepEqual(machines, ['mailbox', 'left']);
});

test('when the carrier reports the tone the message begins anew, and is left whole', async () => {
  const call = await startTestCall({
    greeting: 'Hello, this is Smile, and I am calling about your appointment tomorrow.',
  });
  await call.line.isQuiet(1000);
  call.control.push({
    type: 'machine',
    message: 'This is Smile. Please call us back soon.',
    tone: true,
  });
  await call.line.isQuiet(1000);
  call.control.push({
    type: 'machine',
    message: 'This is Smile. Please call us back soon.',
    tone: true,
  });
  await call.line.isQuietUntil(() => call.line.isOver, 15_000);
  assert.equal(await call.finish(), 'goodbye');
  assert.equal(call.turns.at(-1)?.heard, 'This is Smile. Please call us back soon.');
  assert.equal(call.turns.at(-1)?.ending, 'completed');
  assert.equal(call.line.playedAfterClear, 0);
});

test('a fax is told nothing', async () => {
  const { machines, onMachine } = met();
  const call = await startTestCall({ parts: { onMachine } });
  await call.line.isQuiet(100);
  call.control.push({ type: 'machine', message: '', tone: false });
  await call.line.isQuietUntil(() => call.line.isOver, 5000);
  assert.equal(await call.finish(), 'goodbye');
  assert.deepEqual(machines, ['mailbox']);
});

test('keys are pressed by the carrier, and the call goes on elsewhere; where it refuses, it goes on here', async () => {
  const answers = () => [[toolCall('press_keys', { keys: '1w2' })], 'Let us wait.'];
  const call = await startTestCall({ tools: [pressKeysTool], answers: answers() });
  await call.line.hearsOut();
  await call.line.says('for appointments press one', 1300);
  await call.line.isQuietUntil(() => call.line.isOver, 10_000);
  assert.equal(await call.finish(), 'handed-over');
  assert.equal(call.line.keysPressed, '1w2');

  const refused = await startTestCall({ tools: [pressKeysTool], answers: answers() });
  refused.line.handsOver = false;
  await refused.line.hearsOut();
  await refused.line.says('for appointments press one', 1300);
  await refused.line.isQuiet(4000);
  assert.equal(refused.line.isOver, false);
  assert.equal(await refused.finish(), 'caller');
});
