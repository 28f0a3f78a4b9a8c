// Each recogniser is paid for the time it heard, and all together for the time of the line.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeardBy } from '../../../src/reception/records/heard-by.ts';

const by = (vendor: string, quantity: number) => ({ vendor, unit: 'milliseconds', quantity });

test('one that takes over is paid from there on, the first from where the line began', () => {
  const heard = new HeardBy();
  heard.change('one', 300, 0);
  heard.change('one', 1500, 0);
  assert.deepEqual(heard.take(2000), { heardMs: 2000, served: [by('one', 2000)] });
  heard.change('two', 2500, 0);
  heard.change('one', 4000, 0);
  assert.deepEqual(heard.take(4100), { heardMs: 2100, served: [by('one', 600), by('two', 1500)] });
  assert.deepEqual(heard.take(5000), { heardMs: 900, served: [by('one', 900)] });
});

test('before a recogniser hears nobody is known to; nothing is paid twice when one begins', () => {
  const heard = new HeardBy();
  assert.deepEqual(heard.take(1000), { heardMs: 1000, served: [] });
  heard.change('one', 1200, 0);
  assert.deepEqual(heard.take(2000), { heardMs: 1000, served: [by('one', 1000)] });
});

test('what is heard twice is paid twice, by the one who hears it again', () => {
  const heard = new HeardBy();
  heard.change('one', 0, 0);
  heard.change('two', 3000, 2000);
  assert.deepEqual(heard.take(4000), { heardMs: 6000, served: [by('one', 3000), by('two', 3000)] });
  assert.deepEqual(heard.take(5000), { heardMs: 1000, served: [by('two', 1000)] });
});
