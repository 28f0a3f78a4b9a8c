// Waits for what other sockets bring about, with a bound instead of a guess.

import { setImmediate, setTimeout } from 'node:timers/promises';

/** Only what fails takes this long; a busy machine may need most of it for what passes. */
const BOUND_MS = 60_000;
/** Most comes within these turns of the event loop; after them, who waits leaves the processor to what it waits for. */
const TURNS = 20;
const POLL_MS = 3;

/** Resolves when `condition` holds; rejects with what was waited for when it does not come to hold. */
export async function until(
  what: string,
  condition: () => boolean,
  boundMs = BOUND_MS,
): Promise<void> {
  await untilAsync(what, () => Promise.resolve(condition()), boundMs);
}

/** The same for a condition that has to ask somebody. */
export async function untilAsync(
  what: string,
  condition: () => Promise<boolean>,
  boundMs = BOUND_MS,
): Promise<void> {
  const since = performance.now();
  for (let turn = 0; !(await condition()); turn += 1) {
    if (performance.now() - since > boundMs) throw new Error(`waited in vain until ${what}`);
    await (turn < TURNS ? setImmediate() : setTimeout(POLL_MS));
  }
}
