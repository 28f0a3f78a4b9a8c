// A text that can be read again from any place, while it is still coming.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Channel } from '../../../src/lib/channel.ts';
import { Script } from '../../../src/pipeline/fallback/script.ts';
import { settle } from '../../support/clock.ts';

async function read(script: Script, from: number, into: string[]): Promise<void> {
  for await (const piece of script.from(from, () => {})) into.push(piece);
}

test('from any place, the first piece cut, the rest as it comes', async () => {
  const source = new Channel<string>(10);
  const script = new Script(source, new AbortController().signal);
  const all: string[] = [];
  const late: string[] = [];
  const first = read(script, 0, all);
  source.push('We open ');
  source.push('at nine.');
  await settle();
  const second = read(script, 3, late);
  await settle();
  assert.deepEqual(
    [all, late],
    [
      ['We open ', 'at nine.'],
      ['open ', 'at nine.'],
    ],
  );
  assert.equal(script.ended, false);
  source.push(' Goodbye.');
  source.end();
  await Promise.all([first, second]);
  assert.equal(late.at(-1), ' Goodbye.');
  assert.deepEqual([script.ended, script.failed, script.rest(16)], [true, false, ' Goodbye.']);
});

test('its failure reaches every reader, and so does its end by the signal', async () => {
  const source = new Channel<string>(10);
  const stop = new AbortController();
  const script = new Script(source, stop.signal);
  const wrong = new Error('the model has failed');
  source.end(wrong);
  await assert.rejects(read(script, 0, []), wrong);
  assert.equal(script.failed, true);
  const other = new Script(new Channel<string>(1), stop.signal);
  const reading = read(other, 0, []);
  const reason = new Error('interrupted');
  stop.abort(reason);
  await assert.rejects(reading, reason);
});
