// Where a page of a list ends and the next begins: by time and id, so that no page is slower than the first.

import type { Sql } from './sql.ts';

/** The last row of a page. */
export interface Keyset {
  /**
   * Of the column the list is ordered by, as the database writes it, with microseconds. To be given back as
   * `::text::timestamptz`: what the driver takes for a time it cuts to milliseconds, and rows are skipped.
   */
  readonly at: string;
  readonly id: string;
}

export interface PageQuery {
  readonly limit: number;
  readonly offset: number;
  readonly after?: Keyset | undefined;
}

/** Rows of a page, how many there are in all, and where the next page begins if there is one. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  /** As far as they were counted. */
  readonly total: number;
  /** How far: with as large a total there may be more. */
  readonly countedMax: number;
  readonly next: Keyset | undefined;
}

/** Nobody reads a number beyond, and counting costs. */
export const COUNTED_MAX = 10_000;

/** A column as `Keyset.at` has it. */
export function keyText(sql: Sql, column: ReturnType<Sql>) {
  return sql`to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

/** Of a statement. */
export type Piece = ReturnType<typeof keyText>;

/** A page from rows read with one more than asked for, each with its `key`. */
export function toPage<Row extends { readonly id: string; readonly key: string }>(
  rows: readonly Row[],
  total: number,
  limit: number,
  countedMax = COUNTED_MAX,
): Page<Omit<Row, 'key'>> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    rows: shown.map(withoutKey),
    total,
    countedMax,
    next: rows.length > limit && last ? { at: last.key, id: last.id } : undefined,
  };
}

function withoutKey<Row extends { readonly key: string }>(row: Row): Omit<Row, 'key'> {
  const { key: _key, ...rest } = row;
  return rest;
}
