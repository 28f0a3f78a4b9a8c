// Whole calls in virtual time: tools that run while people talk.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from '../../src/lib/clock.ts';
import type { Tool } from '../../src/pipeline/types.ts';
import { startTestCall } from '../support/virtual-calls/call.ts';
import { tokens, toolCall } from '../support/virtual-calls/vendors.ts';

/** A booking that takes its time. */
function slowBooking(clock: () => Clock, ms: number, done: string[]): Tool {
  return {
    name: 'book',
    description: '',
    parameters: {
      type: 'object',
      properties: { day: { type: 'string' } },
      required: ['day'],
      additionalProperties: false,
    },
    async run(args, { signal }) {
      await clock().sleep(ms, signal);
      const { day } = args as { day: string };
      done.push(day);
      return { text: 'Booked.', say: `You are booked for ${day}.`, outcome: 'booked' };
    },
  };
}

test('what is confirmed is spoken word for word, then the model goes on', async () => {
  const done: string[] = [];
  let clock: Clock | undefined;
  const call = await startTestCall({
    tools: [slowBooking(() => clock!, 100, done)],
    answers: [[toolCall('book', { day: 'Tuesday' })], 'Anything else?'],
  });
  clock = call.clock;
  await call.line.hearsOut();
  await call.line.says('Tuesday please.', 900);
  await call.line.hearsOut();
  await call.finish();
  assert.equal(call.turns[1]?.heard, 'You are booked for Tuesday. Anything else?');
  assert.deepEqual(call.turns[1]?.outcomes, ['booked']);
  const result = call.model.requests[1]?.at(-1);
  assert.ok(result?.role === 'tool' && result.result.includes('has just been told'));
});

test('a slow tool is covered by a few words, and never more than five seconds of silence', async () => {
  const done: string[] = [];
  let clock: Clock | undefined;
  const call = await startTestCall({
    tools: [slowBooking(() => clock!, 9000, done)],
    answers: [[toolCall('book', { day: 'Tuesday' })], 'Anything else?'],
  });
  clock = call.clock;
  await call.line.hearsOut();
  await call.line.says('Tuesday please.', 900);
  let longestMs = 0;
  for (let silentMs = 0; call.turns.length < 2;) {
    await call.line.isQuiet(20);
    silentMs = call.line.playing ? 0 : silentMs + 20;
    longestMs = Math.max(longestMs, silentMs);
  }
  await call.finish();
  assert.ok(longestMs <= 5000, `${longestMs}`);
  assert.equal(
    call.turns[1]?.heard,
    'One moment. One moment. You are booked for Tuesday. Anything else?',
  );
});

test('a caller who speaks while a tool runs is heard; the tool still runs to its end, once', async () => {
  const done: string[] = [];
  const watched: string[] = [];
  let clock: Clock | undefined;
  const call = await startTestCall({
    parts: {
      onTool(start) {
        watched.push(`begins in turn ${call.turns.length}`);
        return ({ run }) => watched.push(`${run.id === start.id} after ${call.turns.length} turns`);
      },
    },
    tools: [slowBooking(() => clock!, 3000, done)],
    answers: [
      [...tokens('I will book that now.'), toolCall('book', { day: 'Tuesday' })],
      'You are booked for Tuesday, and parking is free.',
    ],
  });
  clock = call.clock;
  await call.line.hearsOut();
  await call.line.says('Tuesday please.', 900);
  await call.line.isQuietUntil(() => call.line.playing, 3000);
  await call.line.isQuiet(300);
  await call.line.says('is there parking?', 900);
  await call.line.hearsOut();
  await call.line.isQuietUntil(() => call.turns.length >= 3, 20_000);
  await call.finish();
  assert.deepEqual(done, ['Tuesday']);
  assert.deepEqual(watched, ['begins in turn 1', 'true after 2 turns']);
  assert.equal(call.turns[1]?.ending, 'interrupted');
  const asked = call.model.requests[1] ?? [];
  const result = asked.find((message) => message.role === 'tool');
  assert.match(result?.role === 'tool' ? result.result : '', /has not been told yet/);
  assert.equal(asked.at(-1)?.role, 'user');
});

