// Stored speech: greetings and fillers, kept by a hash of all that makes them sound as they do.

import type { Sql } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

/** Deleted by one statement. */
const AT_ONCE = 500;

export interface StoredClip {
  readonly text: string;
  /** Mu-law, 8 kHz. */
  readonly audio: Uint8Array;
  readonly words: readonly { text: string; startMs: number; endMs: number }[];
}

export async function findClips(
  sql: Sql,
  keys: readonly string[],
): Promise<Map<string, StoredClip>> {
  const rows = await sql<({ key: string } & StoredClip)[]>`
    SELECT key, text, audio, words FROM clips WHERE key = ANY (${[...keys]})`;
  return new Map(rows.map(({ key, ...clip }) => [key, clip]));
}

/** The first one stored under a key stays. */
export async function saveClip(sql: Sql, key: string, clip: StoredClip): Promise<void> {
  const words = clip.words.map((word) => ({ ...word }));
  await sql`
    INSERT INTO clips (key, text, audio, words)
    VALUES (${key}, ${clip.text}, ${Buffer.from(clip.audio)}, ${sql.json(words)})
    ON CONFLICT DO NOTHING`;
}

/** Which of them are stored; they are in use now. One that is being deleted is either kept by this or not among them. */
export async function useClips(sql: Sql, keys: readonly string[]): Promise<Set<string>> {
  const rows = await idempotent(
    () => sql<{ key: string }[]>`
      WITH held AS (SELECT key FROM clips WHERE key = ANY (${[...keys]}) ORDER BY key FOR NO KEY UPDATE)
      UPDATE clips c SET used_at = clock_timestamp() FROM held WHERE c.key = held.key RETURNING c.key`,
  );
  return new Set(rows.map(({ key }) => key));
}

/** Forgets clips that nobody has used for so long, but for those that somebody takes up now; how many they were. */
export async function deleteUnusedClips(sql: Sql, days: number): Promise<number> {
  let deleted = 0;
  for (;;) {
    const rows = await sql`
      DELETE FROM clips WHERE key = ANY (ARRAY(
        SELECT key FROM clips WHERE used_at < clock_timestamp() - make_interval(days => ${days})
        LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED)) RETURNING 1`;
    deleted += rows.length;
    if (rows.length < AT_ONCE) return deleted;
  }
}
