// What a failed statement means: is the database away, may it be tried again, and what is it in our own terms.

import postgres from 'postgres';
import type { Clock } from '../../lib/clock.ts';
import { AppError, toError } from '../../lib/errors.ts';

/** Node's codes and postgres.js's own for a server that cannot be reached or has gone. */
const lostCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ERR_SOCKET_CLOSED',
  'ERR_STREAM_DESTROYED',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECTION_ENDED',
  'CONNECT_TIMEOUT',
]);

/** SQLSTATE: connection exceptions, and the server shutting down, crashed or starting. */
const awayStates = /^(08...|57P0[1-5])$/;
/** Out of disk (53100), memory, connections; I/O error. */
const exhaustedStates = /^(53...|58030)$/;
/** Serialization failure, deadlock: the statement was rolled back and may do better now. */
const conflictStates = new Set(['40001', '40P01']);

/** The SQLSTATE of an error from the server, such as 23P01 for an exclusion conflict; undefined for other errors. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof postgres.PostgresError ? error.code : undefined;
}

/** The name of the constraint that refused the row, if one did. */
export function violatedConstraint(error: unknown): string | undefined {
  return error instanceof postgres.PostgresError ? error.constraint_name : undefined;
}

/** Whether the connection was lost or never made. The statement may or may not have happened. */
export function isLost(error: unknown): boolean {
  if (error instanceof AppError) return error.code === 'unavailable';
  const state = sqlState(error);
  if (state !== undefined) return awayStates.test(state);
  return lostCodes.has((error as { code?: string } | undefined)?.code ?? '');
}

/** Whether the pool has been closed by ourselves, so that nothing comes back. */
export function isOver(error: unknown): boolean {
  const cause = error instanceof AppError ? error.cause : error;
  return (cause as { code?: string } | undefined)?.code === 'CONNECTION_ENDED';
}

/** Whether the statement was rolled back for the sake of others, and may do better now. */
export function isConflict(error: unknown): boolean {
  return conflictStates.has(sqlState(error) ?? '');
}

/**
 * An error of the database in our terms: `unavailable` when the server is away, full, or took longer than a pool
 * allows (57014, 55P03); anything else as it is.
 */
export function storeError(thrown: unknown): Error {
  const cause = toError(thrown);
  if (cause instanceof AppError) return cause;
  const state = sqlState(cause);
  if (state !== undefined && exhaustedStates.test(state)) {
    return new AppError('unavailable', `the database is out of a resource (${state})`, { cause });
  }
  if (state === '57014' || state === '55P03') {
    return new AppError('unavailable', `the database is too slow (${state})`, { cause });
  }
  if (isLost(cause)) {
    return new AppError('unavailable', 'the database cannot be reached', { cause });
  }
  return cause;
}

/** Wait before asking a database again that is away; doubles. */
const AWAY_MS = 250;
const AWAY_MS_MAX = 2000;

/**
 * Runs a statement or transaction that may happen twice without harm, again and again while the database is away or too
 * slow, for at most `ms`: for what nobody would say or do a second time. Throws what `storeError` makes of the last
 * failure, or the signal's reason.
 */
export async function outlasting<T>(
  clock: Clock,
  ms: number,
  act: () => PromiseLike<T>,
  signal?: AbortSignal,
): Promise<T> {
  const untilMs = clock.elapsed() + ms;
  for (let waitMs = AWAY_MS; ; waitMs = Math.min(waitMs * 2, AWAY_MS_MAX)) {
    try {
      return await act();
    } catch (thrown) {
      const error = storeError(thrown);
      if (!isLost(error) || isOver(error) || clock.elapsed() + waitMs > untilMs) throw error;
    }
    await clock.sleep(waitMs, signal);
  }
}

/**
 * Runs a statement or transaction that may happen twice without harm, and once more, silently, when the connection was
 * lost under it, or it lost to another transaction. Throws what `storeError` makes of the second failure.
 */
export async function idempotent<T>(act: () => PromiseLike<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!isLost(error) && !isConflict(error)) throw storeError(error);
  }
  try {
    return await act();
  } catch (error) {
    throw storeError(error);
  }
}
