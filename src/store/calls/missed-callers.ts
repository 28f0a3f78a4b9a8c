// Callers who wanted a person, reached nobody and left no word: known as missed, marked to be followed up, told to the owner once.

import { notifyOwner } from '../clients/notices.ts';
import type { Sql, SqlRunner } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

/** What was done for a caller stays the outcome, also of a call in which nobody could be reached. */
const deeds = ['booked', 'rescheduled', 'cancelled'] as const;

const FOLLOW_UP = 'The caller wanted to speak to a person and reached nobody.';

export interface EndedCall {
  readonly id: string;
  readonly clientId: string;
  /** E.164 */
  readonly callerPhone: string | null;
  readonly missed: boolean;
}

/**
 * Whether the caller of conversation `c` is missed, as it ends for `endReason`. One who is just being put through is not,
 * unless it is known that they have hung up: the carrier tells later what comes of it. Nor is one whose fallback number rings.
 */
export function isMissed(sql: SqlRunner, endReason: string) {
  const undecided =
    endReason === 'transferred'
      ? sql`AND 'abandoned' = (SELECT t.state FROM transfers t WHERE t.call_sid = c.call_sid ORDER BY created_at DESC LIMIT 1)`
      : sql``;
  return sql`(c.channel = 'phone' AND EXISTS (SELECT 1 FROM transfers t WHERE t.call_sid = c.call_sid)
    AND NOT EXISTS (SELECT 1 FROM transfers t WHERE t.call_sid = c.call_sid
      AND (t.state = 'accepted' OR t.is_fallback AND t.state = 'dialling' AND t.over_at IS NULL))
    AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = c.id) ${undecided})`;
}

/** The outcome of a missed caller's call, which else would be `outcome`: an expression. */
export function outcomeOfMissed(sql: SqlRunner, outcome: ReturnType<typeof isMissed>) {
  return sql`CASE WHEN ${outcome} = ANY (${[...deeds]}::text[]) THEN ${outcome} ELSE 'missed' END`;
}

/** Of a missed caller: whether nothing was done for them, or they gave up waiting after that. Who came back to us and was helped is not told of. */
export function isToldOf(sql: SqlRunner) {
  return sql`(c.outcome = 'missed' OR (SELECT t.state FROM transfers t WHERE t.call_sid = c.call_sid
    ORDER BY created_at DESC LIMIT 1) IN ('abandoned', 'dialling'))`;
}

/**
 * Nobody has taken this call, and it does not go on: it has ended as one that was put through, or not yet. Nothing happens
 * while a process has it, where somebody has taken it after all, or the second time.
 */
export async function missCaller(sql: Sql, callSid: string): Promise<void> {
  await idempotent(() =>
    sql.begin(async (tx) => {
      // A process that ends it in this moment may not have seen that nobody was reached.
      await tx`SELECT 1 FROM conversations WHERE call_sid = ${callSid} FOR NO KEY UPDATE`;
      const left = tx`EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = c.id)`;
      const [call] = await tx<EndedCall[]>`
        UPDATE conversations c SET ended_at = coalesce(ended_at, clock_timestamp()),
          end_reason = coalesce(nullif(end_reason, 'transferred'), 'caller'),
          outcome = CASE WHEN outcome = ANY (${[...deeds]}::text[]) THEN outcome WHEN ${left} THEN 'message' ELSE 'missed' END
        WHERE call_sid = ${callSid} AND owner IS NULL AND channel = 'phone'
          AND NOT EXISTS (SELECT 1 FROM transfers t WHERE t.call_sid = c.call_sid AND t.state = 'accepted')
        RETURNING id, client_id AS "clientId", caller_phone AS "callerPhone", NOT ${left} AS missed`;
      if (call?.missed) await tellMissed(tx, call);
    }),
  );
}

/** Marks the call to be followed up and tells the owner, once for each call. */
export async function tellMissed(
  tx: SqlRunner,
  { id, clientId, callerPhone }: Omit<EndedCall, 'missed'>,
): Promise<void> {
  await tx`
    UPDATE reviews SET follow_up = true, follow_up_reason = coalesce(nullif(follow_up_reason, ''), ${FOLLOW_UP})
    WHERE conversation_id = ${id}`;
  const [wanted] = await tx<{ name: string | null }[]>`
    SELECT p.name FROM conversations c JOIN transfers t ON t.call_sid = c.call_sid
    LEFT JOIN transfer_targets p ON p.id = t.target_id WHERE c.id = ${id} ORDER BY t.created_at DESC LIMIT 1`;
  const who = callerPhone ?? 'A caller with a withheld number';
  const callBack = callerPhone === null ? '' : ' Please call them back.';
  await notifyOwner(tx, {
    clientId,
    kind: 'missed_caller',
    severity: 'warning',
    text: `${who} wanted to speak to ${wanted?.name ?? 'a person'} and reached nobody.${callBack}`,
    dedupeKey: `missed:${id}`,
    data: { conversation_id: id, ...(callerPhone !== null && { caller_phone: callerPhone }) },
  });
}
