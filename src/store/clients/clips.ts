// Stored speech: greetings and fillers, kept by a hash of all that makes them sound as they do.

import type { Sql } from '../database/sql.ts';

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
