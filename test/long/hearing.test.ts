// How well the sandbox hears: every voice says every phrase of the booking dialogue.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openHearingBench } from '../sandbox/support/hearing-bench.ts';

const bench = await openHearingBench();
after(() => bench.close());

test('more than nine of ten phrases are heard word for word', async (t) => {
  const { said, wrong } = await bench.measure(1);
  t.diagnostic(`${said - wrong.length} of ${said}`);
  assert.ok(wrong.length * 10 < said, wrong.join('\n'));
});
