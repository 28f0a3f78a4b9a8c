// Lines that echo early and late, loud and faint, and callers who are faint: real voice, real recogniser, and nothing else on the machine, as both need time.

import { test } from 'node:test';
import { callByFaintCaller, callWithEcho } from '../support/product/echoing-call.ts';

for (const [delayMs, fainterDb] of [
  [80, 12],
  [160, 16],
  [250, 20],
] as const) {
  test(`an echo ${delayMs} ms later and ${fainterDb} dB fainter`, (t) =>
    callWithEcho(t, { delayMs, fainterDb }));
}

test('a caller 12 dB fainter asks over our first second', (t) =>
  callByFaintCaller(t, { fainterDb: 12, afterMs: 500 }));

test('a caller 12 dB fainter asks over our first second and its echo', (t) =>
  callByFaintCaller(t, { fainterDb: 12, afterMs: 900, echo: { delayMs: 160, fainterDb: 26 } }));
