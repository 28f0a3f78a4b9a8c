// Whole calls in virtual time: wherever the caller breaks in, what is kept of us is what they have heard.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TextToSpeech } from '../../src/pipeline/types.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { startTestCall } from '../support/virtual-calls/call.ts';
import { MS_PER_CHARACTER } from '../support/virtual-calls/vendors.ts';

const ROUNDS = 60;
/** What is heard of a word that was being said counts by half; the lead and the proof of voice lie between. */
const CLAUSE_MS = 1500;

const clauses = [
  'We are open from nine to five,',
  'Monday to Friday,',
  'and on Saturday until noon;',
  'on Sundays and holidays we are closed,',
  'but you can always leave a message.',
];
const long = clauses.join(' ');

/** The same numbers each time; any other seed must do as well. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

/** A voice that does not tell when its words are said. */
function timeless(clock: Clock): TextToSpeech {
  return {
    async *synthesize(text, { sampleRate, signal }) {
      for await (const piece of text) {
        await clock.sleep(90, signal);
        const samples = (piece.length * MS_PER_CHARACTER * sampleRate) / 1000;
        yield { type: 'audio', samples: new Int16Array(samples).fill(3000) };
      }
    },
  };
}

for (const [name, voice] of [
  ['with times of words', undefined],
  ['without', timeless],
] as const) {
  test(`interrupted at ${ROUNDS} random moments, the record ends within a clause of the sound that was played: a voice ${name}`, async () => {
    const random = numbers(20_261_125);
    const lengths = new Set<number>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const offsetMs = Math.floor(random.next().value * 8000);
      const options = voice ? { voice } : {};
      const call = await startTestCall({ answers: [long, 'Very well.'], ...options });
      await call.line.hearsOut();
      await call.line.says('when are you open?', 900);
      await call.line.isQuietUntil(() => call.line.playing, 3000);
      const beforeMs = call.line.heardMs();
      await call.line.isQuiet(offsetMs);
      await call.line.says('never mind that please', 1500);
      const playedMs = call.line.heardMs() - beforeMs;
      await call.line.hearsOut();
      await call.finish();
      const heard = call.turns[1]?.heard ?? '';
      const where = `at ${offsetMs} ms: ${heard}`;
      assert.ok(long.startsWith(heard), where);
      const heardMs = heard.length * MS_PER_CHARACTER;
      assert.ok(
        Math.abs(heardMs - playedMs) <= CLAUSE_MS,
        `${heardMs} of ${playedMs} ms, ${where}`,
      );
      // Nothing beyond it is known to the model, either.
      const told = call.model.requests[1]?.findLast(({ role }) => role === 'assistant');
      assert.equal(told && 'text' in told ? told.text : undefined, heard === '' ? 'Hello.' : heard);
      assert.equal(call.line.playedAfterClear, 0, where);
      lengths.add(heard.length);
    }
    assert.ok(lengths.size > 15, 'all moments were one');
  });
}
