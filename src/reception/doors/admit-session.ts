// Lets a user into a session with the assistant: on the allowance of their day, with what they prefer.

import { Channel } from '../../lib/channel.ts';
import type { Clock } from '../../lib/clock.ts';
import { newId } from '../../lib/ids.ts';
import type { CallMeter } from '../../billing/metering/meter.ts';
import type { CallControl } from '../../pipeline/types.ts';
import { findPreferences } from '../../store/accounts/users.ts';
import { beatGrant, settleGrant } from '../../store/accounts/session-grants.ts';
import type { AdmittedCall } from '../calls/admit.ts';
import { assistantClient } from './assistant.ts';
import { allowanceLeft, openSessionOnAllowance } from './payer.ts';
import type { AllowanceSubject, PayerParts } from './payer.ts';

const CONTROLS_MAX = 16;
/** The end is told so long before it comes. */
const WRAP_UP_MS = 12_000;
/** So much of a session is forgotten with its process. */
const BEAT_MS = 5000;

export interface AdmitSessionParts extends PayerParts {
  readonly clock: Clock;
  readonly owner: string;
}

export interface AskedSession {
  /** Null for somebody unknown. */
  readonly userId: string | null;
  readonly subject: AllowanceSubject;
  readonly room: string;
  readonly systemPrompt: string | undefined;
}

/** Throws `out_of_balance` when nothing is left of the day. What a session may take is taken now; the rest comes back. */
export async function admitSession(
  parts: AdmitSessionParts,
  { userId, subject, room, systemPrompt }: AskedSession,
): Promise<AdmittedCall> {
  const { sql, clock, settings, owner } = parts;
  const [system, bot, preferences] = await Promise.all([
    settings.system(),
    settings.bot(),
    userId === null ? undefined : findPreferences(sql, userId),
  ]);
  const client = assistantClient({ system, bot, preferences, systemPrompt });
  const grantedSeconds = Math.min(await allowanceLeft(parts, subject), client.callSecondsMax);
  const control = new Channel<CallControl>(CONTROLS_MAX);
  const callId = newId(clock.now());
  const callSid = `session-${callId}`;
  const session = { id: callId, userId, callSid, room, systemPrompt: client.systemPrompt, owner };
  await openSessionOnAllowance(parts, session, { subject, seconds: grantedSeconds });
  const longest = grantedSeconds === client.callSecondsMax;
  const end = longest ? ('max-duration' as const) : ('credit' as const);
  return {
    callId,
    callSid,
    client,
    callerPhone: undefined,
    contactName: '',
    turns: 0,
    outbound: undefined,
    meter: allowanceMeter(clock, grantedSeconds, {
      wrapUp: () => control.push({ type: 'wrap-up' }),
      stop: () => control.push({ type: 'end', reason: end }),
      // A beat that is missed is made up for by the next; what nobody beats for is given back by housekeeping.
      beat: (usedSeconds) => void beatGrant(sql, callId, usedSeconds).catch(() => {}),
      settle: (usedSeconds) => settleGrant(sql, callId, usedSeconds),
    }),
    control,
  };
}

interface AllowanceHooks {
  wrapUp(): void;
  stop(): void;
  beat(usedSeconds: number): void;
  settle(usedSeconds: number): Promise<void>;
}

/** Counts against what was granted, and says that it lives; what was not used goes back once. */
function allowanceMeter(clock: Clock, grantedSeconds: number, hooks: AllowanceHooks): CallMeter {
  const grantedMs = grantedSeconds * 1000;
  const beating = clock.every(BEAT_MS, () => hooks.beat(usedAfter(seenMs)));
  let seenMs = 0;
  let told = false;
  let stopped = false;
  let settled: Promise<{ billedSeconds: number | undefined }> | undefined;
  return {
    check(connectedMs) {
      seenMs = Math.max(seenMs, connectedMs);
      if (!stopped && seenMs >= grantedMs) {
        stopped = true;
        hooks.stop();
      } else if (!told && seenMs >= grantedMs - WRAP_UP_MS && grantedMs > 2 * WRAP_UP_MS) {
        told = true;
        hooks.wrapUp();
      }
    },
    settle: (connectedMs) => (settled ??= settle(connectedMs)),
    get liveUsedSeconds() {
      return Math.floor(seenMs / 1000);
    },
  };

  function usedAfter(connectedMs: number): number {
    return Math.min(Math.ceil(connectedMs / 1000), grantedSeconds);
  }

  async function settle(connectedMs: number) {
    beating[Symbol.dispose]();
    const usedSeconds = usedAfter(connectedMs);
    try {
      await hooks.settle(usedSeconds);
      return { billedSeconds: usedSeconds };
    } catch {
      return { billedSeconds: undefined };
    }
  }
}
