// Changes that name some fields of a row: what they leave out stays as it is, also when somebody else changes it meanwhile.

import type { Sql, SqlRunner } from './sql.ts';
import { idempotent } from './store-error.ts';

/** What is left out, or undefined, stays as it is. */
export type Change<Row> = { readonly [Name in keyof Row]?: Row[Name] | undefined };

/** As the driver takes them for an INSERT or an UPDATE. */
export type Columns = Record<string, never>;

/** The fields that are given, by the names of their columns. */
export function namedColumns(fields: object): Columns {
  const columns: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    columns[name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)] = value;
  }
  return columns as Columns;
}

/** For the column of that name. */
export function changedNow(sql: SqlRunner): Columns {
  return { updated_at: sql`clock_timestamp()` as never };
}

type SettingsTable = 'line_settings' | 'review_settings' | 'caller_limits' | 'billing_accounts';

/** Changes a client's row of settings, which is made with the usual ones where there is none. */
export async function changeSettingsRow(
  sql: Sql,
  table: SettingsTable,
  clientId: string,
  columns: Columns,
): Promise<void> {
  // Not in one statement: the row it would insert has to keep the table's rules even where there is one already.
  await idempotent(
    () => sql`INSERT INTO ${sql(table)} (client_id) VALUES (${clientId}) ON CONFLICT DO NOTHING`,
  );
  await idempotent(
    () => sql`
      UPDATE ${sql(table)} SET ${sql({ ...columns, ...changedNow(sql) })} WHERE client_id = ${clientId}`,
  );
}
