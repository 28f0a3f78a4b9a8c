// Whole calls in virtual time: who has the floor when both want it, and when the caller is done.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from '../../src/lib/clock.ts';
import { Channel } from '../../src/lib/channel.ts';
import type { SpeechToText, TextToSpeech, Tool, Transcript } from '../../src/pipeline/types.ts';
import { startTestCall } from '../support/virtual-calls/call.ts';
import { randomNumbers, vowels } from '../support/sounds.ts';
import {
  HEAR_MS,
  MS_PER_CHARACTER,
  SPEAK_MS,
  THINK_MS,
  tokens,
  toolCall,
} from '../support/virtual-calls/vendors.ts';

const long = 'We open at nine in the morning and close at five in the afternoon on all weekdays.';

test('a phone number said in groups is one turn, answered as soon as it is whole', async () => {
  const call = await startTestCall({
    greeting: 'What is your phone number?',
    answers: ['Thank you.'],
  });
  const { line } = call;
  await line.hearsOut();
  await line.says('four one five', 900);
  await line.isQuiet(1300);
  await line.says('five five five', 900);
  await line.isQuiet(1300);
  await line.says('zero one two three', 1200);
  const waitedMs = await line.isQuietUntil(() => line.playing, 3000);
  await line.hearsOut();
  await call.finish();
  assert.equal(call.turns[1]?.caller, 'four one five five five five zero one two three');
  assert.ok(waitedMs < 900, `${waitedMs}`);
  assert.equal(call.model.requests.length, 1);
});

test('half a number is waited for, and taken when nothing more comes', async () => {
  const call = await startTestCall({
    greeting: 'What is your phone number?',
    answers: ['That is too short.'],
  });
  await call.line.hearsOut();
  await call.line.says('five five five', 900);
  const waitedMs = await call.line.isQuietUntil(() => call.line.playing, 5000);
  await call.finish();
  assert.ok(waitedMs > 2000 && waitedMs < 3000, `${waitedMs}`);
});

test('the end of a question is no interruption of its answer', async () => {
  const question = 'Would you like Tuesday at three o clock?';
  const call = await startTestCall({ answers: [question, 'Very well.'] });
  const { line } = call;
  await line.hearsOut();
  await line.says('I need an appointment.', 900);
  await line.isQuietUntil(() => line.playing, 3000);
  await line.isQuiet(question.length * 60 - 700);
  await line.says('yes please', 600);
  await line.isQuietUntil(() => call.turns.length === 3, 5000);
  await call.finish();
  assert.equal(call.turns[1]?.ending, 'completed');
  assert.equal(call.turns[1]?.heard, question);
  assert.equal(call.turns[2]?.caller, 'yes please');
  assert.equal(call.turns[2]?.heard, 'Very well.');
});

test('a sign of listening takes nothing from us but the moment it lasts', async () => {
  const call = await startTestCall({ answers: [long] });
  const { line } = call;
  await line.hearsOut();
  await line.says('when do you open?', 1000);
  await line.isQuietUntil(() => line.playing, 3000);
  await line.isQuiet(1200);
  await line.says('uh-huh', 300);
  const silentMs = await line.isQuietUntil(() => line.playing, 2000);
  await line.hearsOut();
  await call.finish();
  assert.ok(silentMs <= 200 + HEAR_MS + 40, `${silentMs}`);
  assert.equal(call.turns.length, 2);
  assert.equal(call.turns[1]?.heard, long);
});

test('a cough is over as soon as the recogniser says that it was nothing', async () => {
  const call = await startTestCall({ answers: [long] });
  const { line } = call;
  await line.hearsOut();
  await line.says('when do you open?', 1000);
  await line.isQuietUntil(() => line.playing, 3000);
  await line.isQuiet(600);
  await line.says('', 240);
  const silentMs = await line.isQuietUntil(() => line.playing, 2000);
  await line.hearsOut();
  await call.finish();
  assert.ok(silentMs <= 200 + HEAR_MS + 40, `${silentMs}`);
  assert.equal(call.turns[1]?.heard, long);
});

for (const word of ['wait', 'stop', 'no']) {
  test(`"${word}" stops us for good`, async () => {
    const call = await startTestCall({ answers: [long, 'Yes?'] });
    const { line } = call;
    await line.hearsOut();
    await line.says('when do you open?', 1000);
    await line.isQuietUntil(() => line.playing, 3000);
    await line.isQuiet(1200);
    await line.says(word, 400);
    assert.equal(line.playing, false);
    await line.hearsOut();
    await call.finish();
    assert.equal(line.playedAfterClear, 0);
    assert.equal(call.turns[1]?.ending, 'interrupted');
    assert.equal(call.turns[2]?.caller, word);
  });
}

