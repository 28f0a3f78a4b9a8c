// Whole calls heard by Flux, over real sockets: a turn that may be over is thought about, and what is taken back is never spoken.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSound, finished, greeted } from '../../support/product/after-call.ts';
import { startTestFrontdesk } from '../../support/product/frontdesk.ts';
import { join, silence } from '../../support/sounds.ts';

/** After an open sentence the stand-in takes a turn for over, perhaps, at some 720 ms of quiet, and for certain at 1260 ms. */
const PAUSE_MS = 1050;

test('a turn that is taken back is answered once, when it is whole, and its tokens count as wasted', async (t) => {
  const f = await startTestFrontdesk(t);
  await f.database.general`
    UPDATE clients SET stt_model = 'flux-general-en' WHERE id = ${f.client.id}`;
  const [first, rest, last] = ['i would like to', 'book a table please', 'thank you that is all'];
  f.says.push(first, rest, last);
  const message = { name: 'Nobody', text: 'Never asked for.' };
  f.openai.script(
    ({ messages }) =>
      messages.at(-1)?.content === 'I would like to'
        ? {
            text: 'What would you like to do?',
            calls: [{ name: 'take_message', arguments: message }],
          }
        : 'A table, for how many people?',
    'You are welcome.',
  );
  const call = f.call();
  await greeted(call);

  // One piece of audio: the pause is as long as it is, however busy the machine.
  await call.say(join(f.voice(first), silence(8000, PAUSE_MS), f.voice(rest)));
  await call.reply(700, 60_000);
  const asked = f.openai.requests.map(({ messages }) => messages.at(-1)?.content);
  assert.deepEqual(asked, ['I would like to', 'I would like to book a table please.']);

  await call.say(f.voice(last));
  await call.reply(700, 60_000);
  assert.equal(f.openai.requests.length, 3);
  call.hangUp();
  const { utterances, conversation } = await finished(f, call);
  assert.deepEqual(
    utterances.slice(1).map(({ role, content }) => [role, content]),
    [
      ['user', 'I would like to book a table please.'],
      ['assistant', 'A table, for how many people?'],
      ['user', 'Thank you that is all.'],
      ['assistant', 'You are welcome.'],
    ],
  );
  const sql = f.database.general;
  const turns = await sql<{ wasted: number; used: number; characters: number }[]>`
    SELECT wasted_input_tokens AS wasted, input_tokens AS used, characters FROM turns
    WHERE conversation_id = ${conversation.id} AND kind = 'reply' ORDER BY number`;
  assert.deepEqual(
    turns.map(({ wasted, used, characters }) => [wasted > 0, used > 0, characters]),
    [
      [true, true, 'A table, for how many people?'.length],
      [false, true, 'You are welcome.'.length],
    ],
  );
  const stored = await sql`SELECT id FROM messages`;
  assert.equal(stored.length, 0);
  await assertSound(f);
});
