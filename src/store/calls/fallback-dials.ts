// Calls that the carrier puts through to a client's fallback number by itself: what comes of them, and whether they go round in a circle.

import type { Sql, SqlRunner } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

export interface FallbackDial {
  readonly clientId: string;
  /** Of the caller's call. */
  readonly callSid: string;
  /** E.164; null when withheld. */
  readonly callerPhone: string | null;
  /** E.164: who is dialled. */
  readonly phoneNumber: string;
}

/** As the carrier tells of it. */
export interface ToldDial extends Omit<FallbackDial, 'clientId'> {
  /** Null: that of the conversation. */
  readonly clientId: string | null;
}

/** The carrier ends it long before; who calls again later has hung up, whatever was told of that. */
const RUNNING_SECONDS = 3600;
/** Callers who withhold their number are all one, should somebody forward them without ours: so many may be put through at once. */
const WITHHELD_MAX = 3;

/**
 * The caller is about to be put through to the fallback number. False when they, or so it looks, are being put through by this
 * very client already: then the number leads back here, and dialling it again would never end.
 */
export async function beginFallback(sql: Sql, id: string, dial: FallbackDial): Promise<boolean> {
  const { clientId, callSid, callerPhone, phoneNumber } = dial;
  return idempotent(() =>
    sql.begin(async (tx) => {
      await tx`SELECT pg_advisory_xact_lock(hashtextextended(${`fallback ${clientId} ${callerPhone ?? ''}`}, 0))`;
      const [round] = await tx`
        SELECT 1 FROM clients c WHERE c.id = ${clientId} AND ${isGoingRound(tx, { callSid, callerPhone })}`;
      if (round) return false;
      await tx`
        INSERT INTO transfers (id, client_id, conversation_id, call_sid, caller_phone, target_name, phone_number, mode, is_fallback)
        VALUES (${id}, ${clientId}, (SELECT id FROM conversations WHERE call_sid = ${callSid}), ${callSid}, ${callerPhone},
          '', ${phoneNumber}, 'cold', true)
        ON CONFLICT (call_sid) WHERE is_fallback DO UPDATE SET state = 'dialling', over_at = NULL`;
      return true;
    }),
  );
}

/** Whether a call to `to` that rings now has come round: its caller is just being put through by the client of that number. */
export async function hasComeRound(
  sql: Sql,
  call: { readonly to: string; readonly callSid: string; readonly callerPhone: string | null },
): Promise<boolean> {
  const [round] = await sql`
    SELECT 1 FROM clients c WHERE c.phone_number = ${call.to} AND ${isGoingRound(sql, call)}`;
  return round !== undefined;
}

/**
 * Of client `c`. Also where somebody has answered: a number of ours answers, and dials on. Who withheld their number was put
 * through with the client's own, and comes back with it.
 */
function isGoingRound(
  sql: SqlRunner,
  { callSid, callerPhone }: Pick<FallbackDial, 'callSid' | 'callerPhone'>,
) {
  return sql`(SELECT count(*) FROM transfers t WHERE t.client_id = c.id AND t.call_sid <> ${callSid}
    AND (t.caller_phone IS NOT DISTINCT FROM ${callerPhone}::text OR (t.caller_phone IS NULL AND c.phone_number = ${callerPhone}::text))
    AND t.is_fallback AND t.state IN ('dialling', 'accepted') AND t.over_at IS NULL
    AND t.created_at > clock_timestamp() - make_interval(secs => ${RUNNING_SECONDS})) >= ${callerPhone === null ? WITHHELD_MAX : 1}`;
}

/** `answered`: somebody talks, or has talked. */
export type FallbackNews = 'dialling' | 'answered' | 'unanswered' | 'failed' | 'abandoned';

const states: Readonly<Record<FallbackNews, string>> = {
  dialling: 'dialling',
  answered: 'accepted',
  unanswered: 'unanswered',
  failed: 'failed',
  abandoned: 'abandoned',
};

/**
 * The carrier tells of the dialling, in whatever order; whether nobody has taken it and it is over. What was answered stays so.
 * Of one that was not begun with us before, such as that of a call whose process has died, it begins here.
 */
export async function tellFallback(
  sql: Sql,
  id: string,
  dial: ToldDial,
  news: { readonly what: FallbackNews; readonly over: boolean },
): Promise<boolean> {
  await insertTold(sql, id, dial);
  const [row] = await idempotent(
    () => sql<{ state: string; over: boolean }[]>`
      UPDATE transfers SET
        state = CASE WHEN state = 'accepted' OR ${news.what === 'dialling'} THEN state ELSE ${states[news.what]} END,
        over_at = CASE WHEN ${news.over} THEN coalesce(over_at, clock_timestamp()) ELSE over_at END
      WHERE call_sid = ${dial.callSid} AND is_fallback RETURNING state, over_at IS NOT NULL AS over`,
  );
  return row !== undefined && row.over && row.state !== 'accepted';
}

/** The client of the conversation, where there is one, counts. Its own number stands for one that is withheld. */
async function insertTold(sql: Sql, id: string, dial: ToldDial): Promise<void> {
  const { clientId, callSid, callerPhone, phoneNumber } = dial;
  await idempotent(
    () => sql`
      INSERT INTO transfers (id, client_id, conversation_id, call_sid, caller_phone, target_name, phone_number, mode, is_fallback)
      SELECT ${id}, c.id, v.id, ${callSid}, nullif(${callerPhone}::text, c.phone_number), '', ${phoneNumber}, 'cold', true
      FROM (SELECT 1) one LEFT JOIN conversations v ON v.call_sid = ${callSid}
        JOIN clients c ON c.id = coalesce(v.client_id, ${clientId}::uuid)
      ON CONFLICT (call_sid) WHERE is_fallback DO NOTHING`,
  );
}

export interface PutThrough {
  readonly at: Date;
  readonly overAt: Date | null;
  /** Empty for the fallback number. */
  readonly name: string;
  /** E.164 */
  readonly phoneNumber: string;
  readonly mode: 'warm' | 'cold';
  readonly reason: string;
  readonly state: string;
}

/** To whom the caller of a conversation was put through, in order. */
export async function listPutThrough(sql: Sql, conversationId: string): Promise<PutThrough[]> {
  const rows = await idempotent(
    () => sql<PutThrough[]>`
      SELECT t.created_at AS at, t.over_at AS "overAt", t.target_name AS name, t.phone_number AS "phoneNumber", t.mode,
        t.reason, t.state
      FROM conversations c JOIN transfers t ON t.call_sid = c.call_sid
      WHERE c.id = ${conversationId} ORDER BY t.created_at, t.id`,
  );
  return [...rows];
}
