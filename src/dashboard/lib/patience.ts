// Who has asked for more than the server allows in a minute waits as long as it says and asks again: no page need know of it.

import { useSyncExternalStore } from 'react';
import { after, elapsed } from './clock.ts';

const TOO_MANY = 429;
const SECOND_MS = 1000;
/** An allowance is of a minute; who is told to wait longer has used up another, and is told so. */
const WAIT_SECONDS_MAX = 65;
/** A shorter wait is nobody's business. */
const UNSAID_MS = 2500;

/** On the monotonic clock; in the past: nothing is held. */
let heldUntilMs = 0;
let heldSinceMs = 0;
/** Seconds until it goes on, once that is worth saying. */
let said: number | undefined;
const listeners = new Set<() => void>();

/** `fetch` for everything that is asked of the server. Who signs in is told at once: there a wait is an answer. */
export async function patientFetch(input: string, init: RequestInit): Promise<Response> {
  const mayWait = !/^\/(api\/)?auth\//.test(input);
  for (;;) {
    if (mayWait) await untilAllowed(init.signal ?? undefined);
    const response = await fetch(input, init);
    if (response.status !== TOO_MANY || !mayWait) return response;
    const seconds = Number(response.headers.get('retry-after')) || 1;
    if (seconds > WAIT_SECONDS_MAX) return response;
    hold(seconds * SECOND_MS);
  }
}

/** In how many seconds what is held goes on; undefined while nothing is, or not for long. */
export function useHeldSeconds(): number | undefined {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => said,
  );
}

function hold(ms: number): void {
  const nowMs = elapsed();
  const isFirst = heldUntilMs <= nowMs;
  if (isFirst) heldSinceMs = nowMs;
  heldUntilMs = Math.max(heldUntilMs, nowMs + ms);
  if (isFirst) tell();
}

/** Says how long it takes, every second until it goes on. */
function tell(): void {
  const nowMs = elapsed();
  const leftMs = heldUntilMs - nowMs;
  const next =
    leftMs > 0 && nowMs - heldSinceMs >= UNSAID_MS ? Math.ceil(leftMs / SECOND_MS) : undefined;
  if (next !== said) {
    said = next;
    for (const each of listeners) each();
  }
  if (leftMs > 0) after(Math.min(SECOND_MS, leftMs + 1), tell);
}

function untilAllowed(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    let cancel = () => {};
    const abandoned = () => {
      cancel();
      reject(signal?.reason as Error);
    };
    const look = () => {
      const leftMs = heldUntilMs - elapsed();
      if (leftMs > 0) {
        cancel = after(leftMs + 1, look);
        return;
      }
      signal?.removeEventListener('abort', abandoned);
      resolve();
    };
    if (signal?.aborted) return abandoned();
    signal?.addEventListener('abort', abandoned, { once: true });
    look();
  });
}
