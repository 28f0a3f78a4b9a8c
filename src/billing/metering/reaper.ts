// Settles the leases of calls whose process has died, at their last beat. Any number of processes may do it.

import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { listOrphans, reapLease } from '../../store/money/leases.ts';
import type { Orphans } from '../../store/money/leases.ts';
import type { Sql } from '../../store/database/sql.ts';
import type { MeterTimers } from './meter-timers.ts';

export interface ReaperParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  readonly timers: MeterTimers;
}

/** Leases looked at in one statement. */
const PAGE = 500;

/** Settles expired leases until the signal aborts; then resolves. */
export async function runReaper(parts: ReaperParts, signal: AbortSignal): Promise<void> {
  const { clock, log, timers } = parts;
  const jumps = new ClockJumps(clock, timers.clockJumpMs);
  let pausedUntil = 0;
  while (!signal.aborted) {
    const waitMs = timers.reapMs + (Math.random() * 2 - 1) * timers.reapJitterMs;
    await clock.sleep(waitMs, signal).catch(() => {});
    if (signal.aborted) return;
    if (jumps.jumped()) {
      // We slept or the clock was set: if this happened to others too, their calls get one lease to beat again.
      log.warn('the wall clock jumped; orphans are left alone for one lease');
      pausedUntil = clock.elapsed() + timers.leaseSeconds * 1000;
    }
    if (clock.elapsed() < pausedUntil) continue;
    try {
      await reap(parts, { which: 'expired' });
    } catch (error) {
      log.warn('orphaned calls could not be settled', { error });
    }
  }
}

/**
 * Settles every lease there is. Only for the start of the one process that owns an embedded database, before it takes
 * calls. Resolves with their number; throws `unavailable`.
 */
export function reapAll(parts: ReaperParts): Promise<number> {
  return reap(parts, { which: 'all' });
}

/**
 * Settles the lease of a call that the carrier says is over, if it has missed two beats; a call that still beats has
 * an owner who will settle it. Resolves with the number settled; throws `unavailable`.
 */
export function reapEndedCall(parts: ReaperParts, callSid: string): Promise<number> {
  return reap(parts, { which: 'silent', callSid, silentMs: 2 * parts.timers.beatMs });
}

async function reap({ sql, log }: ReaperParts, orphans: Orphans): Promise<number> {
  let reaped = 0;
  for (;;) {
    const ids = await listOrphans(sql, orphans, PAGE);
    let settled = 0;
    for (const leaseId of ids) {
      const billedSeconds = await reapOne(leaseId);
      if (billedSeconds === undefined) continue;
      settled += 1;
      log.warn('an orphaned call was settled at its last beat', { leaseId, billedSeconds });
    }
    reaped += settled;
    // A page without any orphan would be the same page again.
    if (ids.length < PAGE || settled === 0) return reaped;
  }

  /** One that cannot be settled for a reason of its own keeps no other from it. */
  async function reapOne(leaseId: string): Promise<number | undefined> {
    try {
      return await reapLease(sql, leaseId, orphans);
    } catch (error) {
      if (error instanceof AppError) throw error;
      log.error('ALARM: an orphaned call cannot be settled', { leaseId, error });
      return undefined;
    }
  }
}

/** Notices that the wall clock moved against the monotonic one. */
class ClockJumps {
  readonly #clock: Clock;
  readonly #jumpMs: number;
  #offsetMs: number;

  constructor(clock: Clock, jumpMs: number) {
    this.#clock = clock;
    this.#jumpMs = jumpMs;
    this.#offsetMs = clock.now() - clock.elapsed();
  }

  /** Whether it has moved since the last time this was asked. Slow drift is followed. */
  jumped(): boolean {
    const offsetMs = this.#clock.now() - this.#clock.elapsed();
    const jumped = Math.abs(offsetMs - this.#offsetMs) > this.#jumpMs;
    this.#offsetMs = offsetMs;
    return jumped;
  }
}
