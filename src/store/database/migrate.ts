// Applies sql/*.sql in order, forward only, each in a transaction that first claims its number.

import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../lib/errors.ts';
import { storeError } from './store-error.ts';
import { openMaintenance } from './sql.ts';
import type { DatabaseOptions, Sql } from './sql.ts';

export interface Migration {
  readonly number: number;
  /** The file's name, `0001_core.sql`. */
  readonly name: string;
  readonly text: string;
}

/** Any number that nobody else locks: several processes that start at once take turns. */
const LOCK = 7_462_001;

/**
 * Brings the database to the newest migration in `directory`, over a connection of its own that has time for it.
 * Several processes may do it at once. Throws `config_invalid` when the database is newer than the directory.
 */
export async function migrate(options: DatabaseOptions & { directory: string }): Promise<void> {
  const migrations = await readMigrations(options.directory);
  const sql = openMaintenance(options);
  try {
    const done = await appliedNumbers(sql, migrations.at(-1));
    for (const migration of migrations) {
      if (done.has(migration.number)) continue;
      const applied = await apply(sql, migration);
      if (applied) options.log.info('migration applied', { migration: migration.name });
    }
  } catch (error) {
    throw storeError(error);
  } finally {
    await sql.end();
  }
}

async function appliedNumbers(sql: Sql, newest: Migration | undefined): Promise<Set<number>> {
  await sql.begin(async (tx) => {
    // IF NOT EXISTS alone can lose a race against itself.
    await tx`SELECT pg_advisory_xact_lock(${LOCK})`;
    await tx`
      CREATE TABLE IF NOT EXISTS migrations (
        number int PRIMARY KEY,
        name text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
      )
    `;
  });
  const rows = await sql<{ number: number; name: string }[]>`
    SELECT number, name FROM migrations ORDER BY number
  `;
  const unknown = rows.find((row) => row.number > (newest?.number ?? 0));
  if (unknown) {
    throw new AppError(
      'config_invalid',
      `the database is newer than this program: it has ${unknown.name}, and the newest known here is ${newest?.name ?? 'none'}; start a newer version`,
    );
  }
  return new Set(rows.map((row) => row.number));
}

/** False when another process was first. */
async function apply(sql: Sql, migration: Migration): Promise<boolean> {
  try {
    return await sql.begin(async (tx) => {
      await tx`SELECT pg_advisory_xact_lock(${LOCK})`;
      const { count } = await tx`
        INSERT INTO migrations (number, name) VALUES (${migration.number}, ${migration.name})
        ON CONFLICT (number) DO NOTHING
      `;
      if (count === 0) return false;
      await tx.unsafe(migration.text);
      return true;
    });
  } catch (cause) {
    throw new AppError('internal', `migration ${migration.name} failed`, { cause });
  }
}

/** The migrations of a directory in order. Throws `config_invalid` for a gap or a number used twice. */
export async function readMigrations(directory: string): Promise<Migration[]> {
  const names = (await readdir(directory))
    .filter((name) => /^\d{4}_.*\.sql$/.test(name))
    .toSorted();
  const migrations: Migration[] = [];
  for (const name of names) {
    const number = Number(name.slice(0, 4));
    if (number !== migrations.length + 1) {
      throw new AppError('config_invalid', `migration ${name} is out of order in ${directory}`);
    }
    migrations.push({ number, name, text: await readFile(path.join(directory, name), 'utf8') });
  }
  return migrations;
}
