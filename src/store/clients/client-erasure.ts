// What belonged to deleted clients goes: what was said and written, who called, what opened accounts elsewhere. The books stay.

import type { Sql } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

/** Rows of one statement; a conversation takes its turns and words along. */
const AT_ONCE = 200;
/** Before another try, of what is busy or whose process died. */
const AGAIN_SECONDS = 60;
/** Where something was found: what comes after a call, a text or a sound, has come by then. */
const SETTLED_SECONDS = 600;
/** The client's name from then on: the books show one. */
const NAME = 'Deleted client';

/** Tables with a `client_id` whose rows go, in this order: what refers to others first. */
export const erasedTables = [
  'stream_tokens',
  'outbox',
  'notices',
  'transfers',
  'transfer_targets',
  'outbound_calls',
  'call_consents',
  'blocked_callers',
  'messages',
  'bookings',
  'reviews',
  'conversations',
  'contacts',
  'google_busy',
  'watched_calendars',
  'calendar_links',
  'calendar_credentials',
  'calendar_oauth_states',
  'calendar_feeds',
  'booking_rules',
  'special_hours',
  'special_days',
  'opening_hours',
  'knowledge_passages',
  'knowledge',
  'owner_tools',
  'mcp_servers',
  'bot_commands',
  'webhook_endpoints',
  'line_settings',
  'caller_limits',
  'review_settings',
  'clips_due',
] as const;

/** Those whose rows stay: figures of the books, without a word or a number of anybody. */
export const keptTables = [
  'ledger',
  'call_leases',
  'orders',
  'payments',
  'subscriptions',
  'billing_accounts',
  'conversation_costs',
] as const;

/** The deleted client that is to be erased now, for this process alone until it is tried again. */
export async function claimErasure(sql: Sql): Promise<string | undefined> {
  const [row] = await sql<{ id: string }[]>`
    UPDATE clients SET erase_try_at = clock_timestamp() + make_interval(secs => ${AGAIN_SECONDS})
    WHERE id = (
      SELECT id FROM clients WHERE deleted_at IS NOT NULL AND erased_at IS NULL
        AND (erase_try_at IS NULL OR erase_try_at <= clock_timestamp())
      ORDER BY erase_try_at NULLS FIRST LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING id`;
  return row?.id;
}

/** Whether the client is linked to a calendar elsewhere, or holds what opens one. */
export async function hasCalendarElsewhere(sql: Sql, clientId: string): Promise<boolean> {
  const [row] = await idempotent(
    () => sql<[{ has: boolean }]>`
      SELECT EXISTS (SELECT 1 FROM calendar_links WHERE client_id = ${clientId})
        OR EXISTS (SELECT 1 FROM calendar_credentials WHERE client_id = ${clientId}) AS has`,
  );
  return row.has;
}

/** `busy`: calls that ran when it was deleted still do. `found`: it is looked at again, for what comes late. */
export type Erasure = 'busy' | 'found' | 'erased';

/** Takes away what there is of a deleted client. Every step may be repeated, and done by two. */
export async function eraseClient(sql: Sql, clientId: string): Promise<Erasure> {
  if (await isBusy(sql, clientId)) return 'busy';
  await forgetSettings(sql, clientId);
  let found = await letRecordingsGo(sql, clientId);
  for (const table of erasedTables) found += await eraseRows(sql, table, clientId);
  found += await eraseCalendars(sql, clientId);
  if (found > 0) {
    await sql`
      UPDATE clients SET erase_try_at = clock_timestamp() + make_interval(secs => ${SETTLED_SECONDS})
      WHERE id = ${clientId}`;
    return 'found';
  }
  await sql`
    UPDATE clients SET erased_at = clock_timestamp(), erase_try_at = NULL
    WHERE id = ${clientId} AND deleted_at IS NOT NULL`;
  return 'erased';
}

async function isBusy(sql: Sql, clientId: string): Promise<boolean> {
  const [row] = await sql<[{ busy: boolean }]>`
    SELECT EXISTS (SELECT 1 FROM call_leases WHERE client_id = ${clientId} AND state = 'active')
      OR EXISTS (SELECT 1 FROM conversations WHERE client_id = ${clientId} AND ended_at IS NULL) AS busy`;
  return row.busy;
}

async function forgetSettings(sql: Sql, clientId: string): Promise<void> {
  await sql`
    UPDATE clients SET name = ${NAME}, phone_number = NULL, fallback_number = NULL, alert_email = NULL, calendar_id = '',
      system_prompt = '', initial_greeting = '', disclosure = '', recording_notice = '', pronunciations = '[]'
    WHERE id = ${clientId} AND deleted_at IS NOT NULL`;
}

/** The files are the keeper's to remove, and each row after its file. How many are left. */
async function letRecordingsGo(sql: Sql, clientId: string): Promise<number> {
  const left = await sql`
    UPDATE recordings SET keep_until = least(keep_until, clock_timestamp()), conversation_id = NULL
    WHERE client_id = ${clientId} RETURNING 1`;
  return left.length;
}

async function eraseRows(sql: Sql, table: string, clientId: string): Promise<number> {
  let erased = 0;
  for (;;) {
    const rows = await sql`
      DELETE FROM ${sql(table)} WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM ${sql(table)} WHERE client_id = ${clientId} LIMIT ${AT_ONCE})) RETURNING 1`;
    erased += rows.length;
    if (rows.length < AT_ONCE) return erased;
  }
}

/** Its built-in one, and those of Google that nobody is linked to and no appointment is in any more: their ids are addresses. */
async function eraseCalendars(sql: Sql, clientId: string): Promise<number> {
  return sql.begin(async (tx) => {
    const going = await tx<{ id: string }[]>`
      SELECT id FROM calendars c WHERE client_id = ${clientId}
        OR google_id IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM calendar_links l WHERE l.calendar_id = c.id)
          AND NOT EXISTS (SELECT 1 FROM bookings b WHERE b.calendar_id = c.id)`;
    if (going.length === 0) return 0;
    const ids = going.map(({ id }) => id);
    await tx`DELETE FROM resources WHERE calendar_id = ANY (${ids}::uuid[])`;
    await tx`DELETE FROM calendars WHERE id = ANY (${ids}::uuid[])`;
    return ids.length;
  });
}
