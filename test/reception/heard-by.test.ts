// Each recogniser is paid for the time it heard, and all together for the time of the line.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeardBy } from '../../src/reception/heard-by.ts';

const by = (vendor: string, quantity: number) => ({ vendor, unit: 'milliseconds', quantity });

test('one that takes over is paid from there on, the first from where the line began', () => {
  const heard = new HeardBy();
  heard.change('one', 300);
  heard.change('one', 1500);
  assert.deepEqual(heard.take(2000), { heardMs: 2000, served: [by('one', 2000)] });
  heard.change('two', 2500);
  heard.change('one', 4000);
  assert.deepEqual(heard.take(4100), { heardMs: 2100, served: [by('one', 600), by('two', 1500)] });
  assert.deepEqual(heard.take(5000), { heardMs: 900, served: [by('one', 900)] });
});

test('before a recogniser hears nobody is known to; nothing is paid twice when one begins', () => {
  const heard = new HeardBy();
  assert.deepEqual(heard.take(1000), { heardMs: 1000, served: [] });
  heard.change('one', 1200);
  assert.deepEqual(heard.take(2000), { heardMs: 1000, served: [by('one', 1000)] });
});
