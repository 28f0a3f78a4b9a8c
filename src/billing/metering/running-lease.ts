// The lease of one running call: beats, the quota they bring, and the end when there is none left.

import type { Clock } from '../../lib/clock.ts';
import { newId } from '../../lib/ids.ts';
import type { Log } from '../../lib/log.ts';
import { admitLease, beatLease } from '../../store/money/leases.ts';
import type { Sql } from '../../store/database/sql.ts';
import type { MeterTimers } from './meter-timers.ts';

/** Why a call has to end, or will have to. `database`: nobody has answered for longer than the grace. */
export type MeterEnd = 'credit' | 'max-duration' | 'database' | 'superseded';

/** What the meter does to a call. Neither may throw. */
export interface MeterHooks {
  /** The end is some 12 s away; again only if credit came in between. Never before the call has been let in. */
  wrapUp(reason: Exclude<MeterEnd, 'superseded'>): void;
  /** The end is here: hang up, then settle. Once. */
  stop(reason: MeterEnd): void;
}

/** Who is calling whom, by which the lease is kept. */
export interface MeteredCall {
  readonly clientId: string;
  /** The carrier's name for the call. */
  readonly callSid: string;
  /** The carrier's name for this connection of it. */
  readonly streamSid: string;
  readonly callSecondsMax: number;
}

export interface LeaseParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  readonly timers: MeterTimers;
  readonly owner: string;
  /** Each renewal, for who counts them. */
  readonly onBeat?: (result: 'ok' | 'lost' | 'failed') => void;
}

/** By then the frame that completes a second has come. */
const LAST_FRAME_MS = 40;

/** A quota, in seconds: of the whole stream, earlier segments included. */
interface Quota {
  readonly grantedSeconds: number;
  /** What the client has left beside all quotas. */
  readonly freeSeconds: number;
}

/** One lease of the stream. */
export interface Segment {
  readonly leaseId: string;
  readonly epoch: number;
  /** Billed to the segments before this one. */
  readonly billedBeforeSeconds: number;
}

/**
 * Keeps the lease of a call that was let in. It has no timer: `tick` is called by the one timer of all calls, `check`
 * by each frame of the caller. The length of the call is what `check` was last told.
 */
export class RunningLease {
  readonly #parts: LeaseParts;
  readonly #call: MeteredCall;
  readonly #hooks: MeterHooks;
  #segment: Segment;
  #seenMs = 0;
  #seenAt: number;
  #stopAtMs = 0;
  #stopReason: Exclude<MeterEnd, 'superseded'> = 'credit';
  #wrapUpAtMs = 0;
  #wrapUpReason: Exclude<MeterEnd, 'superseded'> = 'credit';
  #wrappingUp = false;
  #stopped = false;
  #beatAt: number;
  #beating: Promise<void> | undefined;
  #failures = 0;
  /** The next segment's id while it is not known whether the database has it. */
  #nextLeaseId: string | undefined;

  constructor(
    parts: LeaseParts,
    call: MeteredCall,
    hooks: MeterHooks,
    segment: Segment,
    quota: Quota,
    startedAt: number,
  ) {
    this.#parts = parts;
    this.#call = call;
    this.#hooks = hooks;
    this.#segment = segment;
    this.#seenAt = startedAt;
    this.#beatAt = this.#nextBeatAt(startedAt);
    this.#apply(quota);
  }

  get segment(): Segment {
    return this.#segment;
  }

  get seenMs(): number {
    return this.#seenMs;
  }