test('what is said while we think joins the next turn, and nobody speaks over it', async () => {
  const call = await startTestCall({ answers: ['First answer.', 'Both are possible.'] });
  const { line, model } = call;
  await line.hearsOut();
  await line.says('do you open on Sunday?', 1000);
  await line.isQuiet(400);
  await line.says('and is there parking?', 1000);
  assert.equal(line.playing, false);
  await line.hearsOut();
  await call.finish();
  assert.equal(line.playedAfterClear, 0);
  const last = model.requests.at(-1)?.at(-1);
  assert.deepEqual(last, { role: 'user', text: 'do you open on Sunday? and is there parking?' });
  assert.equal(call.turns.at(-1)?.heard, 'Both are possible.');
});

test('a noise while we think costs nobody the answer', async () => {
  const call = await startTestCall({ answers: ['We open at nine.'] });
  const { line } = call;
  await line.hearsOut();
  await line.says('when do you open?', 1000);
  await line.isQuiet(400);
  await line.says('', 300);
  await line.hearsOut();
  await call.finish();
  assert.equal(call.turns.length, 2);
  assert.equal(call.turns[1]?.heard, 'We open at nine.');
});

test('a reply is thought of before the turn is certain to be over, and not spoken before', async () => {
  const call = await startTestCall({
    answers: ['We open at nine in the morning.'],
    parts: { speculates: true },
  });
  const { line, model } = call;
  await line.hearsOut();
  await line.says('when do you open?', 1200);
  await line.isQuiet(160);
  assert.equal(model.requests.length, 1);
  const waitedMs = 160 + (await line.isQuietUntil(() => line.playing, 3000));
  await line.hearsOut();
  await call.finish();
  assert.equal(model.requests.length, 1);
  // What the recogniser takes for its final words is inside.
  assert.ok(waitedMs < 100 + THINK_MS + 5 * 20 + SPEAK_MS + 60, `${waitedMs}`);
  assert.equal(call.turns[1]?.usage.wasted, undefined);
  assert.equal(call.turns[1]?.usage.inputTokens, 100);
});

test('a caller who goes on is heard to the end; what was thought is thrown away and counted', async () => {
  const ran: string[] = [];
  const tool: Tool = {
    name: 'book',
    description: '',
    parameters: { type: 'object', properties: {} },
    run: () => {
      ran.push('book');
      return Promise.resolve({ text: 'Booked.' });
    },
  };
  const call = await startTestCall({
    tools: [tool],
    answers: [[...tokens('I book that.'), toolCall('book', {})], 'Wednesday then.'],
    parts: {
      speculates: true,
      onTool({ name }) {
        ran.push(`${name} is shown`);
        return () => {};
      },
    },
  });
  const { line } = call;
  await line.hearsOut();
  await line.says('book it for tuesday morning', 1200);
  // Not certain yet: it has no full stop.
  await line.isQuiet(380);
  await line.says('no, Wednesday.', 900);
  await line.hearsOut();
  await call.finish();
  assert.deepEqual(ran, []);
  const [, turn] = call.turns;
  assert.equal(turn?.caller, 'book it for tuesday morning no, Wednesday.');
  assert.equal(turn?.heard, 'Wednesday then.');
  assert.ok((turn?.usage.wasted?.inputTokens ?? 0) > 0);
  assert.equal(call.model.requests.length, 2);
});

test('numbers are said as people say them, and what was heard is told as it was written', async () => {
  const written = 'It is $45.50, at 2:30 p.m. on March 2nd, in room 12.';
  const call = await startTestCall({ answers: [written, 'Yes?'] });
  const { line } = call;
  await line.hearsOut();
  await line.says('what does it cost?', 900);
  await line.isQuietUntil(() => line.playing, 3000);
  // The voice has said "It is forty-five dollars and fifty cents, at two".
  await line.isQuiet(2800);
  await line.says('wait', 400);
  await line.hearsOut();
  await call.finish();
  assert.ok((call.turns[1]?.usage.characters ?? 0) > written.length);
  const heard = call.turns[1]?.heard ?? '';
  assert.ok(heard.startsWith('It is $45.50,') && written.startsWith(heard), heard);
  assert.equal(`${heard} ${call.turns[1]?.unheard}`, written);
});

/** Words of uneven loudness with gaps between, as speech has them. */
function livelyVoice(): TextToSpeech {
  const random = randomNumbers(5);
  return {
    async *synthesize(text) {
      for await (const piece of text) {
        for (const word of piece.match(/\S+\s*/g) ?? []) {
          const gain = 0.3 + 0.7 * random();
          const samples = new Int16Array(Math.round(8 * (word.length * 60 + 60 * random())));
          const sound = vowels(8000, word.length * 45).map((sample) => sample * gain);
          samples.set(sound.subarray(0, samples.length));
          yield { type: 'audio', samples };
        }
      }
    },
  };
}

