// Migrations: in order, once, whole or not at all, by several processes at once, never backward.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { systemClock } from '../../../src/lib/clock.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { migrate, readMigrations } from '../../../src/store/database/migrate.ts';
import { openDatabase } from '../../../src/store/database/sql.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { emptyDatabase } from '../../support/database/database.ts';

const parts = { clock: systemClock, log: quietLog };
const first = { '0001_notes.sql': 'CREATE TABLE notes (number int);' };
const second = {
  '0002_more.sql': 'ALTER TABLE notes ADD more text; INSERT INTO notes VALUES (1);',
};

test('new migrations are applied in order, each once, and the dump beside them is not one', async (t) => {
  const { connection, sql } = await scene(t);
  const directory = await folder(t, { ...first, 'schema.sql': 'nonsense' });
  await migrate({ ...parts, connection, directory });
  await writeFile(path.join(directory, '0002_more.sql'), second['0002_more.sql']);
  await migrate({ ...parts, connection, directory });
  await migrate({ ...parts, connection, directory });
  assert.deepEqual(
    [...(await sql`SELECT number, name FROM migrations ORDER BY number`)],
    [
      { number: 1, name: '0001_notes.sql' },
      { number: 2, name: '0002_more.sql' },
    ],
  );
  assert.equal((await sql`SELECT * FROM notes`).length, 1);
});

test('processes that start together apply each migration once', async (t) => {
  const { connection, sql } = await scene(t);
  const directory = await folder(t, { ...first, ...second });
  await Promise.all(Array.from({ length: 6 }, () => migrate({ ...parts, connection, directory })));
  assert.equal((await sql`SELECT * FROM notes`).length, 1);
});

test('a migration that fails leaves nothing of itself, and those before it stand', async (t) => {
  const { connection, sql } = await scene(t);
  const broken = { '0002_more.sql': 'INSERT INTO notes VALUES (1); SELECT 1 / 0;' };
  const directory = await folder(t, { ...first, ...broken });
  await assert.rejects(migrate({ ...parts, connection, directory }), /0002_more\.sql failed/);
  assert.equal((await sql`SELECT * FROM notes`).length, 0);
  assert.equal((await sql`SELECT * FROM migrations`).length, 1);
});

test('a database that is newer than the program is refused with both names', async (t) => {
  const { connection } = await scene(t);
  await migrate({ ...parts, connection, directory: await folder(t, { ...first, ...second }) });
  const older = await folder(t, first);
  await assert.rejects(migrate({ ...parts, connection, directory: older }), {
    code: 'config_invalid',
    message: /0002_more\.sql.*0001_notes\.sql/,
  });
});

test('a gap or a number used twice is refused', async (t) => {
  const gap = await folder(t, { ...first, '0003_late.sql': '' });
  await assert.rejects(readMigrations(gap), { code: 'config_invalid', message: /0003_late/ });
  const twice = await folder(t, { ...first, '0001_other.sql': '' });
  await assert.rejects(readMigrations(twice), { code: 'config_invalid', message: /0001_other/ });
});

async function scene(t: TestContext): Promise<{ connection: string; sql: Sql }> {
  const connection = await emptyDatabase(t);
  const database = openDatabase({ ...parts, connection });
  t.after(() => database.close());
  return { connection, sql: database.general };
}

async function folder(t: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'frontdesk-sql-'));
  t.after(() => rm(directory, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await writeFile(path.join(directory, name), text);
  }
  return directory;
}