  /** Whole seconds the caller has been connected, as the next beat will report them. */
  get usedSeconds(): number {
    return Math.floor(this.#seenMs / 1000);
  }

  /** Resolves when no beat is under way. */
  async idle(): Promise<void> {
    await this.#beating;
  }

  /** `connectedMs` must only grow while frames come in: it is what a crash would bill. Cheap. */
  check(connectedMs: number): void {
    if (connectedMs > this.#seenMs) {
      this.#seenMs = connectedMs;
      this.#seenAt = this.#parts.clock.elapsed();
    }
    if (connectedMs >= this.#stopAtMs) this.#stop(this.#stopReason);
  }

  tick(): void {
    const now = this.#parts.clock.elapsed();
    const connectedMs = this.#seenMs + (now - this.#seenAt);
    if (connectedMs >= this.#stopAtMs) this.#stop(this.#stopReason);
    else if (connectedMs >= this.#wrapUpAtMs) this.#wrapUp();
    if (now >= this.#beatAt && !this.#beating) {
      this.#beating = this.#beat().finally(() => {
        this.#beating = undefined;
      });
    }
  }

  async #beat(): Promise<void> {
    const { sql, clock, log, timers } = this.#parts;
    const { leaseId, epoch, billedBeforeSeconds } = this.#segment;
    try {
      const answer = await beatLease(sql, {
        leaseId,
        epoch,
        usedSeconds: Math.max(0, this.usedSeconds - billedBeforeSeconds),
        headroomSeconds: timers.headroomSeconds,
        leaseSeconds: timers.leaseSeconds,
      });
      if (answer.status === 'ok') {
        this.#apply({
          grantedSeconds: billedBeforeSeconds + answer.grantedSeconds,
          freeSeconds: answer.freeSeconds,
        });
        this.#beatAt = this.#nextBeatAt(clock.elapsed());
        this.#parts.onBeat?.('ok');
      } else {
        this.#parts.onBeat?.('lost');
        await this.#nextSegment();
      }
      if (this.#failures > 0) {
        log.info('the database answers a running call again', { failures: this.#failures });
      }
      this.#failures = 0;
    } catch (error) {
      this.#parts.onBeat?.('failed');
      if (this.#failures === 0) {
        log.warn('the database does not answer a running call', { error });
      }
      const waitMs = Math.min(timers.retryMsMax, timers.retryMs * 2 ** this.#failures);
      this.#failures += 1;
      this.#beatAt = clock.elapsed() + waitMs;
    }
  }

  /** Somebody took the lease for an orphan and charged it. The stream goes on under another one. */
  async #nextSegment(): Promise<void> {
    const { clock, log } = this.#parts;
    this.#nextLeaseId ??= newId(clock.now());
    let leaseId = this.#nextLeaseId;
    let next = await this.#admit(leaseId);
    if (next.status === 'duplicate') {
      // The id was taken by a try whose answer never came, and that lease was reaped as well.
      leaseId = this.#nextLeaseId = newId(clock.now());
      next = await this.#admit(leaseId);
    }
    this.#nextLeaseId = undefined;
    if (next.status === 'ok') {
      log.warn('the lease of a running call was lost; it goes on as the next segment', {
        leaseId,
        alreadyBilledSeconds: next.alreadyBilledSeconds,
      });
      const billedBeforeSeconds = next.alreadyBilledSeconds;
      this.#segment = { leaseId, epoch: next.epoch, billedBeforeSeconds };
      this.#apply({
        grantedSeconds: billedBeforeSeconds + next.grantedSeconds,
        freeSeconds: next.freeSeconds,
      });
      // At once: the quota does not yet cover what was used since the last beat of the lost lease.
      this.#beatAt = clock.elapsed();
      return;
    }
    this.#beatAt = Infinity;
    if (next.status === 'no_credit') this.#stop('credit');
    else this.#stop('superseded');
  }

  #admit(leaseId: string) {
    const { sql, owner, timers } = this.#parts;
    return admitLease(sql, {
      ...this.#call,
      leaseId,
      owner,
      headroomSeconds: timers.headroomSeconds,
      secondsMin: 1,
      leaseSeconds: timers.leaseSeconds,
    });
  }

  /**
   * Where the quota puts the end. With an answering database the quota grows before it is used up unless nothing is
   * free, so the grace that is added here is only ever used in an outage, and never beyond the credit last known.
   */
  #apply({ grantedSeconds, freeSeconds }: Quota): void {
    const { graceMs, wrapUpMs, headroomSeconds } = this.#parts.timers;
    const grantedMs = grantedSeconds * 1000;
    const freeMs = freeSeconds * 1000;
    const maxMs = this.#call.callSecondsMax * 1000;
    const creditEnds = freeMs <= graceMs;
    const quotaReason = creditEnds ? 'credit' : 'database';
    const stopAtMs = grantedMs + Math.min(freeMs, graceMs);
    // Without grace the quota ends at every beat that fails, which is no reason to wrap up between beats that do not.
    const wrapUpAtMs =
      grantedMs + Math.min(freeMs, Math.max(graceMs, headroomSeconds * 1000)) - wrapUpMs;
    this.#stopAtMs = Math.min(stopAtMs, maxMs);
    this.#stopReason = maxMs <= stopAtMs ? 'max-duration' : quotaReason;
    this.#wrapUpAtMs = Math.min(wrapUpAtMs, maxMs - wrapUpMs);
    this.#wrapUpReason = maxMs - wrapUpMs <= wrapUpAtMs ? 'max-duration' : quotaReason;
    if (this.#seenMs < this.#wrapUpAtMs) this.#wrappingUp = false;
  }

  #wrapUp(): void {
    if (this.#wrappingUp || this.#stopped) return;
    this.#wrappingUp = true;
    this.#hooks.wrapUp(this.#wrapUpReason);
  }

  #stop(reason: MeterEnd): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#hooks.stop(reason);
  }

  /**
   * After one beat, more or less, when a second of the call has just been completed: beats report whole seconds, and
   * what a crash costs is then one beat and not up to a second more.
   */
  #nextBeatAt(now: number): number {
    const { beatMs, beatJitterMs } = this.#parts.timers;
    const dueAt = now + beatMs + (Math.random() * 2 - 1) * beatJitterMs;
    const connectedMs = this.#seenMs + (dueAt - this.#seenAt);
    return Math.max(now + beatMs / 2, dueAt - (connectedMs % 1000) + LAST_FRAME_MS);
  }
}
