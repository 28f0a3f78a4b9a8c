// Conversations in which words were said: found by the indexes, and read only where no index can tell.

import { COUNTED_MAX } from '../database/keyset.ts';
import type { Keyset, Piece } from '../database/keyset.ts';
import { lookUp } from './search-question.ts';
import type { Alternative, Lookup } from './search-question.ts';
import type { Sql } from '../database/sql.ts';

/**
 * How many matches are counted where each must be read to be sure, which takes a hundred times as long as to find it: of
 * phrases.
 */
export const READ_COUNTED_MAX = 1000;

export interface Search {
  /** Of a tsquery. */
  readonly query: string;
  readonly lookup: Lookup;
  /** Totals are counted up to here. */
  readonly countedMax: number;
}

/** Undefined for a text without words: it finds nothing. */
export async function readSearch(sql: Sql, words: string): Promise<Search | undefined> {
  const [row] = await sql<[{ query: string }]>`
    SELECT websearch_to_tsquery('simple', ${words})::text AS query`;
  const lookup = lookUp(row.query);
  if (!lookup) return undefined;
  return {
    query: row.query,
    lookup,
    countedMax: lookup.exact ? COUNTED_MAX : READ_COUNTED_MAX,
  };
}

/**
 * Queries for a WITH, of which the last, `matched`, has the `id` and `created_at` of all conversations that match. Who
 * wants them in order adds `newestFirst`.
 *
 * Where conversations must be read, `matched` reads no further than somebody asks it, for all who ask together, those
 * beyond `after` first: who sorts it, or joins it, has everything read. To read one costs a hundred times what the planner
 * believes. So it is not told what is looked for (what a subquery says it learns too late): if it knew that a word stands
 * nearly everywhere, it would read everything rather than use the index. And each is read by a query of its own, which
 * nothing can be made of.
 */
export function matched(sql: Sql, where: Piece, search: Search, after?: Keyset): Piece {
  const { lookup } = search;
  const beyond = after
    ? sql`(created_at, id) < (${after.at}::text::timestamptz, ${after.id}::uuid) DESC,`
    : sql``;
  const read = sql`
    SELECT id, created_at FROM (
      SELECT id, created_at, sure FROM candidates ORDER BY ${beyond} created_at DESC, id DESC OFFSET 0
    ) each WHERE sure OR ${says(sql, search)}`;
  return sql`${found(sql, where, lookup)}, matched AS MATERIALIZED (
      ${lookup.exact ? sql`SELECT id, created_at FROM candidates` : read}
    )`;
}

/** For what is selected from `matched`, which has its order already where conversations are read. */
export function newestFirst(sql: Sql, { lookup }: Search): Piece {
  return lookup.exact ? sql`ORDER BY created_at DESC, id DESC` : sql``;
}

/** Whether `each`, a row with an `id`, matches: it is read. */
export function says(sql: Sql, { query }: Search): Piece {
  return sql`(SELECT said.search @@ (SELECT ${query}::tsquery) FROM conversations said WHERE said.id = each.id)`;
}

/**
 * `candidates` are all matches, and others that are not `sure` to match. Sets are combined as sets: of a join the planner,
 * who does not know how many there are, would make loops within loops.
 */
function found(sql: Sql, where: Piece, { alternatives }: Lookup): Piece {
  const [first, ...others] = alternatives.map((each) => marked(sql, where, each));
  if (others.length === 0) return sql`candidates AS (${first!})`;
  return sql`candidates AS (
      SELECT id, created_at, bool_or(sure) AS sure
      FROM (${first!} ${others.map((each) => sql`UNION ALL ${each}`)}) found GROUP BY id, created_at
    )`;
}

function marked(sql: Sql, where: Piece, alternative: Alternative): Piece {
  const { words, pairs, without, sure, doubtful } = alternative;
  const parts = [
    ...(words === undefined ? [] : [byWords(sql, where, words)]),
    ...(pairs === undefined ? [] : [byPairs(sql, where, pairs)]),
  ];
  const [
    first = sql`SELECT id, created_at FROM conversations WHERE ${where} AND search IS NOT NULL`,
    other,
  ] = parts;
  const set = sql`
    ${first} ${other ? sql`INTERSECT ${other}` : sql``}
    ${without === undefined ? sql`` : sql`EXCEPT ${byWords(sql, where, without)}`}`;
  const all = sql`SELECT id, created_at, ${sure ? sql`true` : sql`false`} AS sure FROM (${set}) each`;
  if (!sure || doubtful.length === 0) return all;
  const doubts = doubtful.map(
    (each) =>
      sql`UNION ALL SELECT id, created_at, false FROM (${byPairs(sql, where, each)}) doubtful`,
  );
  return sql`
    SELECT id, created_at, bool_and(sure) AS sure FROM (${all} ${doubts}) marked
    GROUP BY id, created_at HAVING bool_or(sure)`;
}

function byPairs(sql: Sql, where: Piece, words: string): Piece {
  return sql`
    SELECT id, created_at FROM conversations
    WHERE ${where} AND search IS NOT NULL AND word_pairs(search) @> (SELECT word_pairs(${words}::tsvector))`;
}

/** By the index of words, and never by another with a look at each: see the function that is not called. */
function byWords(sql: Sql, where: Piece, query: string): Piece {
  return sql`
    SELECT id, created_at FROM conversations
    WHERE ${where} AND search @@ (SELECT ${query}::tsquery)
      AND CASE WHEN search IS NULL THEN read_one_by_one(search) ELSE true END`;
}
