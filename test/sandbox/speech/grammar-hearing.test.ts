// Tests of real hearing: the sandbox's voices say what callers say, through mu-law and the Deepgram stand-in.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Json } from '../support/raw-socket.ts';
import { openHearingBench, textOf } from '../support/hearing-bench.ts';

const bench = await openHearingBench();
after(() => bench.close());

test('most of a sample of phrases are heard word for word', async () => {
  // A sample, and a hard one: test/long/hearing.test.ts has them all, and a higher bar.
  const { said, wrong } = await bench.measure(6);
  assert.ok(wrong.length * 5 <= said, wrong.join('\n'));
});

test('words come with their times, and before the end of the sentence', async () => {
  const socket = await bench.open();
  const final = await bench.hear(socket, 'I want to cancel my appointment.', 'slt');
  assert.equal(textOf(final), 'I want to cancel my appointment.');
  const words = final['channel'].alternatives[0].words as Json[];
  assert.ok(final['channel'].alternatives[0].confidence > 0.7);
  for (const [index, word] of words.entries()) {
    assert.ok(word['end'] > word['start']);
    if (index > 0) assert.ok(word['start'] >= words[index - 1]!['end'] - 0.03);
  }
  assert.ok(words[0]!['start'] > 0.2 && words[0]!['start'] < 0.5, `${words[0]!['start']}`);
  assert.ok(Math.abs(words.at(-1)!['end'] - (final['start'] + final['duration'] - 0.42)) < 0.2);
  const interims = socket.messages.filter((each) => !each['is_final'] && textOf(each) !== '');
  assert.ok(interims.length >= 1);
  await socket.close();
});

test('who comes when all recognisers listen is refused', async () => {
  const sockets = await Promise.all([bench.open(), bench.open(), bench.open()]);
  const refused = await bench.open();
  assert.equal((await refused.closed).code, 1013);
  await Promise.all(sockets.map((socket) => socket.close()));
  // The places are free again.
  const socket = await bench.open();
  assert.equal(textOf(await bench.hear(socket, 'Yes please.', 'slt')), 'Yes please.');
  await socket.close();
});
