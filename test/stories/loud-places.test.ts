// Whole calls in virtual time from loud places: others speak behind the caller, and recognisers guess.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestCall } from '../support/virtual-calls/call.ts';
import type { TestLine } from '../support/virtual-calls/line.ts';

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

/** How often the line falls silent in so much of our speech. */
async function stopsWithin(line: TestLine, ms: number): Promise<number> {
  let stops = 0;
  let playing = true;
  for (let passed = 0; passed < ms; passed += 20) {
    await line.isQuiet(20);
    if (playing && !line.playing) stops += 1;
    playing = line.playing;
  }
  return stops;
}

/** A recogniser hears the sentences of the television as well, but for the one in whose middle the call began. */
function understand(line: TestLine): void {
  for (let frame = 200; frame < 3000; frame += 200) {
    const text = 'and now the weather for all of the north';
    line.said.push({ text, fromFrame: frame, toFrame: frame + 100 });
  }
}

for (const understood of [false, true]) {
  const whether = understood ? ', though its words are recognised' : '';
  test(`a television does not silence our greeting${whether}, and the caller does`, async () => {
    const call = await startTestCall({ greeting: `${long} ${long}`, answers: ['Yes?'] });
    const { line } = call;
    line.behind = television;
    if (understood) understand(line);
    assert.equal(await stopsWithin(line, 9600), 0);
    await line.says('yes hi', 340);
    assert.equal(line.playing, false);
    await line.says('I want to book a table.', 900);
    await line.hearsOut();
    await call.finish();
    assert.equal(call.turns[0]?.ending, 'interrupted');
    assert.match(call.turns[1]?.caller ?? '', /I want to book a table\.$/);
    assert.equal(call.turns[1]?.heard, 'Yes?');
  });
}

test('a television that begins later silences us once, not at each sentence', async () => {
  const call = await startTestCall({ greeting: `${long} ${long}` });
  const { line } = call;
  line.behind = (frame) => (frame < 120 ? 20 : television(frame));
  await line.isQuietUntil(() => line.playing, 1000);
  assert.equal(await stopsWithin(line, 14_000), 1);
  await line.hearsOut();
  await call.finish();
});

test('a television gets no answer while the caller is silent, who is asked, and heard', async () => {
  const call = await startTestCall({ answers: ['At nine.', 'Goodbye then.'] });
  const { line } = call;
  line.behind = television;
  understand(line);
  await line.hearsOut();
  await line.isQuiet(5000);
  assert.equal(call.model.requests.length, 0);
  await line.says('when do you open?', 1000);
  await line.isQuietUntil(() => line.playing, 3000);
  await line.isQuiet(6000);
  assert.equal(call.model.requests.length, 1);
  await line.isQuietUntil(() => call.turns.length === 3, 6000);
  await call.finish();
  assert.deepEqual(
    call.turns.map(({ heard }) => heard),
    ['Hello.', 'At nine.', 'Are you still there?'],
  );
});

/** Sentences of two seconds again, but as near as 10 dB below the caller, and with a second between them. */
const nearTelevision = (frame: number) => (frame % 150 < 100 ? 3 * talk(frame) : 20);

/** A caller is known beside it by a turn of their own, which is answered. */
async function knownBeside(television: (frame: number) => number, answers: readonly string[]) {
  const call = await startTestCall({ answers: [long, ...answers] });
  const { line } = call;
  line.behind = television;
  await line.hearsOut();
  await line.says('when do you open?', 1000);
  await line.hearsOut();
  return call;
}

test('a television switched on later, understood and 10 dB below the caller, is answered once at most, and the caller is', async () => {
  const call = await startTestCall({
    answers: [long, long, 'Until five.', 'Yes?', 'Yes?', 'Yes?'],
  });
  const { line } = call;
  line.behind = (frame) => (frame < 400 ? 20 : nearTelevision(frame));
  for (let frame = 450; frame < 3000; frame += 150) {
    line.said.push({ text: 'and now the weather', fromFrame: frame, toFrame: frame + 100 });
  }
  await line.hearsOut();
  await line.isQuiet(4000);
  await line.says('when do you open?', 1000);
  await line.isQuiet(24_000);
  const answered = call.model.requests.length;
  await line.says('and until when?', 1000);
  await line.isQuiet(6000);
  await call.finish();
  assert.ok(answered <= 2, `${answered}`);
  assert.match(call.turns.at(-1)?.caller ?? '', /and until when\?$/);
});

