// A database of its own for each test file: a clone of a template that has the migrations, on a server the run shares.

import { createHash, randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../../src/lib/clock.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { withDatabase } from '../../../src/store/database/connection.ts';
import { migrate, readMigrations } from '../../../src/store/database/migrate.ts';
import { openDatabase, openMaintenance } from '../../../src/store/database/sql.ts';
import type { Database, Sql } from '../../../src/store/database/sql.ts';
import { sharedServer } from './database-server.ts';

/** The project's migrations. */
export const sqlDirectory = fileURLToPath(new URL('../../../sql', import.meta.url));

export interface TestDatabase {
  /** A Postgres URL, for `openDatabase` and as the `DATABASE_URL` of a process that a test starts. */
  readonly connection: string;
  /** The same as `connection`. */
  readonly url: string;
  readonly database: Database;
  /** Closes the pools and drops the database. */
  close(): Promise<void>;
}

/** A name that nobody else locks while the template is made. */
const TEMPLATE_LOCK = 7_462_002;

/**
 * A fresh database with all migrations. With a test's context it is closed when that test ends; otherwise call
 * `close`, in an `after` hook of the file. Uses the server of `DATABASE_URL` where that is set.
 */
export async function testDatabase(t?: {
  after(act: () => Promise<void>): void;
}): Promise<TestDatabase> {
  const server = process.env['DATABASE_URL'] ?? (await sharedServer());
  const name = `frontdesk_test_${randomBytes(6).toString('hex')}`;
  await asMaintenance(server, async (sql) => {
    const template = await templateDatabase(server, sql);
    await sql.unsafe(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
  });
  const connection = withDatabase(server, name);
  const database = openDatabase({ connection, clock: systemClock, log: quietLog });
  let closed: Promise<void> | undefined;
  const close = () => (closed ??= drop());
  t?.after(close);
  return { connection, url: connection, database, close };

  async function drop(): Promise<void> {
    await database.close();
    await asMaintenance(server, async (sql) => {
      await sql.unsafe(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    });
  }
}

/** An empty database, for tests of the migrations themselves. */
export async function emptyDatabase(t: { after(act: () => Promise<void>): void }): Promise<string> {
  const server = process.env['DATABASE_URL'] ?? (await sharedServer());
  const name = `frontdesk_test_${randomBytes(6).toString('hex')}`;
  await asMaintenance(server, async (sql) => {
    await sql.unsafe(`CREATE DATABASE ${name} TEMPLATE template0`);
  });
  t.after(() =>
    asMaintenance(server, async (sql) => {
      await sql.unsafe(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    }),
  );
  return withDatabase(server, name);
}

async function asMaintenance(connection: string, act: (sql: Sql) => Promise<void>): Promise<void> {
  const sql = openMaintenance({ connection, clock: systemClock, log: quietLog });
  try {
    await act(sql);
  } finally {
    await sql.end();
  }
}

/** The name of the template for the migrations as they are now, made if it is not there. */
async function templateDatabase(server: string, sql: Sql): Promise<string> {
  const hash = createHash('sha256');
  for (const { name, text } of await readMigrations(sqlDirectory))
    hash.update(`${name}\0${text}\0`);
  const template = `frontdesk_template_${hash.digest('hex').slice(0, 12)}`;
  await sql`SELECT pg_advisory_lock(${TEMPLATE_LOCK})`;
  const [existing] = await sql`SELECT 1 FROM pg_database WHERE datname = ${template}`;
  if (!existing) {
    const unfinished = `${template}_new`;
    await sql.unsafe(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
    await sql.unsafe(`CREATE DATABASE ${unfinished} TEMPLATE template0`);
    await migrate({
      connection: withDatabase(server, unfinished),
      clock: systemClock,
      log: quietLog,
      directory: sqlDirectory,
    });
    await sql.unsafe(`ALTER DATABASE ${unfinished} RENAME TO ${template}`);
  }
  await sql`SELECT pg_advisory_unlock(${TEMPLATE_LOCK})`;
  return template;
}

/** The database at `connection`, or a fresh one where none is given; closed with the stack. */
export async function openTestDatabase(
  stack: AsyncDisposableStack,
  connection: string | undefined,
): Promise<{ readonly connection: string; readonly database: Database }> {
  if (connection === undefined) {
    const test = await testDatabase();
    stack.defer(() => test.close());
    return test;
  }
  const database = openDatabase({ connection, clock: systemClock, log: quietLog });
  stack.defer(() => database.close());
  return { connection, database };
}
