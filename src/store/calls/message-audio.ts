// Messages as they were spoken, and which of them nobody has heard yet.

import type { Sql, SqlRunner } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

/** Seconds before another try to hear a message; they double, up to an hour. */
const TRY_AGAIN_SECONDS = 30;
/** After some two days it is given up: its sound is still there. */
const ATTEMPTS_MAX = 55;

/** With the message, in its transaction. `heard`: its words are known already. */
export async function saveMessageAudio(
  sql: SqlRunner,
  messageId: string,
  { audio, heard }: { audio: Uint8Array; heard: boolean },
): Promise<void> {
  await sql`
    INSERT INTO message_audio (message_id, audio, hear_at)
    VALUES (${messageId}, ${Buffer.from(audio)}, CASE WHEN ${heard} THEN NULL ELSE clock_timestamp() END)
    ON CONFLICT (message_id) DO NOTHING`;
}

/** Mu-law at 8 kHz; undefined when the client has no such message, or only its words. */
export async function findMessageAudio(
  sql: Sql,
  { id, clientId }: { id: string; clientId: string },
): Promise<Uint8Array | undefined> {
  const [row] = await idempotent(
    () => sql<{ audio: Uint8Array }[]>`
      SELECT a.audio FROM message_audio a JOIN messages m ON m.id = a.message_id
      WHERE m.id = ${id} AND m.client_id = ${clientId}`,
  );
  return row?.audio;
}

export interface UnheardMessage {
  readonly id: string;
  readonly clientId: string;
  readonly audio: Uint8Array;
  /** BCP 47 */
  readonly language: string;
  /** Of the business. */
  readonly name: string;
  readonly keyterms: readonly string[];
}

/** The next that is due, for this process alone until it would be tried again. */
export async function claimUnheardMessage(sql: Sql): Promise<UnheardMessage | undefined> {
  const [row] = await sql<UnheardMessage[]>`
    WITH due AS (
      SELECT message_id FROM message_audio WHERE hear_at <= clock_timestamp()
      ORDER BY hear_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE message_audio a SET attempts = a.attempts + 1,
      hear_at = CASE WHEN a.attempts + 1 < ${ATTEMPTS_MAX} THEN clock_timestamp()
        + make_interval(secs => least(3600, ${TRY_AGAIN_SECONDS} * 2 ^ least(a.attempts, 10))) END
    FROM due, messages m JOIN clients c ON c.id = m.client_id
    WHERE a.message_id = due.message_id AND m.id = a.message_id
    RETURNING m.id, m.client_id AS "clientId", a.audio, c.language, c.name, c.keyterms`;
  return row;
}

/** Puts the words into the message; '' leaves what it says. */
export async function saveMessageWords(sql: Sql, id: string, words: string): Promise<void> {
  await idempotent(() =>
    sql.begin(async (tx) => {
      await tx`UPDATE message_audio SET hear_at = NULL WHERE message_id = ${id}`;
      if (words !== '') await tx`UPDATE messages SET text = ${words} WHERE id = ${id}`;
    }),
  );
}