test('who walks away from the telephone beside a television is answered after a moment, and at once when we were listened to', async () => {
  const call = await knownBeside(television, [long, 'Until five.']);
  const { line } = call;
  // Nobody speaks beside them any more.
  line.behind = () => 20;
  line.callerLevel = 1900;
  await line.isQuiet(1000);
  await line.says('and on Saturdays?', 1000);
  const firstMs = await line.isQuietUntil(() => line.playing, 5000);
  await line.hearsOut();
  await line.says('until when are you there?', 1000);
  const secondMs = await line.isQuietUntil(() => line.playing, 5000);
  await line.hearsOut();
  await call.finish();
  assert.ok(firstMs >= 2000 && firstMs <= 3000, `${firstMs}`);
  assert.ok(secondMs <= 1200, `${secondMs}`);
  assert.equal(call.turns.at(-1)?.heard, 'Until five.');
});

test('who walks away is answered though the television goes on, as long as its words are not understood', async () => {
  const call = await knownBeside(nearTelevision, ['Until noon.']);
  const { line } = call;
  line.callerLevel = 1900;
  await line.isQuiet(3500);
  await line.says('and on Saturdays?', 1000);
  const waitMs = await line.isQuietUntil(() => line.playing, 5000);
  await line.hearsOut();
  await call.finish();
  assert.ok(waitMs <= 4000, `${waitMs}`);
  assert.equal(call.turns.at(-1)?.heard, 'Until noon.');
});

test('who lowers the voice far is asked once, and heard from then on', async () => {
  const call = await startTestCall({ answers: ['At nine.', 'Until five.'] });
  const { line } = call;
  await line.hearsOut();
  await line.isQuiet(1000);
  await line.says('when do you open?', 1000);
  await line.hearsOut();
  line.callerLevel = 600;
  await line.isQuiet(1500);
  await line.says('and until when?', 900);
  await line.hearsOut();
  assert.equal(call.turns.at(-1)?.heard, 'Are you still there?');
  await line.says('until when are you there?', 900);
  await line.hearsOut();
  await call.finish();
  assert.equal(call.turns.at(-1)?.heard, 'Until five.');
});

for (const [whom, level] of [
  ['fainter', 500],
  ['louder', 12_000],
] as const) {
  test(`who is given the telephone is heard at once, and may be ${whom}`, async () => {
    const call = await startTestCall({ answers: ['Very well.', 'At nine.'] });
    const { line } = call;
    line.callerLevel = 4000;
    await line.hearsOut();
    await line.isQuiet(1000);
    await line.says('I give you my wife, hold on', 1400);
    await line.hearsOut();
    line.callerLevel = level;
    await line.says('when do you open?', 1000);
    await line.isQuietUntil(() => line.playing, 2500);
    await line.hearsOut();
    await call.finish();
    assert.equal(call.turns.at(-1)?.heard, 'At nine.');
  });
}

test('who said something before we spoke, and then listens, may stop us like anybody', async () => {
  const call = await startTestCall({ greeting: `${long} ${long}` });
  const { line } = call;
  line.callerLevel = 400;
  await line.says('', 500);
  await line.isQuiet(3600);
  assert.equal(line.playing, true);
  await line.says('', 160);
  assert.equal(line.playing, false);
  await call.finish();
});

test('who lets us begin, and speaks before a second is over, stops us by voice alone', async () => {
  const call = await startTestCall({ greeting: `${long} ${long}` });
  const { line } = call;
  line.callerLevel = 2500;
  await line.isQuiet(620);
  assert.equal(line.playing, true);
  await line.says('', 160);
  assert.equal(line.playing, false);
  await call.finish();
});

for (const [who, parts] of [
  ['somebody whom we have called', { machineAnswer: () => undefined }],
  ['a caller whom we spoke with before', { goesOn: true }],
] as const) {
  test(`${who} stops our greeting with the first word, however faint`, async () => {
    const call = await startTestCall({ greeting: long, parts });
    const { line } = call;
    line.callerLevel = 400;
    await line.isQuiet(300);
    await line.says('', 180);
    assert.equal(line.playing, false);
    await call.finish();
  });
}

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
