// Finds out what came of calls that we made and heard no more of: our process died, or was away when the carrier told.

import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { listUntoldCalls, updateOutboundCall } from '../../store/calls/outbound-calls.ts';
import type { OutboundState, UntoldCall } from '../../store/calls/outbound-calls.ts';
import type { Sql } from '../../store/database/sql.ts';

const EVERY_MS = 60_000;

export interface UntoldCallsParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  /** What the carrier says of a call; undefined when it knows none of this name. Rejects with `vendor_failed`. */
  readonly ask: (
    callSid: string,
  ) => Promise<{ status: OutboundState; seconds: number | undefined } | undefined>;
}

/** Until the signal aborts; then resolves. */
export async function runUntoldCalls(parts: UntoldCallsParts, signal: AbortSignal): Promise<void> {
  const { clock, log } = parts;
  while (!signal.aborted) {
    await settleUntoldCalls(parts).catch((error: unknown) =>
      log.warn('calls that were made cannot be looked after', { error }),
    );
    await clock.sleep(EVERY_MS, signal).catch(() => {});
  }
}

/** One round. Any number of processes may do it. */
export async function settleUntoldCalls(parts: UntoldCallsParts): Promise<void> {
  for (const call of await listUntoldCalls(parts.sql)) await settle(parts, call);
}

async function settle({ sql, log, ask }: UntoldCallsParts, call: UntoldCall): Promise<void> {
  const { id, callSid } = call;
  try {
    // Never placed, or not as far as anybody has told: nobody is called twice for it.
    const told = callSid === null ? undefined : await ask(callSid);
    const { status, seconds } = told ?? { status: 'failed', seconds: undefined };
    await updateOutboundCall(sql, id, { state: status, durationSeconds: seconds });
  } catch (error) {
    log.warn('it is not known what came of a call', { outboundId: id, error });
  }
}
