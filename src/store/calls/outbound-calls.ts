// Calls that a business makes: whether it may, and what came of each.

import { COUNTED_MAX, keyText, toPage } from '../database/keyset.ts';
import type { Page, PageQuery } from '../database/keyset.ts';
import { mine } from '../clients/owned-clients.ts';
import type { Reach } from '../clients/owned-clients.ts';
import type { Sql } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

/** In the carrier's words. */
export const outboundStates = [
  'queued',
  'ringing',
  'in-progress',
  'completed',
  'busy',
  'no-answer',
  'failed',
  'canceled',
] as const;
export type OutboundState = (typeof outboundStates)[number];

export interface NewOutboundCall {
  readonly id: string;
  readonly clientId: string;
  /** E.164 */
  readonly phoneNumber: string;
  readonly purpose: 'reminder' | 'callback' | 'other';
  /** What it is about, as it is said. */
  readonly text: string;
  /** Left on an answering machine; empty: the same, with who called. */
  readonly voicemailText: string;
  readonly createdBy: string;
}

export interface OutboundCall extends Omit<NewOutboundCall, 'createdBy'> {
  readonly state: OutboundState;
  readonly answeredBy: 'human' | 'machine' | 'fax' | 'unknown';
  readonly callSid: string | null;
  readonly conversationId: string | null;
  /** What the conversation came to; null before its end. */
  readonly outcome: string | null;
  readonly durationSeconds: number | null;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

/** What decides whether a business may call somebody now. */
export interface CallPermission {
  readonly name: string;
  /** E.164; null when the client has no number to call from. */
  readonly ownNumber: string | null;
  readonly zone: string;
  readonly isActive: boolean;
  readonly freeSeconds: number;
  readonly callSecondsMax: number;
  readonly enabled: boolean;
  /** `HH:MM`, local. */
  readonly from: string;
  readonly until: string;
  readonly allowedCountries: readonly string[];
  /** `called`: they have called this business themselves within 90 days. */
  readonly consent: 'given' | 'refused' | 'called' | 'none';
}

export async function findCallPermission(
  sql: Sql,
  clientId: string,
  phoneNumber: string,
): Promise<CallPermission | undefined> {
  const [row] = await idempotent(
    () => sql<CallPermission[]>`
      SELECT c.name, c.phone_number AS "ownNumber", c.zone, c.is_active AND c.audit_failed_at IS NULL AS "isActive",
        balance_seconds - reserved_seconds AS "freeSeconds",
        c.call_seconds_max AS "callSecondsMax", coalesce(s.outbound_enabled, false) AS enabled,
        to_char(coalesce(s.outbound_from, '09:00'), 'HH24:MI') AS "from",
        to_char(coalesce(s.outbound_until, '20:00'), 'HH24:MI') AS "until",
        coalesce(s.allowed_countries, '{}') AS "allowedCountries",
        coalesce(
          (SELECT state FROM call_consents k WHERE k.client_id = c.id AND k.phone_number = ${phoneNumber}),
          (SELECT 'called' FROM conversations v WHERE v.client_id = c.id AND v.caller_phone = ${phoneNumber}
            AND coalesce(v.metadata ->> 'direction', 'inbound') = 'inbound'
            AND v.created_at > clock_timestamp() - interval '90 days' LIMIT 1),
          'none') AS consent
      FROM clients c LEFT JOIN line_settings s ON s.client_id = c.id
      WHERE c.id = ${clientId} AND c.deleted_at IS NULL`,
  );
  return row;
}

/** How often a business calls one number within a day. */
export const CALLS_A_DAY_MAX = 3;

/** A call that nobody has answered by then never will be, whether the carrier tells of it or not. */
const RINGING_SECONDS_MAX = 120;

/**
 * `number`: it was called too often. `lines`, `credit`: calls that are made or ring already take what is there, so that
 * many requests at once are no more calls than one after the other.
 */
export async function insertOutboundCall(
  sql: Sql,
  call: NewOutboundCall,
  { startSecondsMin }: { readonly startSecondsMin: number },
): Promise<'ok' | 'number' | 'lines' | 'credit'> {
  const { id, clientId, phoneNumber, purpose, text, voicemailText, createdBy } = call;
  return idempotent(() =>
    sql.begin(async (tx) => {
      await tx`SELECT pg_advisory_xact_lock(hashtextextended(${`outbound ${clientId}`}, 0))`;
      const [room] = await tx<[{ number: boolean; lines: boolean; credit: boolean }]>`
        SELECT (SELECT count(*) FROM outbound_calls WHERE client_id = c.id AND phone_number = ${phoneNumber}
            AND id <> ${id} AND created_at > clock_timestamp() - interval '1 day') < ${CALLS_A_DAY_MAX} AS number,
          ringing + (SELECT count(*) FROM call_leases WHERE client_id = c.id AND state = 'active')
            < concurrency_max AS lines,
          balance_seconds - reserved_seconds >= ${startSecondsMin} * (ringing + 1) AS credit
        FROM clients c, LATERAL (SELECT count(*) AS ringing FROM outbound_calls o WHERE o.client_id = c.id
          AND o.id <> ${id} AND o.state IN ('queued', 'ringing') AND o.ended_at IS NULL
          AND o.created_at > clock_timestamp() - make_interval(secs => ${RINGING_SECONDS_MAX})) r
        WHERE c.id = ${clientId}`;
      if (!room.number) return 'number';
      if (!room.lines) return 'lines';
      if (!room.credit) return 'credit';
      await tx`
        INSERT INTO outbound_calls (id, client_id, phone_number, purpose, text, voicemail_text, created_by)
        VALUES (${id}, ${clientId}, ${phoneNumber}, ${purpose}, ${text}, ${voicemailText}, ${createdBy})
        ON CONFLICT (id) DO NOTHING`;
      return 'ok';
    }),
  );
}

/** States only go forward; what has ended stays as it ended. `callSid` is kept from the first time it is told. */
export async function updateOutboundCall(
  sql: Sql,
  id: string,
  change: {
    readonly state?: OutboundState | undefined;
    readonly callSid?: string | undefined;
    readonly answeredBy?: OutboundCall['answeredBy'] | undefined;
    readonly durationSeconds?: number | undefined;
  },
): Promise<OutboundCall | undefined> {
  const { state = null, callSid = null, answeredBy = null, durationSeconds = null } = change;
  const [row] = await idempotent(
    () => sql<OutboundCall[]>`
      UPDATE outbound_calls o SET
        state = CASE WHEN ended_at IS NOT NULL OR ${state}::text IS NULL
            OR (${state} IN ('queued', 'ringing') AND state = 'in-progress') THEN state ELSE ${state} END,
        call_sid = coalesce(call_sid, ${callSid}),
        answered_by = CASE WHEN ${answeredBy}::text IS NULL OR answered_by = 'machine' THEN answered_by ELSE ${answeredBy} END,
        duration_seconds = coalesce(${durationSeconds}::int, duration_seconds),
        ended_at = coalesce(ended_at, CASE WHEN ${state} IN ('completed', 'busy', 'no-answer', 'failed', 'canceled')
          THEN clock_timestamp() END)
      WHERE id = ${id} AND (${callSid}::text IS NULL OR call_sid IS NULL OR call_sid = ${callSid})
      RETURNING ${columns(sql)}`,
  );
  return row;
}

/** Longer than a number rings, and than the carrier takes to tell. */
const UNTOLD_SECONDS = 180;
const UNTOLD_MAX = 50;

/** A call of whose end nothing was heard: it may go on, unless no process has it. */
export interface UntoldCall {
  readonly id: string;
  /** Null when it was never placed, as far as we know. */
  readonly callSid: string | null;
}

/** Calls that should be over and are not, by all we were told; those that a process has are left out. Oldest first, at most 50. */
export async function listUntoldCalls(sql: Sql): Promise<UntoldCall[]> {
  const rows = await sql<UntoldCall[]>`
    SELECT id, call_sid AS "callSid" FROM outbound_calls o
    WHERE ended_at IS NULL AND created_at < clock_timestamp() - make_interval(secs => ${UNTOLD_SECONDS})
      AND NOT EXISTS (SELECT 1 FROM conversations v WHERE v.call_sid = o.call_sid AND v.owner IS NOT NULL)
    ORDER BY created_at LIMIT ${UNTOLD_MAX}`;
  return [...rows];
}

/** The one that the carrier knows by this name. */
export async function findOutboundBySid(
  sql: Sql,
  callSid: string,
): Promise<OutboundCall | undefined> {
  const [row] = await idempotent(
    () =>
      sql<OutboundCall[]>`SELECT ${columns(sql)} FROM outbound_calls o WHERE call_sid = ${callSid}`,
  );
  return row;
}

export async function findOutboundCall(
  sql: Sql,
  reach: Reach,
  id: string,
): Promise<OutboundCall | undefined> {
  const [row] = await idempotent(
    () => sql<OutboundCall[]>`
      SELECT ${columns(sql)} FROM outbound_calls o WHERE id = ${id} AND ${within(sql, reach)}`,
  );
  return row;
}

/** Newest first, of all clients within reach or of one. */
export async function listOutboundCalls(
  sql: Sql,
  reach: Reach,
  { clientId }: { clientId: string | undefined },
  { limit, offset, after }: PageQuery,
): Promise<Page<OutboundCall>> {
  const where = sql`${within(sql, reach)} ${clientId === undefined ? sql`` : sql`AND client_id = ${clientId}`}`;
  return idempotent(async () => {
    const [rows, [{ total }]] = await Promise.all([
      sql<(OutboundCall & { key: string })[]>`
        SELECT ${columns(sql)}, ${keyText(sql, sql`created_at`)} AS key FROM outbound_calls o WHERE ${where}
          ${after ? sql`AND (created_at, id) < (${after.at}::text::timestamptz, ${after.id}::uuid)` : sql``}
        ORDER BY created_at DESC, id DESC LIMIT ${limit + 1} OFFSET ${offset}`,
      sql<[{ total: number }]>`
        SELECT count(*) AS total FROM (SELECT 1 FROM outbound_calls o WHERE ${where} LIMIT ${COUNTED_MAX}) counted`,
    ]);
    return toPage(rows, total, limit);
  });
}

function within(sql: Sql, reach: Reach) {
  return sql`client_id IN (SELECT c.id FROM clients c WHERE deleted_at IS NULL ${mine(sql, reach)})`;
}

function columns(sql: Sql) {
  return sql`o.id, o.client_id AS "clientId", o.phone_number AS "phoneNumber", o.purpose, o.text,
    o.voicemail_text AS "voicemailText", o.state, o.answered_by AS "answeredBy", o.call_sid AS "callSid",
    (SELECT v.id FROM conversations v WHERE v.call_sid = o.call_sid) AS "conversationId",
    (SELECT v.outcome FROM conversations v WHERE v.call_sid = o.call_sid AND v.ended_at IS NOT NULL) AS outcome,
    o.duration_seconds AS "durationSeconds", o.created_at AS "createdAt", o.ended_at AS "endedAt"`;
}
