// What has to be tidied up now and then, by whichever process gets to it.

import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { endIdleChats } from '../store/conversations/chats.ts';
import { endOrphans } from '../store/conversations/conversations.ts';
import { keepLeftTurns } from '../store/conversations/turns-under-way.ts';
import { deleteExpiredCalendarStates } from '../store/calendar/calendar-oauth-states.ts';
import { deleteOldIdempotencyKeys } from '../store/service/idempotency.ts';
import { deleteOldUsage } from '../store/accounts/daily-usage.ts';
import { deleteExpiredOauthStates } from '../store/accounts/oauth-states.ts';
import { deleteOldDeliveries } from '../store/service/outbox.ts';
import { deleteEndedWindows } from '../store/service/rate-limits.ts';
import { deleteEndedFamilies } from '../store/accounts/refresh-tokens.ts';
import { deleteEndedSessions } from '../store/accounts/sessions.ts';
import { deleteExpiredStreamTokens } from '../store/calls/stream-tokens.ts';
import { endLostTransfers } from '../reception/transfers.ts';
import { deleteExpiredTickets } from '../store/accounts/tickets.ts';
import { endLostVoiceSessions } from '../store/accounts/voice-sessions.ts';
import type { Sql } from '../store/database/sql.ts';

const EVERY_MS = 15_000;
const DELIVERIES_DAYS = 30;

/** Ends conversations whose process died and forgets what no longer opens or limits anything, until the signal aborts; then resolves. */
export async function tidyConversations(
  { sql, clock, log }: { sql: Sql; clock: Clock; log: Log },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const ended = await endOrphans(sql, 'abandoned');
      if (ended > 0) log.warn('conversations of a dead process ended', { ended });
      await keepLeftTurns(sql);
      await endLostTransfers({ sql, clock });
      await deleteExpiredStreamTokens(sql);
      await deleteExpiredTickets(sql);
      await deleteOldUsage(sql);
      await endIdleChats(sql);
      await endLostVoiceSessions(sql);
      await deleteEndedSessions(sql);
      await deleteEndedFamilies(sql);
      await deleteExpiredOauthStates(sql);
      await deleteExpiredCalendarStates(sql);
      await deleteEndedWindows(sql);
      await deleteOldIdempotencyKeys(sql);
      await deleteOldDeliveries(sql, DELIVERIES_DAYS);
    } catch (error) {
      log.warn('housekeeping failed', { error });
    }
    await clock.sleep(EVERY_MS, signal).catch(() => {});
  }
}
