// Callers put through to a person: begun at a bounded rate, decided once, and either over or back with us.

import { notifyOwner } from '../clients/notices.ts';
import type { Sql } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

export interface NewTransfer {
  readonly id: string;
  readonly clientId: string;
  readonly conversationId: string;
  readonly callSid: string;
  /** E.164; null when withheld. */
  readonly callerPhone: string | null;
  /** Null for the client's fallback number. */
  readonly targetId: string | null;
  readonly targetName: string;
  /** E.164 */
  readonly phoneNumber: string;
  readonly mode: 'warm' | 'cold';
  readonly reason: string;
}

export interface Transfer extends Omit<NewTransfer, 'conversationId'> {
  /** `untold`: nobody knows what came of it. */
  readonly state:
    | 'dialling'
    | 'accepted'
    | 'declined'
    | 'unanswered'
    | 'failed'
    | 'abandoned'
    | 'untold';
  readonly businessName: string;
  /** BCP 47 */
  readonly language: string;
  /** Of the contact with the caller's number; empty when unknown. */
  readonly callerName: string;
  /** Whether the client called them. */
  readonly outbound: boolean;
}

/** How often one caller (all who withhold their number count as one) is put through by a client within an hour. */
const TRANSFERS_AN_HOUR_MAX = 5;

/** False when the caller was put through too often. */
export async function beginTransfer(sql: Sql, transfer: NewTransfer): Promise<boolean> {
  const { clientId, callerPhone } = transfer;
  return idempotent(() =>
    sql.begin(async (tx) => {
      // One caller may have two calls: they are counted one after the other.
      await tx`SELECT pg_advisory_xact_lock(hashtextextended(${`transfer ${clientId} ${callerPhone ?? ''}`}, 0))`;
      const rows = await tx`
        INSERT INTO transfers (id, client_id, conversation_id, call_sid, caller_phone, target_id, target_name,
          phone_number, mode, reason)
        SELECT ${transfer.id}, ${clientId}, ${transfer.conversationId}, ${transfer.callSid}, ${callerPhone},
          ${transfer.targetId}, ${transfer.targetName}, ${transfer.phoneNumber}, ${transfer.mode}, ${transfer.reason}
        WHERE (SELECT count(*) FROM transfers WHERE client_id = ${clientId}
          AND caller_phone IS NOT DISTINCT FROM ${callerPhone}::text AND NOT is_fallback
          AND created_at > clock_timestamp() - interval '1 hour') < ${TRANSFERS_AN_HOUR_MAX}
        ON CONFLICT (id) DO UPDATE SET id = excluded.id RETURNING id`;
      return rows.length > 0;
    }),
  );
}

export async function findTransfer(sql: Sql, id: string): Promise<Transfer | undefined> {
  const [row] = await idempotent(
    () => sql<Transfer[]>`
      SELECT t.id, t.client_id AS "clientId", t.call_sid AS "callSid", t.caller_phone AS "callerPhone",
        t.target_id AS "targetId", t.target_name AS "targetName", t.phone_number AS "phoneNumber", t.mode, t.reason,
        t.state, c.name AS "businessName", c.language, coalesce(k.name, '') AS "callerName",
        EXISTS (SELECT 1 FROM outbound_calls o WHERE o.call_sid = t.call_sid) AS outbound
      FROM transfers t JOIN clients c ON c.id = t.client_id
      LEFT JOIN contacts k ON k.client_id = t.client_id AND k.phone_number = t.caller_phone
      WHERE t.id = ${id}`,
  );
  return row;
}

/** What the person, or the carrier, decided; false when it was decided before. */
export async function decideTransfer(
  sql: Sql,
  id: string,
  state: Exclude<Transfer['state'], 'dialling'>,
): Promise<boolean> {
  const rows = await idempotent(
    () =>
      sql`UPDATE transfers SET state = ${state} WHERE id = ${id} AND state = 'dialling' RETURNING id`,
  );
  return rows.length > 0;
}

/**
 * The dialling is over; its final state, or undefined when that was told before, or the call has no such transfer. `gone`: so
 * is the caller, and whatever else it was, nobody has reached them.
 */
