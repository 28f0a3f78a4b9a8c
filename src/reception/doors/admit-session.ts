// Lets a user into a session with the assistant: on the allowance of their day, with what they prefer.

import { Channel } from '../../lib/channel.ts';
import type { Clock } from '../../lib/clock.ts';
import { newId } from '../../lib/ids.ts';
import type { CallMeter } from '../../billing/metering/meter.ts';
import type { CallControl } from '../../pipeline/types.ts';
import { findPreferences } from '../../store/accounts/users.ts';
import { openVoiceSession } from '../../store/accounts/voice-sessions.ts';
import type { AdmittedCall } from '../calls/admit.ts';
import { assistantClient } from './assistant.ts';
import { allowanceLeft, noteUse, takeFromAllowance } from './payer.ts';
import type { AllowanceSubject, PayerParts } from './payer.ts';

const CONTROLS_MAX = 16;
/** The end is told so long before it comes. */
const WRAP_UP_MS = 12_000;

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
  await takeFromAllowance(parts, subject, grantedSeconds);
  const control = new Channel<CallControl>(CONTROLS_MAX);
  const callId = newId(clock.now());
  const callSid = `session-${callId}`;
  try {
    const session = { id: callId, userId, callSid, room, systemPrompt: client.systemPrompt, owner };
    await openVoiceSession(sql, session);
  } catch (error) {
    await noteUse(parts, subject, -grantedSeconds);
    throw error;
  }
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
    meter: allowanceMeter(grantedSeconds, {
      wrapUp: () => control.push({ type: 'wrap-up' }),
      stop: () => control.push({ type: 'end', reason: end }),
      settle: (usedSeconds) => noteUse(parts, subject, usedSeconds - grantedSeconds),
    }),
    control,
  };
}

/** Counts against what was granted; what was not used goes back once. */
function allowanceMeter(
  grantedSeconds: number,
  hooks: { wrapUp(): void; stop(): void; settle(usedSeconds: number): Promise<void> },
): CallMeter {
  const grantedMs = grantedSeconds * 1000;
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

  async function settle(connectedMs: number) {
    const usedSeconds = Math.min(Math.ceil(connectedMs / 1000), grantedSeconds);
    try {
      await hooks.settle(usedSeconds);
      return { billedSeconds: usedSeconds };
    } catch {
      return { billedSeconds: undefined };
    }
  }
}
