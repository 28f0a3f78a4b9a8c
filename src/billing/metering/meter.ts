// Prepaid metering: lets calls in against credit, keeps their leases, and charges each once for its connected seconds.

import { Tick, within } from '../../lib/clock.ts';
import { newId } from '../../lib/ids.ts';
import { admitLease } from '../../store/money/leases.ts';
import type { Admission, SettleReason } from '../../store/money/leases.ts';
import type { Sql } from '../../store/database/sql.ts';
import { RunningLease } from './running-lease.ts';
import type { LeaseParts, MeteredCall, MeterHooks } from './running-lease.ts';
import { late, SettlementBacklog } from './settlement-backlog.ts';
import { openSettlementJournal } from './settlement-journal.ts';

export interface MeteringParts extends LeaseParts {
  /** The pool that belongs to the calls. */
  readonly sql: Sql;
  /** Where settlements wait that the database could not take; made if absent. */
  readonly journalDir: string;
}

/** How the owner of a call may end it. */
export type CallSettleReason = Exclude<SettleReason, 'superseded' | 'orphan'>;

export interface CallMeter {
  /**
   * To be called with each frame of the caller: milliseconds connected as of that frame, not of now, so that a line
   * that died silently is charged up to its last frame. Calls `stop` when they exceed the quota.
   */
  check(connectedMs: number): void;
  /**
   * The end: charges ceil(connectedMs / 1000), as far as the credit goes. The first call counts. Never rejects.
   * `billedSeconds` is undefined when the database does not answer; then the charge waits in the journal.
   */
  settle(
    connectedMs: number,
    reason: CallSettleReason,
  ): Promise<{ billedSeconds: number | undefined }>;
  /** Whole seconds connected so far. */
  readonly liveUsedSeconds: number;
}

export type Admitted =
  | { readonly status: 'ok'; readonly meter: CallMeter }
  /** `duplicate`, `ended`: the stream is, or was, metered already. */
  | { readonly status: Exclude<Admission['status'], 'ok'> };

export interface Metering extends AsyncDisposable {
  /**
   * Lets a call in, before any audio, and counts from this moment. Throws `unavailable` when the database does not
   * answer. A newer stream of a call supersedes the older one.
   */
  admit(call: MeteredCall, hooks: MeterHooks): Promise<Admitted>;
  /** Calls that are let in and not yet settled. */
  readonly running: number;
  /** Settlements that wait for the database. */
  readonly waiting: number;
}

/**
 * Opens the metering of this process: charges what an earlier process left in the journal, and goes on trying. The
 * sum of all time comes from `check` and `settle`, so from the transport's monotonic clock. Disposing stops the
 * timers; calls that still run are left to the reaper, settlements that wait to the next start.
 */
export async function openMetering(parts: MeteringParts): Promise<Metering> {
  const { sql, clock, log, timers, owner, journalDir } = parts;
  const journal = await openSettlementJournal(journalDir, log);
  const backlog = new SettlementBacklog(parts, journal);
  await backlog.load();
  const ticks = new Tick(clock, timers.tickMs);
  const running = new Set<RunningLease>();
  const stops = new Set<Disposable>();
  return {
    admit,
    get running() {
      return running.size;
    },
    get waiting() {
      return backlog.size;
    },
    async [Symbol.asyncDispose]() {
      for (const stop of stops) stop[Symbol.dispose]();
      await Promise.all([...running].map((lease) => lease.idle()));
      await backlog[Symbol.asyncDispose]();
    },
  };

  async function admit(call: MeteredCall, hooks: MeterHooks): Promise<Admitted> {
    const startedAt = clock.elapsed();
    const leaseId = newId(clock.now());
    const admission = await admitLease(sql, {
      ...call,
      leaseId,
      owner,
      headroomSeconds: timers.headroomSeconds,
      secondsMin: timers.startSecondsMin,
      leaseSeconds: timers.leaseSeconds,
    });
    if (admission.status !== 'ok') return { status: admission.status };
    const { epoch, alreadyBilledSeconds } = admission;
    const segment = { leaseId, epoch, billedBeforeSeconds: alreadyBilledSeconds };
    const quota = {
      grantedSeconds: alreadyBilledSeconds + admission.grantedSeconds,
      freeSeconds: admission.freeSeconds,
    };
    const callLog = log.with({ callSid: call.callSid, clientId: call.clientId });
    const lease = new RunningLease(
      { ...parts, log: callLog },
      call,
      hooks,
      segment,
      quota,
      startedAt,
    );
    return { status: 'ok', meter: startMeter(lease, call) };
  }

  function startMeter(lease: RunningLease, call: MeteredCall): CallMeter {
    running.add(lease);
    const ticking = ticks.add(() => lease.tick());
    stops.add(ticking);
    let settled: Promise<{ billedSeconds: number | undefined }> | undefined;
    return {
      check: (connectedMs) => lease.check(connectedMs),
      settle: (connectedMs, reason) => (settled ??= settle(connectedMs, reason)),
      get liveUsedSeconds() {
        return lease.usedSeconds;
      },
    };

    async function settle(connectedMs: number, reason: CallSettleReason) {
      ticking[Symbol.dispose]();
      stops.delete(ticking);
      // A beat that is under way may bring another segment, which is the one to settle.
      await within(clock, timers.settleMs, lease.idle(), late).catch(() => {});
      running.delete(lease);
      const { clientId, callSid, streamSid } = call;
      const billedSeconds = await backlog.charge({
        ...lease.segment,
        clientId,
        callSid,
        streamSid,
        owner,
        connectedMs,
        reason,
      });
      return { billedSeconds };
    }
  }
}