export async function closeTransfer(
  sql: Sql,
  over: {
    readonly id: string;
    readonly callSid: string;
    /** Without a decision of the person. */
    readonly otherwise: Exclude<Transfer['state'], 'dialling'>;
    readonly gone: boolean;
  },
): Promise<Transfer['state'] | undefined> {
  const { id, callSid, otherwise, gone } = over;
  const [row] = await sql<{ state: Transfer['state'] }[]>`
    WITH decided AS (
      SELECT CASE WHEN state IN ('dialling', 'untold') THEN ${otherwise} ELSE state END AS state FROM transfers WHERE id = ${id}
    ), known AS (
      UPDATE conversations SET flags = array_remove(flags, 'transfer_untold')
      WHERE call_sid = ${callSid} AND 'transfer_untold' = ANY (flags)
    )
    UPDATE transfers t SET over_at = clock_timestamp(),
      state = CASE WHEN ${gone} AND decided.state <> 'accepted' THEN 'abandoned' ELSE decided.state END
    FROM decided WHERE id = ${id} AND call_sid = ${callSid} AND (over_at IS NULL OR t.state = 'untold') RETURNING t.state`;
  return row?.state;
}

/** The call is over, and its person has not decided, or not answered: whether there was such a transfer. */
export async function abandonTransfer(sql: Sql, callSid: string): Promise<boolean> {
  const rows = await idempotent(
    () => sql`
      UPDATE transfers SET state = 'abandoned', over_at = clock_timestamp()
      WHERE call_sid = ${callSid} AND state = 'dialling' AND over_at IS NULL RETURNING id`,
  );
  return rows.length > 0;
}

/** Longer than anybody rings, hears who is calling and thinks about it. */
const UNDECIDED_SECONDS = 120;
const LOST_MAX = 100;

/** Transfers of which the carrier has told nothing: nobody answers so late. At most 100. */
export async function listLostTransfers(
  sql: Sql,
): Promise<{ callSid: string; mode: Transfer['mode'] }[]> {
  const rows = await sql<{ callSid: string; mode: Transfer['mode'] }[]>`
    SELECT call_sid AS "callSid", mode FROM transfers
    WHERE state = 'dialling' AND over_at IS NULL
      AND created_at < clock_timestamp() - make_interval(secs => ${UNDECIDED_SECONDS})
    ORDER BY created_at LIMIT ${LOST_MAX}`;
  return [...rows];
}

const UNTOLD = 'We were not told whether anybody answered when the caller was put through.';

/** Nobody knows whether they spoke: the call is marked so, to be followed up, and its owner told, once. */
export async function doubtTransfer(sql: Sql, callSid: string): Promise<void> {
  await idempotent(() =>
    sql.begin(async (tx) => {
      const [call] = await tx<
        { id: string; clientId: string; callerPhone: string | null; name: string }[]
      >`
        WITH doubted AS (
          UPDATE transfers SET state = 'untold', over_at = clock_timestamp()
          WHERE call_sid = ${callSid} AND state = 'dialling' AND over_at IS NULL RETURNING conversation_id, target_name
        )
        UPDATE conversations c SET flags = array_append(array_remove(flags, 'transfer_untold'), 'transfer_untold')
        FROM doubted WHERE c.id = doubted.conversation_id
        RETURNING c.id, c.client_id AS "clientId", c.caller_phone AS "callerPhone", doubted.target_name AS name`;
      if (!call) return;
      await tx`
        UPDATE reviews SET follow_up = true, follow_up_reason = coalesce(nullif(follow_up_reason, ''), ${UNTOLD})
        WHERE conversation_id = ${call.id}`;
      const who = call.callerPhone ?? 'A caller with a withheld number';
      await notifyOwner(tx, {
        clientId: call.clientId,
        kind: 'transfer_untold',
        severity: 'warning',
        text: `${who} was put through to ${call.name === '' ? 'a person' : call.name}, and we were not told whether anybody answered.`,
        dedupeKey: `untold:${call.id}`,
        data: {
          conversation_id: call.id,
          ...(call.callerPhone !== null && { caller_phone: call.callerPhone }),
        },
      });
    }),
  );
}

/** The person who could not be reached, when a call has just come back from them. */
export async function findReturn(sql: Sql, callSid: string): Promise<{ name: string } | undefined> {
  const [row] = await idempotent(
    () => sql<{ name: string; state: Transfer['state'] }[]>`
      SELECT target_name AS name, state FROM transfers
      WHERE call_sid = ${callSid} AND over_at > clock_timestamp() - interval '2 minutes'
      ORDER BY created_at DESC LIMIT 1`,
  );
  return row && row.state !== 'accepted' ? { name: row.name } : undefined;
}

/** Forgets transfers of conversations that were deleted, or never were: nothing is told of them, and limits look at a day. */
export async function deleteLeftTransfers(sql: Sql, days: number): Promise<void> {
  await sql`
    DELETE FROM transfers WHERE conversation_id IS NULL
      AND created_at < clock_timestamp() - make_interval(days => ${days})`;
}
