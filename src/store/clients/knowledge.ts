// What a business lets its receptionist know: sections to edit, passages to search.

import { AppError } from '../../lib/errors.ts';
import type { Sql, Transaction } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

export interface SectionDetails {
  readonly title: string;
  readonly text: string;
  /** Shown from the lowest on. */
  readonly position: number;
}

export interface Section extends SectionDetails {
  readonly id: string;
  readonly clientId: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface Passage {
  readonly title: string;
  readonly text: string;
}

const SECTIONS_MAX = 100;
/** Of all sections of a client together: some hundred pages. */
const KNOWLEDGE_CHARACTERS_MAX = 300_000;

/** In the order in which they are shown. */
export async function listSections(sql: Sql, clientId: string): Promise<Section[]> {
  const rows = await idempotent(
    () => sql<Section[]>`
      SELECT ${columns(sql)} FROM knowledge WHERE client_id = ${clientId}
      ORDER BY position, id LIMIT ${SECTIONS_MAX}`,
  );
  return [...rows];
}

/** Throws `invalid` when there is too much already. `passages` is the text in pieces fit to be found. */
export async function insertSection(
  sql: Sql,
  section: SectionDetails & { readonly id: string; readonly clientId: string },
  passages: readonly string[],
): Promise<Section> {
  return idempotent(() =>
    sql.begin(async (tx) => {
      const [row] = await tx<Section[]>`
        INSERT INTO knowledge (id, client_id, title, text, position)
        VALUES (${section.id}, ${section.clientId}, ${section.title}, ${section.text}, ${section.position})
        ON CONFLICT (id) DO UPDATE SET updated_at = clock_timestamp() RETURNING ${columns(sql)}`;
      await writePassages(tx, row!, passages);
      return row!;
    }),
  );
}

/** Changes what is given; undefined when the client has no such section. */
export async function updateSection(
  sql: Sql,
  { id, clientId }: { id: string; clientId: string },
  change: Partial<SectionDetails>,
  passagesOf: (text: string) => readonly string[],
): Promise<Section | undefined> {
  const { title = null, text = null, position = null } = change;
  return idempotent(() =>
    sql.begin(async (tx) => {
      const [row] = await tx<Section[]>`
        UPDATE knowledge SET title = coalesce(${title}, title), text = coalesce(${text}, text),
          position = coalesce(${position}, position), updated_at = clock_timestamp()
        WHERE id = ${id} AND client_id = ${clientId} RETURNING ${columns(sql)}`;
      if (row) await writePassages(tx, row, passagesOf(row.text));
      return row;
    }),
  );
}

export async function deleteSection(
  sql: Sql,
  { id, clientId }: { id: string; clientId: string },
): Promise<boolean> {
  const rows = await idempotent(
    () => sql`DELETE FROM knowledge WHERE id = ${id} AND client_id = ${clientId} RETURNING 1`,
  );
  return rows.length > 0;
}

/** How many characters a client has, and all of it when it is no more than `most`: in one look, for a call. */
export async function readKnowledge(
  sql: Sql,
  clientId: string,
  most: number,
): Promise<{ readonly characters: number; readonly sections: readonly Passage[] }> {
  const rows = await sql<{ characters: number; title: string | null; text: string | null }[]>`
    WITH total AS (
      SELECT coalesce(sum(length(title) + length(text)), 0)::bigint AS characters FROM knowledge
      WHERE client_id = ${clientId}
    )
    SELECT total.characters, k.title, k.text
    FROM total LEFT JOIN knowledge k ON k.client_id = ${clientId} AND total.characters <= ${most}
    ORDER BY k.position, k.id`;
  const sections = rows.filter((row) => row.title !== null) as unknown as Passage[];
  return {
    characters: rows[0]?.characters ?? 0,
    sections: sections.map(({ title, text }) => ({ title, text })),
  };
}

/** The passages that have most to do with the words, best first. A word weighs more the fewer passages have it. */
export async function searchKnowledge(
  sql: Sql,
  { clientId, words, limit }: { clientId: string; words: string; limit: number },
): Promise<Passage[]> {
  const rows = await sql<Passage[]>`
    WITH asked AS (
      SELECT DISTINCT w.lexeme
      FROM clients c, unnest(to_tsvector(knowledge_config(c.language), ${words})) w WHERE c.id = ${clientId}
    ), hits AS (
      SELECT a.lexeme, p.knowledge_id, p.number
      FROM asked a JOIN knowledge_passages p
        ON p.client_id = ${clientId} AND p.words @@ plainto_tsquery('simple', a.lexeme)
    ), weights AS (
      SELECT lexeme, ln(1 + (SELECT count(*) FROM knowledge_passages WHERE client_id = ${clientId})::float8 / count(*))
        AS weight
      FROM hits GROUP BY lexeme
    ), best AS (
      SELECT knowledge_id, number, sum(weight) AS score FROM hits JOIN weights USING (lexeme)
      GROUP BY knowledge_id, number ORDER BY score DESC, knowledge_id, number LIMIT ${limit}
    )
    SELECT p.title, p.text FROM best JOIN knowledge_passages p USING (knowledge_id, number)
    ORDER BY best.score DESC, p.knowledge_id, p.number`;
  return [...rows];
}

/** The client's row is locked, so that two at once cannot pass the bounds together. */
async function writePassages(
  tx: Transaction,
  { id, clientId, title }: Section,
  passages: readonly string[],
): Promise<void> {
  await tx`SELECT 1 FROM clients WHERE id = ${clientId} FOR NO KEY UPDATE`;
  const [total] = await tx<[{ sections: number; characters: number }]>`
    SELECT count(*) AS sections, coalesce(sum(length(title) + length(text)), 0)::bigint AS characters
    FROM knowledge WHERE client_id = ${clientId}`;
  if (total.sections > SECTIONS_MAX || total.characters > KNOWLEDGE_CHARACTERS_MAX) {
    const text = `At most ${SECTIONS_MAX} sections with ${KNOWLEDGE_CHARACTERS_MAX} characters in all.`;
    throw new AppError('invalid', 'too much knowledge', { fields: { text: [text] } });
  }
  await tx`DELETE FROM knowledge_passages WHERE knowledge_id = ${id}`;
  await tx`
    INSERT INTO knowledge_passages (knowledge_id, number, client_id, title, text, words)
    SELECT ${id}, number, ${clientId}, ${title}, text, ''::tsvector
    FROM unnest(${[...passages]}::text[]) WITH ORDINALITY AS t (text, number)`;
}

function columns(sql: Sql) {
  return sql`id, client_id AS "clientId", title, text, position, created_at AS "createdAt", updated_at AS "updatedAt"`;
}
