// Whole calls in virtual time from loud places: others speak behind the caller, and recognisers guess.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestCall } from '../support/virtual-calls/call.ts';

const long =
  'We open at nine in the morning and close at five in the afternoon on all weekdays, and on Saturdays we are here until noon.';
const sorry = 'Sorry, say that again?';

/** Syllables of a quarter of a second, 20 dB fainter than the caller's. */
const talk = (frame: number) => (frame % 17 < 12 ? 600 : 40);
/** Half a minute of a television: sentences of two seconds, and as much quiet between them. */
const television = (frame: number) => (frame % 200 < 100 ? talk(frame) : 20);

test('talk that never ceases behind the caller does not silence our answers, and the caller does', async () => {
  const call = await startTestCall({ answers: [long, 'Goodbye then.'] });
  const { line } = call;
  line.behind = talk;
  await line.hearsOut();
  await line.says('when do you open?', 1000);
  await line.isQuietUntil(() => line.playing, 3000);
  let silentMs = 0;
  for (let passed = 0; passed < 5000; passed += 20) {
    await line.isQuiet(20);
    if (!line.playing) silentMs += 20;
  }
  assert.ok(silentMs <= 40, `${silentMs}`);
  await line.says('stop', 300);
  assert.equal(line.playing, false);
  await line.hearsOut();
  await call.finish();
  assert.equal(call.turns[2]?.caller, 'stop');
});

test('a turn ends where the caller does, whoever speaks on', async () => {
  const call = await startTestCall({ answers: ['At nine.'] });
  const { line } = call;
  line.behind = talk;
  await line.hearsOut();
  await line.isQuiet(2000);
  await line.says('when do you open?', 1000);
  const waitMs = await line.isQuietUntil(() => line.playing, 6000);
  await line.hearsOut();
  await call.finish();
  assert.ok(waitMs <= 1200, `${waitMs}`);
  assert.equal(call.turns[1]?.heard, 'At nine.');
});

test('a television silences us once, not at each sentence', async () => {
  const call = await startTestCall({ greeting: `${long} ${long}` });
  const { line } = call;
  line.behind = television;
  await line.isQuietUntil(() => line.playing, 1000);
  let stops = 0;
  let playing = true;
  for (let passed = 0; passed < 14_000; passed += 20) {
    await line.isQuiet(20);
    if (playing && !line.playing) stops += 1;
    playing = line.playing;
  }
  await line.hearsOut();
  await call.finish();
  assert.equal(stops, 1);
});

test('words that are a guess are asked for again, twice at most', async () => {
  const call = await startTestCall({ answers: ['At nine.'] });
  const { line } = call;
  await line.hearsOut();
  for (const text of ['men too open', 'when too often', 'when do you often']) {
    await line.says(text, 800, 0.3);
    await line.hearsOut();
  }
  await call.finish();
  assert.deepEqual(
    call.turns.map(({ heard }) => heard),
    ['Hello.', sorry, sorry, 'At nine.'],
  );
  assert.equal(call.model.requests.length, 1);
});

test('one word that is a guess does not take our turn from us', async () => {
  const call = await startTestCall({ answers: [long] });
  const { line } = call;
  await line.hearsOut();
  await line.says('when do you open?', 1000);
  await line.isQuietUntil(() => line.playing, 3000);
  await line.isQuiet(800);
  await line.says('Jeff', 400, 0.2);
  await line.isQuietUntil(() => line.playing, 2000);
  await line.hearsOut();
  await call.finish();
  assert.equal(call.turns[1]?.heard, long);
  assert.equal(call.turns.length, 2);
});
