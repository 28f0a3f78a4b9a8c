// What lets one media stream in: made when the carrier asks, used up by the stream, kept only as a hash.

import { createHash } from 'node:crypto';
import { newToken } from '../../lib/ids.ts';
import type { Sql } from '../database/sql.ts';

/** How long after `/voice` the stream may come. */
const VALID_SECONDS = 60;

export interface StreamGrant {
  readonly clientId: string;
  readonly callSid: string;
  /** E.164, or null when withheld. */
  readonly callerPhone: string | null;
}

/** Makes a token for one stream of this call; valid for 60 s by the database's clock. */
export async function saveStreamToken(sql: Sql, grant: StreamGrant): Promise<string> {
  const token = newToken();
  await sql`
    INSERT INTO stream_tokens (token_hash, client_id, call_sid, caller_phone, expires_at)
    VALUES (${hash(token)}, ${grant.clientId}, ${grant.callSid}, ${grant.callerPhone},
      clock_timestamp() + make_interval(secs => ${VALID_SECONDS}))`;
  return token;
}

/** What keeps a caller out. */
export type CallerObstacle =
  | 'blocked'
  | 'caller-at-once'
  | 'caller-often'
  | 'caller-daily'
  | 'client-daily';

/** The same for a new call, unless there have been too many or the caller is turned away. */
export async function grantStream(
  sql: Sql,
  { clientId, callSid, callerPhone }: StreamGrant,
): Promise<{ readonly token: string } | { readonly obstacle: CallerObstacle }> {
  const token = newToken();
  // In one statement: the lock that calls of one caller take turns by is held until the token is stored.
  const [row] = await sql<{ obstacle: CallerObstacle | null }[]>`
    WITH looked AS MATERIALIZED (
      SELECT caller_obstacle(${clientId}, ${callSid}, ${callerPhone},
        make_interval(secs => ${VALID_SECONDS})) AS obstacle
    ), stored AS (
      INSERT INTO stream_tokens (token_hash, client_id, call_sid, caller_phone, expires_at)
      SELECT ${hash(token)}::bytea, ${clientId}::uuid, ${callSid}, ${callerPhone}::text,
        clock_timestamp() + make_interval(secs => ${VALID_SECONDS})
      FROM looked WHERE obstacle IS NULL RETURNING 1
    )
    SELECT obstacle FROM looked`;
  return row?.obstacle ? { obstacle: row.obstacle } : { token };
}

/**
 * Uses the token up. Undefined when it is unknown, used, expired, was made for another call or client, or when its call
 * has ended meanwhile.
 */
export async function useStreamToken(
  sql: Sql,
  token: string,
  { clientId, callSid }: { clientId: string; callSid: string },
): Promise<StreamGrant | undefined> {
  const [row] = await sql<StreamGrant[]>`
    UPDATE stream_tokens SET used_at = clock_timestamp()
    WHERE token_hash = ${hash(token)} AND used_at IS NULL AND expires_at > clock_timestamp()
      AND client_id = ${clientId} AND call_sid = ${callSid}
      AND NOT EXISTS (SELECT 1 FROM conversations c WHERE c.call_sid = ${callSid} AND c.ended_at IS NOT NULL)
    RETURNING client_id AS "clientId", call_sid AS "callSid", caller_phone AS "callerPhone"`;
  return row;
}

/** Forgets tokens that can no longer be used. */
export async function deleteExpiredStreamTokens(sql: Sql): Promise<void> {
  await sql`DELETE FROM stream_tokens WHERE expires_at < clock_timestamp() - interval '1 hour'`;
}

function hash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
