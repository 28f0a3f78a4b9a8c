// What an administrator has set while the system runs, and who changed what when.

import { COUNTED_MAX, keyText } from '../database/keyset.ts';
import type { Page, PageQuery } from '../database/keyset.ts';
import type { Sql } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

export type SettingsScope = 'system' | 'bot';
type Json = string | number | boolean | null | readonly string[];

/** What differs from the defaults. */
export async function readSettings(
  sql: Sql,
  scope: SettingsScope,
): Promise<Readonly<Record<string, unknown>>> {
  const rows = await idempotent(
    () => sql<{ key: string; value: unknown }[]>`
      SELECT key, value FROM settings WHERE scope = ${scope}`,
  );
  return Object.fromEntries(rows.map(({ key, value }) => [key, value]));
}

export interface SettingsChange {
  readonly scope: SettingsScope;
  /** Values that are already so change nothing. */
  readonly values: Readonly<Record<string, Json>>;
  readonly by: { readonly id: string; readonly name: string };
}

/** Sets the values, each change with its line of history. One change at a time. */
export async function changeSettings(sql: Sql, change: SettingsChange): Promise<void> {
  const { scope, values, by } = change;
  await sql.begin(async (tx) => {
    await tx`LOCK TABLE settings IN SHARE ROW EXCLUSIVE MODE`;
    for (const [key, value] of Object.entries(values)) {
      const after = JSON.stringify(value);
      await tx`
        WITH before AS (
          SELECT value FROM settings WHERE scope = ${scope} AND key = ${key}
        ), changed AS (
          INSERT INTO settings (scope, key, value) VALUES (${scope}, ${key}, ${after}::text::jsonb)
          ON CONFLICT (scope, key) DO UPDATE SET value = excluded.value, updated_at = clock_timestamp()
            WHERE settings.value <> excluded.value
          RETURNING 1
        )
        INSERT INTO settings_history (scope, key, before, after, changed_by, changed_by_name)
        SELECT ${scope}, ${key}, (SELECT value FROM before), ${after}::text::jsonb, ${by.id}, ${by.name} FROM changed`;
    }
  });
}

export interface ChangedSetting {
  readonly id: string;
  readonly key: string;
  /** Null where it was the default. */
  readonly before: unknown;
  readonly after: unknown;
  /** Null when the user is gone. */
  readonly changedBy: string | null;
  readonly changedByName: string;
  readonly changedAt: Date;
}

/** Newest first. */
export async function listSettingsHistory(
  sql: Sql,
  scope: SettingsScope,
  { limit, offset, after }: PageQuery,
): Promise<Page<ChangedSetting>> {
  const older = after ? sql`AND id < ${after.id}::bigint` : sql``;
  const rows = await idempotent(
    () => sql<(ChangedSetting & { at: string })[]>`
      SELECT id::text AS id, key, before, after, changed_by AS "changedBy",
        changed_by_name AS "changedByName", changed_at AS "changedAt",
        ${keyText(sql, sql`changed_at`)} AS at
      FROM settings_history WHERE scope = ${scope} ${older}
      ORDER BY id DESC LIMIT ${limit + 1} OFFSET ${offset}`,
  );
  const [counted] = await idempotent(
    () => sql<{ total: number }[]>`
      SELECT count(*)::int AS total FROM (
        SELECT 1 FROM settings_history WHERE scope = ${scope} LIMIT ${COUNTED_MAX}) counted`,
  );
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    rows: shown.map(({ at: _at, ...row }) => row),
    total: counted?.total ?? 0,
    countedMax: COUNTED_MAX,
    next: rows.length > limit && last ? { at: last.at, id: last.id } : undefined,
  };
}
