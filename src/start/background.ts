// What runs beside the calls for as long as the process lives: each of it may run in any number of processes.

import { runAudit } from '../billing/metering/audit.ts';
import { runMoneyRounds } from '../billing/payments/money-rounds.ts';
import { runReaper } from '../billing/metering/reaper.ts';
import { runMessageHearing } from '../reception/stored-speech/audio-messages.ts';
import { runUnusedClips } from '../reception/stored-speech/unused-clips.ts';
import { runOwedClips } from '../reception/stored-speech/owed-clips.ts';
import { startReviewer } from '../reception/records/reviewer.ts';
import { runUntoldCalls } from '../reception/outbound/untold-calls.ts';
import type { Calendars } from './calendars.ts';
import { keepOutbox } from './routes/dialling.ts';
import { runErasures } from './erasures.ts';
import type { Foundation } from './foundation.ts';
import { tidyConversations } from './housekeeping.ts';
import type { Recordings } from './recordings.ts';
import type { Vendors } from './vendors.ts';

export interface BackgroundParts {
  readonly foundation: Foundation;
  readonly vendors: Pick<Vendors, 'door' | 'transcribe' | 'clips'>;
  readonly calendars: Pick<Calendars, 'run' | 'part' | 'invitationUrl'>;
  readonly recordings: Pick<Recordings, 'keep'>;
}

export interface Background {
  /** A call of this process has ended: its review is due. */
  reviewIsDue(): void;
  /** Resolves when all of it has ended, after the signal has aborted. */
  readonly over: Promise<unknown>;
}

/** Runs until the signal aborts. */
export function startBackground(parts: BackgroundParts, signal: AbortSignal): Background {
  const { calendars, recordings } = parts;
  const { door, transcribe, clips } = parts.vendors;
  const { sql, general, clock, log, timers, till, fetch, sealer, carrier } = parts.foundation;
  const { invitationUrl } = calendars;
  const beside = { sql: general, clock, log };
  const meter = { sql, clock, log, timers: timers.meter };
  const money = { ...meter, sql: general };
  const reviewer = startReviewer({ ...beside, door }, signal);
  const over = Promise.all([
    calendars.run(signal),
    reviewer.over,
    keepOutbox({ ...beside, fetch, sealer, carrier, invitationUrl }, signal),
    recordings.keep(signal),
    runUntoldCalls({ ...beside, ask: (callSid) => carrier.findCall(callSid) }, signal),
    runReaper(meter, signal),
    runAudit(money, signal),
    runMoneyRounds({ ...money, till }, signal),
    runMessageHearing({ ...beside, transcribe }, signal),
    runOwedClips({ ...beside, clips }, signal),
    runUnusedClips(beside, signal),
    tidyConversations(beside, signal),
    runErasures({ ...beside, till, part: (clientId) => calendars.part(clientId) }, signal),
  ]);
  return { reviewIsDue: () => reviewer.nudge(), over };
}
