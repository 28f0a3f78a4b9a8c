// Waits for what other sockets bring about, with a bound instead of a guess.

import { setImmediate } from 'node:timers/promises';

/** Only what fails takes this long; a busy machine may need most of it for what passes. */
const BOUND_MS = 30_000;

/** Resolves when `condition` holds; rejects with what was waited for when it does not come to hold. */
export async function until(
  what: string,
  condition: () => boolean,
  boundMs = BOUND_MS,
): Promise<void> {
  const since = performance.now();
  while (!condition()) {
    if (performance.now() - since > boundMs) throw new Error(`waited in vain until ${what}`);
    await setImmediate();
  }
}

/** The same for a condition that has to ask somebody. */
export async function untilAsync(
  what: string,
  condition: () => Promise<boolean>,
  boundMs = BOUND_MS,
): Promise<void> {
  const since = performance.now();
  while (!(await condition())) {
    if (performance.now() - since > boundMs) throw new Error(`waited in vain until ${what}`);
    await setImmediate();
  }
}
