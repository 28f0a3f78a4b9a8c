// Lines that echo early and late, loud and faint: real voice, real recogniser, and nothing else on the machine, as both need time.

import { test } from 'node:test';
import { callWithEcho } from '../support/echoing-call.ts';

for (const [delayMs, fainterDb] of [
  [80, 12],
  [160, 16],
  [250, 20],
] as const) {
  test(`an echo ${delayMs} ms later and ${fainterDb} dB fainter`, (t) =>
    callWithEcho(t, { delayMs, fainterDb }));
}
