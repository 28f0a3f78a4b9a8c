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
import { deleteLeftTransfers } from '../store/calls/transfers.ts';
import { deleteOldNotices } from '../store/clients/notices.ts';
import { deleteDoneEvents } from '../store/money/payments.ts';
import { deleteExpiredStreamTokens } from '../store/calls/stream-tokens.ts';
import { endLostTransfers } from '../reception/tools/transfers.ts';
import { deleteExpiredTickets } from '../store/accounts/tickets.ts';
import { endLostSessions } from '../store/accounts/session-grants.ts';
import { endLostVoiceSessions } from '../store/accounts/voice-sessions.ts';
import type { Sql } from '../store/database/sql.ts';

const EVERY_MS = 15_000;
const DELIVERIES_DAYS = 30;
const TRANSFERS_DAYS = 30;
const NOTICES_DAYS = 365;
/** Stripe itself sends a message again for 30 days at most, by hand. */
const STRIPE_EVENTS_DAYS = 90;

export interface HousekeepingParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
}

/** In this order. */
const chores: readonly ((parts: HousekeepingParts) => Promise<void>)[] = [
  async ({ sql, log }) => {
    const ended = await endOrphans(sql, 'abandoned', (conversationId, error) =>
      log.error('a conversation of a dead process cannot be ended', { conversationId, error }),
    );
    if (ended > 0) log.warn('conversations of a dead process ended', { ended });
  },
  ({ sql, log }) =>
    keepLeftTurns(sql, (conversationId, error) =>
      log.error('what a dead process heard last cannot be kept', { conversationId, error }),
    ),
  endLostTransfers,
  ({ sql }) => deleteExpiredStreamTokens(sql),
  ({ sql }) => deleteExpiredTickets(sql),
  ({ sql }) => deleteOldUsage(sql),
  ({ sql }) => endIdleChats(sql),
  ({ sql }) => endLostSessions(sql, 'abandoned'),
  ({ sql }) => endLostVoiceSessions(sql),
  ({ sql }) => deleteEndedSessions(sql),
  ({ sql }) => deleteEndedFamilies(sql),
  ({ sql }) => deleteExpiredOauthStates(sql),
  ({ sql }) => deleteExpiredCalendarStates(sql),
  ({ sql }) => deleteEndedWindows(sql),
  ({ sql }) => deleteOldIdempotencyKeys(sql),
  ({ sql }) => deleteOldDeliveries(sql, DELIVERIES_DAYS),
  ({ sql }) => deleteLeftTransfers(sql, TRANSFERS_DAYS),
  ({ sql }) => deleteOldNotices(sql, NOTICES_DAYS),
  ({ sql }) => deleteDoneEvents(sql, STRIPE_EVENTS_DAYS),
];

/** One round. A chore that fails keeps no other from being done. */
export async function tidyOnce(parts: HousekeepingParts, signal?: AbortSignal): Promise<void> {
  for (const tidy of chores) {
    try {
      await tidy(parts);
    } catch (error) {
      parts.log.warn('housekeeping failed', { error });
    }
    if (signal?.aborted) return;
  }
}

/** Ends conversations whose process died and forgets what no longer opens or limits anything, until the signal aborts; then resolves. */
export async function tidyConversations(
  { sql, clock, log }: HousekeepingParts,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await tidyOnce({ sql, clock, log }, signal);
    if (signal.aborted) return;
    await clock.sleep(EVERY_MS, signal).catch(() => {});
  }
}
