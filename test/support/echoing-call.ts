// A call on a phone whose earpiece comes back into its microphone: we speak on over our own voice, and stop for the caller's.

import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { openGrammarHearing } from '../../sandbox/speech/grammar-hearing.ts';
import { openSpeaker } from '../../sandbox/speech/speaking.ts';
import { assertSound, finished } from './after-call.ts';
import { startTestFrontdesk } from './frontdesk.ts';

const greeting = 'Thank you for calling the test business. How can I help you today?';
const hours =
  'We are open from nine in the morning until six in the evening from Monday to Friday, on Saturday we close at one, ' +
  'and on Sunday we are closed, but you may leave a message at any time and we will call you back on the next day.';

const again = 'Of course, from nine until six.';

export interface LineEcho {
  readonly delayMs: number;
  readonly fainterDb: number;
}

/** A greeting, a question, an answer that the caller breaks into, another: with a real voice and a real recogniser. */
export async function callWithEcho(t: TestContext, echo: LineEcho): Promise<void> {
  const [hearing, speaker] = [await openGrammarHearing(), openSpeaker()];
  t.after(() => Promise.all([hearing.close(), speaker.close()]));
  const f = await startTestFrontdesk(t, { senses: { hearing, speaker }, client: { greeting } });
  f.openai.script(hours, again);
  const [question, stop] = await Promise.all(
    ['what are your opening hours', 'can you repeat that'].map(async (text) => {
      const { samples } = await speaker.speak(text, { voice: 'kal', sampleRate: 8000 });
      return samples;
    }),
  );
  const call = f.call({ echo });
  await call.reply(900, 20_000);
  await call.say(question!);
  await call.speaking(7000, 30_000);
  // Neither the greeting nor the answer was silenced by its own echo.
  assert.deepEqual(
    call.history.filter(({ type }) => type === 'clear'),
    [],
  );
  await call.say(stop!);
  await call.reply(900, 30_000);
  call.hangUp();
  await call.ended;
  const { utterances } = await finished(f, call);
  assert.deepEqual(
    utterances.map(({ role }) => role),
    ['assistant', 'user', 'assistant', 'user', 'assistant'],
    JSON.stringify(utterances),
  );
  const said = utterances.map(({ content }) => content);
  const told = said[2]!;
  assert.deepEqual(said.toSpliced(2, 1), [
    greeting,
    'What are your opening hours?',
    'Can you repeat that?',
    again,
  ]);
  assert.ok(hours.startsWith(told) && told.length < hours.length, told);
  await assertSound(f);
}
