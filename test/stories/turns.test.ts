// Whole calls in virtual time: who speaks when, and what counts as heard.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestCall } from '../support/virtual-calls/call.ts';
import { HEAR_MS, SPEAK_MS, THINK_MS } from '../support/virtual-calls/vendors.ts';

test('the greeting is on the line at once and a question gets its answer', async () => {
  const call = await startTestCall({ answers: ['We open at nine in the morning.'] });
  const { line, turns } = call;
  await line.isQuiet(20);
  assert.ok(line.playing);
  await line.hearsOut();
  await line.says('when do you open?', 1000);
  const waitedMs = await line.isQuietUntil(() => line.playing, 3000);
  // The pause, the recogniser, the model and five of its tokens, the voice.
  const expectedMs = 200 + HEAR_MS + THINK_MS + 5 * 20 + SPEAK_MS;
  assert.ok(waitedMs <= expectedMs + 40, `${waitedMs}`);
  await line.hearsOut();
  await call.finish();
  assert.deepEqual(
    turns.map(({ kind, caller, heard, ending }) => ({ kind, caller, heard, ending })),
    [
      { kind: 'greeting', caller: undefined, heard: 'Hello.', ending: 'completed' },
      {
        kind: 'reply',
        caller: 'when do you open?',
        heard: 'We open at nine in the morning.',
        ending: 'completed',
      },
    ],
  );
  assert.equal(call.end, 'caller');
});

test('a caller who interrupts silences us, and the model is told what was heard', async () => {
  const long = 'We open at nine in the morning and close at five in the afternoon on all weekdays.';
  const call = await startTestCall({ answers: [long, 'On Sunday we are closed.'] });
  const { line, model, turns } = call;
  await line.hearsOut();
  await line.says('when do you open?', 1000);
  await line.isQuietUntil(() => line.playing, 3000);
  await line.isQuiet(1200);
  await line.says('and what about Sunday?', 1200);
  assert.equal(line.playing, false);
  await line.hearsOut();
  await call.finish();
  assert.equal(line.playedAfterClear, 0);
  assert.equal(turns[1]?.ending, 'interrupted');
  assert.ok(long.startsWith(turns[1]?.heard ?? '?'));
  const heard = turns[1]?.heard ?? '';
  assert.ok(heard.length > 5 && heard.length < 40, heard);
  assert.equal(`${heard} ${turns[1]?.unheard}`, long);
  assert.deepEqual(model.requests[1]?.at(-2), { role: 'assistant', text: heard, toolCalls: [] });
  assert.equal(turns[2]?.heard, 'On Sunday we are closed.');
  assert.equal(turns[2]?.unheard, undefined);
  assert.doesNotMatch(JSON.stringify(model.requests[1]), /weekdays/);
});

test('a cough takes nothing from us: what was silenced is played on', async () => {
  const call = await startTestCall({ answers: ['We open at nine in the morning every day.'] });
  const { line, turns } = call;
  await line.hearsOut();
  await line.says('when do you open?', 1000);
  await line.isQuietUntil(() => line.playing, 3000);
  await line.isQuiet(600);
  await line.says('', 240);
  assert.equal(line.playing, false);
  await line.hearsOut();
  await call.finish();
  assert.equal(turns.length, 2);
  assert.equal(turns[1]?.ending, 'completed');
  assert.equal(turns[1]?.heard, 'We open at nine in the morning every day.');
});

test('yes and no are turns', async () => {
  for (const answer of ['yes', 'no']) {
    const call = await startTestCall({
      greeting: 'Do you want to book an appointment?',
      answers: ['Very well.'],
    });
    await call.line.hearsOut();
    await call.line.says(answer, 300);
    await call.line.hearsOut();
    await call.finish();
    assert.equal(call.turns[1]?.caller, answer);
    assert.equal(call.turns[1]?.heard, 'Very well.');
  }
});

test('a caller who looks something up is left alone for half a minute more, and asked as ever after that', async () => {
  const call = await startTestCall({ answers: ['Take your time.', 'Very well.'] });
  await call.line.hearsOut();
  await call.line.says('hold on, let me check my calendar', 1500);
  await call.line.hearsOut();
  const ms = await call.line.isQuietUntil(() => call.line.playing, 60_000);
  assert.ok(ms > 36_000 && ms < 39_000, `${ms}`);
  await call.line.hearsOut();
  await call.line.says('tuesday would be fine', 900);
  await call.line.hearsOut();
  const next = await call.line.isQuietUntil(() => call.line.playing, 60_000);
  assert.ok(next > 7000 && next < 9000, `${next}`);
  await call.finish();
});

test('a silent caller is asked twice and let go at 30 seconds', async () => {
  const call = await startTestCall();
  await call.line.hearsOut();
  const ms = await call.line.isQuietUntil(() => call.line.isOver, 60_000);
  await call.finish();
  assert.deepEqual(
    call.turns.map((turn) => turn.heard),
    ['Hello.', 'Are you still there?', 'Are you still there?', 'Goodbye.'],
  );
  assert.equal(call.end, 'silence');
  assert.ok(ms > 29_000 && ms < 33_000, `${ms}`);
});

test('a long call keeps nothing of the turns it has had, whole or interrupted, thought ahead or not', async () => {
  const said = 'We open at nine in the morning and close at five in the afternoon.';
  const call = await startTestCall({
    answers: Array.from({ length: 60 }, () => said),
    parts: { speculates: true },
  });
  const { line } = call;
  const talk = async (exchange: number) => {
    await line.hearsOut();
    await line.says(`when do you open on day ${exchange}?`, 1000);
    await line.isQuietUntil(() => line.playing, 3000);
    if (exchange % 3 > 0) return;
    await line.isQuiet(1200);
    await line.says('and what about Sunday?', 1200);
    await line.isQuietUntil(() => line.playing, 3000);
  };
  for (let exchange = 1; exchange <= 3; exchange += 1) await talk(exchange);
  await line.hearsOut();
  const early = call.following;
  for (let exchange = 4; exchange <= 12; exchange += 1) await talk(exchange);
  await line.hearsOut();
  assert.equal(call.following, early);
  await call.finish();
  assert.ok(call.turns.length >= 16, `${call.turns.length} turns`);
  assert.ok(call.turns.some(({ ending }) => ending === 'interrupted'));
});
