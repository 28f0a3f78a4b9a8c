// What runs beside the calls for as long as the process lives: each of it may run in any number of processes.

import { runAudit } from '../billing/audit.ts';
import type { MeterTimers } from '../billing/meter-timers.ts';
import { runMoneyRounds } from '../billing/money-rounds.ts';
import type { MoneyParts } from '../billing/money-rounds.ts';
import { runReaper } from '../billing/reaper.ts';
import type { OutboxParts } from '../delivery/outbox-worker.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { runMessageHearing } from '../reception/audio-messages.ts';
import type { MessageHearingParts } from '../reception/audio-messages.ts';
import { runOwedClips } from '../reception/owed-clips.ts';
import type { OwedClipsParts } from '../reception/owed-clips.ts';
import { startReviewer } from '../reception/reviewer.ts';
import type { ReviewerParts } from '../reception/reviewer.ts';
import type { Sql } from '../store/sql.ts';
import type { Carrier } from '../telephony/twilio-rest.ts';
import type { Calendars } from './calendars.ts';
import { keepOutbox } from './dialling.ts';
import { tidyConversations } from './housekeeping.ts';
import type { Recordings } from './recordings.ts';

export interface BackgroundParts {
  /** The pool of the calls: money waits for nobody. */
  readonly sql: Sql;
  readonly general: Sql;
  readonly clock: Clock;
  readonly log: Log;
  readonly meterTimers: MeterTimers;
  readonly till: MoneyParts['till'];
  readonly door: ReviewerParts['door'];
  readonly transcribe: MessageHearingParts['transcribe'];
  readonly fetch: OutboxParts['fetch'];
  readonly sealer: OutboxParts['sealer'];
  readonly carrier: Carrier;
  readonly calendars: Pick<Calendars, 'run' | 'invitationUrl'>;
  readonly recordings: Pick<Recordings, 'keep'>;
  readonly clips: OwedClipsParts['clips'];
}

export interface Background {
  /** A call of this process has ended: its review is due. */
  reviewIsDue(): void;
  /** Resolves when all of it has ended, after the signal has aborted. */
  readonly over: Promise<unknown>;
}

/** Runs until the signal aborts. */
export function startBackground(parts: BackgroundParts, signal: AbortSignal): Background {
  const { sql, general, clock, log, till, door, transcribe, calendars, recordings } = parts;
  const { fetch, sealer, carrier } = parts;
  const { invitationUrl } = calendars;
  const beside = { sql: general, clock, log };
  const meter = { sql, clock, log, timers: parts.meterTimers };
  const reviewer = startReviewer({ ...beside, door }, signal);
  const over = Promise.all([
    calendars.run(signal),
    reviewer.over,
    keepOutbox({ ...beside, fetch, sealer, carrier, invitationUrl }, signal),
    recordings.keep(signal),
    runReaper(meter, signal),
    runAudit({ ...meter, sql: general }, signal),
    runMoneyRounds({ ...meter, sql: general, till }, signal),
    runMessageHearing({ ...beside, transcribe }, signal),
    runOwedClips({ ...beside, clips: parts.clips }, signal),
    tidyConversations(beside, signal),
  ]);
  return { reviewIsDue: () => reviewer.nudge(), over };
}