test('on a line that echoes we do not stop for our own voice, and do for the caller', async () => {
  const sentence = 'We open at nine in the morning and close at five in the afternoon. ';
  const call = await startTestCall({
    greeting: 'Hello.',
    voice: (_clock: Clock) => livelyVoice(),
    answers: [sentence.repeat(3), 'Yes?'],
  });
  const { line } = call;
  line.echo = { delayMs: 200, gain: 0.2 };
  await line.hearsOut();
  await line.says('when do you open?', 1000);
  await line.isQuietUntil(() => line.playing, 3000);
  let silentMs = 0;
  for (let ms = 0; ms < 8000; ms += 20) {
    await line.isQuiet(20);
    if (!line.playing) silentMs += 20;
  }
  assert.equal(silentMs, 0);
  await line.says('wait a moment', 700);
  assert.equal(line.playing, false);
  await line.isQuiet(3000);
  await call.finish();
  assert.equal(call.turns.find(({ caller }) => caller === 'wait a moment')?.heard, 'Yes?');
});

test('a caller far fainter than we are stops us all the same, a second after our first word', async () => {
  const call = await startTestCall({
    greeting: 'Thank you for calling the test business, how can I help you today?',
    answers: ['Yes?'],
  });
  const { line } = call;
  line.callerLevel = 300;
  await line.isQuiet(1040);
  await line.says('', 160);
  assert.equal(line.playing, false);
  await line.says('when do you open?', 900);
  await line.hearsOut();
  await call.finish();
  assert.deepEqual(
    call.turns.map(({ caller, heard }) => [caller, heard]),
    [
      [undefined, 'Thank you for calling'],
      ['when do you open?', 'Yes?'],
    ],
  );
});

/** A recogniser that decides by itself when a turn is over, by a script of the test. */
function deciding(): { speechToText: SpeechToText; reports: Channel<Transcript> } {
  const reports = new Channel<Transcript>(64);
  const speechToText: SpeechToText = {
    endpointing: 'vendor',
    async *transcribe(audio, { signal }) {
      void (async () => {
        for await (const _ of audio) if (signal.aborted) return;
        reports.end();
      })();
      yield* reports;
    },
  };
  return { speechToText, reports };
}

test('a recogniser that decides itself is believed early in thought, and in speech when it is sure', async () => {
  const { speechToText, reports } = deciding();
  const call = await startTestCall({
    answers: ['Two what?', 'Two tickets, very well.'],
    recogniser: speechToText,
    parts: { speculates: true },
  });
  const { line, model } = call;
  await line.hearsOut();
  await line.says('', 600);
  reports.push({ type: 'eager-end-of-turn', text: 'I want two' });
  await line.isQuiet(300);
  assert.equal(model.requests.length, 1);
  await line.says('', 400);
  reports.push({ type: 'turn-resumed' });
  reports.push({ type: 'eager-end-of-turn', text: 'I want two tickets' });
  await line.isQuiet(400);
  assert.equal(model.requests.length, 2);
  assert.equal(line.playing, false, 'not sure yet');
  reports.push({ type: 'end-of-turn', text: 'I want two tickets.' });
  const waitedMs = await line.isQuietUntil(() => line.playing, 2000);
  await line.hearsOut();
  await call.finish();
  assert.ok(waitedMs <= SPEAK_MS + 40, `thought ahead: ${waitedMs}`);
  assert.equal(model.requests.length, 2);
  assert.equal(call.turns[1]?.heard, 'Two tickets, very well.');
  assert.ok((call.turns[1]?.usage.wasted?.inputTokens ?? 0) > 0);
});

test('a model that fails while a noise holds the line is apologised for all the same', async () => {
  const call = await startTestCall({
    answers: [
      () => {
        throw new Error('the model is away');
      },
    ],
  });
  const { line } = call;
  await line.hearsOut();
  await line.says('when do you open?', 1000);
  await line.isQuiet(340);
  await line.says('', 260);
  await line.hearsOut();
  await call.finish();
  assert.equal(call.turns.at(-1)?.heard, 'Sorry, say that again?');
});

test('who answers into the end of a question does not cut it off', async () => {
  const greeting = 'Good morning, shall I book the usual time for you?';
  const call = await startTestCall({ greeting, answers: ['It is booked.'] });
  await call.line.isQuiet(greeting.length * MS_PER_CHARACTER - 860);
  await call.line.says('yes', 300);
  await call.line.isQuietUntil(() => call.turns.length === 2, 10_000);
  assert.deepEqual([call.turns[0]?.ending, call.turns[0]?.heard], ['completed', greeting]);
  assert.equal(call.turns[1]?.heard, 'It is booked.');
  assert.equal(await call.finish(), 'caller');
});