test('arguments that make no sense go back to the model once, then we apologise', async () => {
  const done: string[] = [];
  let clock: Clock | undefined;
  const call = await startTestCall({
    tools: [slowBooking(() => clock!, 10, done)],
    answers: [[toolCall('book', { hour: 3 })], [toolCall('invent', {})], 'unreached'],
  });
  clock = call.clock;
  await call.line.hearsOut();
  await call.line.says('Tuesday please.', 900);
  await call.line.hearsOut();
  await call.finish();
  assert.deepEqual(done, []);
  assert.equal(call.turns[1]?.heard, 'Sorry, say that again?');
  assert.deepEqual(
    call.turns[1]?.tools.map(({ failed }) => failed),
    [true, true],
  );
  assert.equal(call.model.requests.length, 2);
});

test('fifty tool calls at once are five', async () => {
  const done: string[] = [];
  let clock: Clock | undefined;
  const many = Array.from({ length: 50 }, (_, index) => toolCall('book', { day: `day ${index}` }));
  const call = await startTestCall({
    tools: [slowBooking(() => clock!, 10, done)],
    answers: [many, 'Done.'],
  });
  clock = call.clock;
  await call.line.hearsOut();
  await call.line.says('Tuesday please.', 900);
  await call.line.isQuiet(12_000);
  await call.finish();
  assert.equal(done.length, 5);
});

test('a reply that never ends is cut at 1,200 characters', async () => {
  const call = await startTestCall({ answers: ['word '.repeat(2000)] });
  await call.line.hearsOut();
  await call.line.says('go on.', 600);
  await call.line.isQuietUntil(() => call.turns.length >= 2, 200_000);
  await call.finish();
  assert.ok((call.turns[1]?.heard.length ?? 0) <= 1200);
});

const offsets = [200, 500, 900, 1300, 1700, 2300, 2900];
for (const offsetMs of offsets) {
  test(`interrupted ${offsetMs} ms into the answer, the record ends within a clause of what was played`, async () => {
    const long = 'We are open from nine to five, Monday to Friday, and on Saturday until noon.';
    const call = await startTestCall({ answers: [long, 'Very well.'] });
    await call.line.hearsOut();
    await call.line.says('when are you open?', 900);
    await call.line.isQuietUntil(() => call.line.playing, 3000);
    const beforeMs = call.line.heardMs();
    await call.line.isQuiet(offsetMs);
    await call.line.says('never mind that', 700);
    const playedMs = call.line.heardMs() - beforeMs;
    await call.line.hearsOut();
    await call.finish();
    const heard = call.turns[1]?.heard ?? '';
    assert.ok(long.startsWith(heard));
    const heardMs = heard.length * 60;
    assert.ok(Math.abs(heardMs - playedMs) < 600, `${heardMs} of ${playedMs}: ${heard}`);
    assert.equal(call.line.playedAfterClear, 0);
  });
}

test('a call is handed over when the tool under way has come to its end, though its turn is cut short', async () => {
  const done: string[] = [];
  let clock: Clock | undefined;
  const call = await startTestCall({
    tools: [slowBooking(() => clock!, 14_000, done)],
    answers: [[toolCall('book', { day: 'Tuesday' })], 'Anything else?'],
  });
  clock = call.clock;
  await call.line.hearsOut();
  await call.line.says('Tuesday please.', 900);
  await call.line.isQuiet(1500);
  call.control.push({ type: 'hand-over' });
  await call.line.isQuietUntil(() => call.line.isOver, 30_000);
  assert.deepEqual(done, ['Tuesday']);
  assert.equal(await call.finish(), 'handed-over');
  assert.equal(call.turns.at(-1)?.ending, 'interrupted');
});
