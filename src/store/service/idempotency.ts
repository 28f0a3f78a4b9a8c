// Creating requests that may come twice: the first is remembered with its answer, so that the second gets the same.

import type { Sql } from '../database/sql.ts';

/** Answers are kept this long. */
const KEPT_HOURS = 24;
/** A first request that has not answered by then has died with its process, and may be made again. */
const DEAD_SECONDS = 60;

export interface IdempotencyKey {
  readonly userId: string;
  readonly key: string;
  /** Of method, address and body: one key is for one request. */
  readonly requestHash: Buffer;
}

export interface StoredAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export type KeyState =
  | { readonly state: 'first' }
  | { readonly state: 'running' }
  | { readonly state: 'other request' }
  | { readonly state: 'answered'; readonly answer: StoredAnswer };

/** Takes the key for this request, or says what has become of the one that has it. */
export async function takeIdempotencyKey(sql: Sql, key: IdempotencyKey): Promise<KeyState> {
  const taken = await sql`
    INSERT INTO idempotency_keys AS k (user_id, key, request_hash)
    VALUES (${key.userId}, ${key.key}, ${key.requestHash})
    ON CONFLICT (user_id, key) DO UPDATE SET created_at = clock_timestamp(), request_hash = excluded.request_hash,
      status = NULL, content_type = NULL, body = NULL
    WHERE k.created_at < clock_timestamp() - make_interval(hours => ${KEPT_HOURS})
      OR (k.status IS NULL AND k.request_hash = excluded.request_hash
        AND k.created_at < clock_timestamp() - make_interval(secs => ${DEAD_SECONDS}))
    RETURNING 1`;
  if (taken.length > 0) return { state: 'first' };
  const [row] = await sql<
    { requestHash: Buffer; status: number | null; contentType: string; body: string }[]
  >`
    SELECT request_hash AS "requestHash", status, content_type AS "contentType", body
    FROM idempotency_keys WHERE user_id = ${key.userId} AND key = ${key.key}`;
  if (!row) return { state: 'running' };
  if (!key.requestHash.equals(row.requestHash)) return { state: 'other request' };
  const { status, contentType, body } = row;
  return status === null
    ? { state: 'running' }
    : { state: 'answered', answer: { status, contentType, body } };
}

export async function saveAnswer(
  sql: Sql,
  { userId, key }: IdempotencyKey,
  answer: StoredAnswer,
): Promise<void> {
  await sql`
    UPDATE idempotency_keys SET status = ${answer.status}, content_type = ${answer.contentType}, body = ${answer.body}
    WHERE user_id = ${userId} AND key = ${key}`;
}

/** Gives the key back: the request came to nothing and may be made again. */
export async function releaseIdempotencyKey(
  sql: Sql,
  { userId, key }: IdempotencyKey,
): Promise<void> {
  await sql`DELETE FROM idempotency_keys WHERE user_id = ${userId} AND key = ${key} AND status IS NULL`;
}

export async function deleteOldIdempotencyKeys(sql: Sql): Promise<void> {
  await sql`
    DELETE FROM idempotency_keys
    WHERE created_at < clock_timestamp() - make_interval(hours => ${KEPT_HOURS})`;
}
