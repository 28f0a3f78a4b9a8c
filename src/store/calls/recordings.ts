// Sound that is kept of calls: the rows that say where it is.

import { mine } from '../clients/owned-clients.ts';
import type { Reach } from '../clients/owned-clients.ts';
import type { Sql } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

export type RecordingPlace = 'disk' | 's3';

export interface Recording {
  readonly id: string;
  readonly place: RecordingPlace;
  /** Hz */
  readonly sampleRate: number;
  /** Of two channels with one byte each. */
  readonly bytes: number;
  readonly startedAt: Date;
  /** Deleted then. */
  readonly keepUntil: Date;
}

export interface NewRecording {
  readonly id: string;
  readonly clientId: string;
  readonly conversationId: string;
  readonly sampleRate: number;
  readonly keepDays: number;
}

export async function insertRecording(sql: Sql, recording: NewRecording): Promise<void> {
  const { id, clientId, conversationId, sampleRate, keepDays } = recording;
  await idempotent(
    () => sql`
      INSERT INTO recordings (id, client_id, conversation_id, sample_rate, keep_until)
      VALUES (${id}, ${clientId}, ${conversationId}, ${sampleRate},
        clock_timestamp() + make_interval(days => ${keepDays}))
      ON CONFLICT (id) DO NOTHING`,
  );
}

export async function endRecording(sql: Sql, id: string, bytes: number): Promise<void> {
  await idempotent(
    () => sql`
      UPDATE recordings SET ended_at = clock_timestamp(), bytes = ${bytes} WHERE id = ${id} AND ended_at IS NULL`,
  );
}

/** Whether something of this conversation is kept: its caller has been told. */
export async function hasRecording(sql: Sql, conversationId: string): Promise<boolean> {
  const rows =
    await sql`SELECT 1 FROM recordings WHERE conversation_id = ${conversationId} LIMIT 1`;
  return rows.length > 0;
}

/** The ended parts of a conversation within reach, in order; empty when nothing is kept of it. */
export async function listRecordings(
  sql: Sql,
  reach: Reach,
  conversationId: string,
): Promise<readonly Recording[]> {
  return idempotent(
    () => sql<Recording[]>`
      SELECT ${columns(sql)} FROM recordings r
      WHERE conversation_id = ${conversationId} AND ended_at IS NOT NULL AND bytes > 0
        AND keep_until > clock_timestamp()
        AND client_id IN (SELECT c.id FROM clients c WHERE deleted_at IS NULL ${mine(sql, reach)})
      ORDER BY started_at, id`,
  );
}

/** A piece of a list in the order of ids. */
export interface RecordingsAfter {
  readonly after: string;
  readonly limit: number;
}

/** Of deleted conversations, and those kept long enough. */
export async function listForgotten(
  sql: Sql,
  { after, limit }: RecordingsAfter,
): Promise<readonly Recording[]> {
  return sql<Recording[]>`
    SELECT ${columns(sql)} FROM recordings r
    WHERE (conversation_id IS NULL OR keep_until < clock_timestamp()) AND r.id > ${after}
    ORDER BY r.id LIMIT ${limit}`;
}

/** Of calls that are over by all we know, but never ended themselves: their process has died. */
export async function listAbandoned(
  sql: Sql,
  { after, limit }: RecordingsAfter,
): Promise<readonly Recording[]> {
  return sql<Recording[]>`
    SELECT ${columns(sql)} FROM recordings r
    WHERE r.ended_at IS NULL AND r.started_at < clock_timestamp() - interval '1 minute'
      AND EXISTS (SELECT 1 FROM conversations c WHERE c.id = r.conversation_id
        AND c.ended_at < clock_timestamp() - interval '1 minute') AND r.id > ${after}
    ORDER BY r.id LIMIT ${limit}`;
}

/** Ended, and still files. */
export async function listOnDisk(
  sql: Sql,
  { after, limit }: RecordingsAfter,
): Promise<readonly Recording[]> {
  return sql<Recording[]>`
    SELECT ${columns(sql)} FROM recordings r
    WHERE place = 'disk' AND ended_at IS NOT NULL AND conversation_id IS NOT NULL
      AND r.id > ${after}
    ORDER BY r.id LIMIT ${limit}`;
}

/** Those of `ids` that are in the bucket. */
export async function listInBucket(
  sql: Sql,
  ids: readonly string[],
): Promise<readonly Recording[]> {
  return sql<Recording[]>`
    SELECT ${columns(sql)} FROM recordings r WHERE place = 's3' AND id = ANY (${[...ids]}::uuid[])`;
}

export async function moveRecording(sql: Sql, id: string, place: RecordingPlace): Promise<void> {
  await sql`UPDATE recordings SET place = ${place} WHERE id = ${id}`;
}

export async function deleteRecording(sql: Sql, id: string): Promise<void> {
  await sql`DELETE FROM recordings WHERE id = ${id}`;
}

function columns(sql: Sql) {
  return sql`r.id, r.place, r.sample_rate AS "sampleRate", r.bytes, r.started_at AS "startedAt",
    r.keep_until AS "keepUntil"`;
}
