// The process that keeps the shared test database: it ends, and the server with it, when nobody is left who asked for it.

import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import type { Socket } from 'node:net';
import path from 'node:path';
import { systemClock } from '../../../src/lib/clock.ts';
import { AppError } from '../../../src/lib/errors.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { startEmbedded } from '../../../src/store/database/embedded/embedded.ts';
import type { EmbeddedServer } from '../../../src/store/database/embedded/embedded.ts';
import { stopLeftover } from '../../../src/store/database/embedded/server.ts';
import { removeSocketDir } from '../../../src/store/database/embedded/socket.ts';
import { openMaintenance } from '../../../src/store/database/sql.ts';
import { KEEPER_IN_USE, checkout, keeperSocket } from './database-server.ts';

/** How long the server waits for the next test file. */
const LINGER_MS = 5000;

const folder = process.argv[2]!;

const server = await start();
try {
  sweepGoneCheckouts();
  await dropLeftClones();
} catch (error) {
  await server.stop();
  throw error;
}

const claims = new Set<Socket>();
const cleaning = new Set<Promise<void>>();
let end: Disposable | undefined;
if (process.platform !== 'win32') rmSync(keeperSocket(folder), { force: true });
const door = net.createServer(welcome);
door.listen(keeperSocket(folder));
restIfUnclaimed();
// The run's Ctrl-C and the like end the test files, and we follow them.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

function welcome(socket: Socket): void {
  claims.add(socket);
  end?.[Symbol.dispose]();
  let guarded = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    guarded += text;
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    claims.delete(socket);
    const cleaned = clean(guarded.split('\n').filter(Boolean)).finally(() =>
      cleaning.delete(cleaned),
    );
    cleaning.add(cleaned);
    restIfUnclaimed();
  });
  socket.write(`${server.connection}\n`);
}

function restIfUnclaimed(): void {
  if (claims.size === 0) end = systemClock.after(LINGER_MS, () => void stop());
}

async function stop(): Promise<void> {
  door.close();
  await Promise.allSettled(cleaning);
  await server.stop();
  process.exit(0);
}

/** Stops the servers that a test's process left in these folders, and removes them. */
async function clean(folders: readonly string[]): Promise<void> {
  for (const each of folders) {
    const socketDir = await stopLeftover(path.join(each, 'postgres'), systemClock);
    if (socketDir) removeSocketDir(socketDir);
    rmSync(each, { recursive: true, force: true });
  }
}

async function start(): Promise<EmbeddedServer> {
  try {
    return await startEmbedded({
      dataDir: folder,
      dataDirWasSet: true,
      clock: systemClock,
      log: quietLog,
      progress: () => {},
      // Speed for tests: what a power failure would take is made again.
      settings: { fsync: 'off', full_page_writes: 'off', max_connections: '300' },
    });
  } catch (error) {
    if (error instanceof AppError && error.code === 'data_dir_in_use') process.exit(KEEPER_IN_USE);
    throw error;
  }
}

/** Folders like ours whose checkout has been removed: nobody would ever use them again. */
function sweepGoneCheckouts(): void {
  writeFileSync(path.join(folder, 'checkout'), checkout);
  const parent = path.dirname(folder);
  for (const name of readdirSync(parent).filter((each) => each.startsWith('frontdesk-test-'))) {
    const note = path.join(parent, name, 'checkout');
    if (!existsSync(note) || existsSync(readFileSync(note, 'utf8'))) continue;
    rmSync(path.join(parent, name), { recursive: true, force: true });
  }
}

/** Databases of tests that were killed. */
async function dropLeftClones(): Promise<void> {
  const sql = openMaintenance({
    connection: server.connection,
    clock: systemClock,
    log: quietLog,
  });
  const left = await sql<{ name: string }[]>`
    SELECT datname AS name FROM pg_database WHERE datname LIKE 'frontdesk\\_test\\_%'
  `;
  for (const { name } of left) await sql.unsafe(`DROP DATABASE ${name} WITH (FORCE)`);
  await sql.end();
}
