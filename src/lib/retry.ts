// Waits and tries again, for operations that are safe to repeat.

import type { Clock } from './clock.ts';

export interface RetryOptions {
  /** Attempts in all, the first included. */
  readonly attempts: number;
  /** Wait before the second attempt; doubles each time, with up to a quarter of jitter. */
  readonly waitMs: number;
  readonly waitMsMax: number;
  /** Whether this failure may pass by itself. */
  readonly retryable: (error: unknown) => boolean;
  /** The wait in milliseconds that the other side asked for, taken instead of ours. */
  readonly waitMsAsked?: (error: unknown) => number | undefined;
  readonly signal: AbortSignal;
}

/** The first success of `act`; the last failure when all attempts fail or one is not retryable. */
export async function retry<T>(
  clock: Clock,
  options: RetryOptions,
  act: (attempt: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await act(attempt);
    } catch (error) {
      if (attempt >= options.attempts || !options.retryable(error)) throw error;
      const ours = Math.min(options.waitMsMax, options.waitMs * 2 ** (attempt - 1));
      const base = options.waitMsAsked?.(error) ?? ours;
      await clock.sleep(base * (1 + Math.random() / 4), options.signal);
    }
  }
}

/** The wait in milliseconds that a `Retry-After` header asks for, given in seconds; undefined where it does not. */
export function retryAfterMs(header: string | null | undefined): number | undefined {
  const seconds = Number.parseFloat(header ?? '');
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}
