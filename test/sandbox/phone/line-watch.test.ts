// What a caller takes for quiet is not what a machine that stood still did not let the agent say.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Earpiece } from '../../../sandbox/phone/earpiece.ts';
import { LineWatch } from '../../../sandbox/phone/line-watch.ts';

test('what passes between two looks that are far apart is told as a stall', () => {
  let nowMs = 0;
  const earpiece = new Earpiece({ keepAudio: false });
  const watch = new LineWatch({ earpiece, nowMs: () => nowMs, note: () => {} });
  for (const ms of [5, 25, 40, 1040, 1050, 1170]) {
    nowMs = ms;
    watch.look();
  }
  const table = [
    [0, 40, 0],
    [0, 1040, 980],
    [40, 1170, 980 + 100],
    [0, 540, 480],
    [560, 1040, 480],
    [1040, 1060, 0],
    [1040, 1100, 30],
    [1170, 5000, 0],
  ] as const;
  for (const [from, until, stalled] of table) {
    assert.equal(watch.stalledMs(from, until), stalled, `${from} to ${until}`);
  }
});
