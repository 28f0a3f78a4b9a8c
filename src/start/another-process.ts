// Whether another process takes the calls that this one has to give up.

import { within } from '../lib/clock.ts';
import type { Clock } from '../lib/clock.ts';
import { AppError } from '../lib/errors.ts';

/** For one answer. Callers wait for nothing here, but the process has an end to keep. */
const ASK_MS = 1000;
/** A connection that was kept leads to this process, and a proxy may need a moment to see that it ends. */
const TRIES = 3;
const BETWEEN_MS = 300;

/**
 * Asks the public address: this process says 503 there while it drains, so that a 200 is somebody else's. False where
 * nobody answers.
 */
export async function anotherIsReady(publicUrl: string, clock: Clock): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    if (await isReady(publicUrl, clock)) return true;
    if (tries === TRIES) return false;
    await clock.sleep(BETWEEN_MS);
  }
}

async function isReady(publicUrl: string, clock: Clock): Promise<boolean> {
  const asking = new AbortController();
  const late = () => new AppError('unavailable', 'the public address does not answer');
  const asked = fetch(`${publicUrl}/ready`, { signal: asking.signal, redirect: 'manual' });
  try {
    return (await within(clock, ASK_MS, asked, late)).status === 200;
  } catch {
    return false;
  } finally {
    asking.abort();
  }
}
