// The embedded database: a real Postgres server in the data directory, owned by this process.

import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Clock } from '../lib/clock.ts';
import { AppError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { findBinaries } from './embedded-binaries.ts';
import { lockDataDir } from './embedded-lock.ts';
import {
  createCluster,
  openSocketDir,
  startPostmaster,
  stopLeftover,
  stopPostmaster,
} from './embedded-server.ts';
import type { Listening, Postmaster, ServerPlace } from './embedded-server.ts';
import { blockingFolder, postgresUser } from './embedded-user.ts';
import type { OsUser } from './embedded-user.ts';

export interface EmbeddedOptions {
  readonly dataDir: string;
  /** Whether somebody chose the directory; one we chose ourselves may be moved to where Postgres can reach it. */
  readonly dataDirWasSet: boolean;
  readonly clock: Clock;
  readonly log: Log;
  /** Lines for the person who waits in front of a terminal. */
  readonly progress: (line: string) => void;
  /** Postgres settings that replace ours. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedServer {
  /** A Postgres URL as `openDatabase` takes it. */
  readonly connection: string;
  /** Where the data really is: `dataDir`, unless the postgres user could not reach it. */
  readonly dataDir: string;
  /** The server's process, which changes when it had to be started again. */
  readonly pid: number;
  /** Stops the server and lets go of the directory. Call it last: calls settle into this database. */
  stop(): Promise<void>;
}

const HOME_FOR_ROOT = '/var/lib/frontdesk';
/** A socket's path has at most 107 bytes on Linux, 103 on macOS. */
const SOCKET_PATH_MAX = 103;
const SOCKET_PORT = 5432;
const DATABASE = 'postgres';

/**
 * Starts the server in `dataDir`, creating it the first time. Throws `data_dir_in_use` (naming the owner's pid) when
 * another process has it, `config_invalid` when the operating system stands in the way, `unavailable` when the server
 * does not start.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const { clock, log, progress } = options;
  const user = postgresUser();
  const dataDir = reachableDataDir(options, user);
  const lock = await lockDataDir(dataDir, clock);
  try {
    const place: ServerPlace = {
      binaries: findBinaries(user),
      user,
      cluster: path.join(dataDir, 'postgres'),
      logFile: path.join(dataDir, 'postgres.log'),
    };
    const leftSocketDir = await stopLeftover(place.cluster, clock);
    if (leftSocketDir) removeSocketDir(leftSocketDir);
    const password = ownPassword(dataDir);
    if (!existsSync(place.cluster)) {
      progress('Creating the database (first start only) ...');
      createCluster(place, password);
    }
    const listening = await chooseListening(user);
    const postmaster = await startPostmaster(place, listening, clock, options.settings);
    log.info('embedded database started', { dataDir, pid: postmaster.pid });
    return running({ postmaster, place, listening, password, dataDir, lock, options });
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
}

interface Parts {
  readonly postmaster: Postmaster;
  readonly place: ServerPlace;
  readonly listening: Listening;
  readonly password: string;
  readonly dataDir: string;
  readonly lock: Disposable;
  readonly options: EmbeddedOptions;
}

function running(parts: Parts): EmbeddedServer {
  const { listening, password, dataDir, lock, options } = parts;
  let { postmaster } = parts;
  let stopped: Promise<void> | undefined;
  return {
    connection: connectionUrl(listening, password),
    dataDir,
    get pid() {
      return postmaster.pid;
    },
    stop: () => (stopped ??= stop()),
  };

  async function stop(): Promise<void> {
    await stopPostmaster(postmaster.pid, options.clock);
    if (listening.socketDir) removeSocketDir(listening.socketDir);
    lock[Symbol.dispose]();
    options.log.info('embedded database stopped', { dataDir });
  }
}

/** The directory, made if absent, where `user` can work; a place of root's own where it cannot. */
function reachableDataDir(
  { dataDir, dataDirWasSet, progress }: EmbeddedOptions,
  user: OsUser | undefined,
): string {
  const wanted = path.resolve(dataDir);
  if (!user) {
    mkdirSync(wanted, { recursive: true, mode: 0o700 });
    return realpathSync(wanted);
  }
  const block = blockingFolder(wanted, user);
  if (!block) {
    // Passable, not readable: the postgres user must come through to its own folder.
    mkdirSync(wanted, { recursive: true, mode: 0o711 });
    return realpathSync(wanted);
  }
  if (dataDirWasSet) {
    throw new AppError(
      'config_invalid',
      `Postgres does not run as root, and the user postgres cannot reach DATA_DIR ${wanted}: the folder ${block} is closed to it; open it (chmod o+x) or choose another DATA_DIR`,
    );
  }
  const hash = createHash('sha256').update(wanted).digest('hex').slice(0, 16);
  const home = path.join(HOME_FOR_ROOT, hash);
  mkdirSync(home, { recursive: true, mode: 0o711 });
  for (const folder of [HOME_FOR_ROOT, home]) chmodSync(folder, 0o711);
  progress(`The data is in ${home}: the user postgres cannot pass ${block}.`);
  return home;
}

/** The superuser's password, made once. */
function ownPassword(dataDir: string): string {
  const file = path.join(dataDir, 'postgres-password');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const password = randomBytes(24).toString('base64url');
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  return password;
}

async function chooseListening(user: OsUser | undefined): Promise<Listening> {
  if (process.platform === 'win32') return { socketDir: undefined, port: await freePort() };
  const parent = [tmpdir(), '/tmp', '/var/tmp'].find((folder) => {
    const socket = path.join(folder, 'frontdesk-XXXXXX', `.s.PGSQL.${SOCKET_PORT}`);
    return (
      existsSync(folder) &&
      Buffer.byteLength(socket) <= SOCKET_PATH_MAX &&
      !(user && blockingFolder(folder, user))
    );
  });
  if (!parent) throw new AppError('config_invalid', 'no temporary folder for the database socket');
  const socketDir = mkdtempSync(path.join(parent, 'frontdesk-'));
  openSocketDir(socketDir, user);
  return { socketDir, port: SOCKET_PORT };
}

/** Only a folder that we made: the name comes from a file. */
function removeSocketDir(folder: string): void {
  if (/^frontdesk-\w{6}$/.test(path.basename(folder))) {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function connectionUrl({ socketDir, port }: Listening, password: string): string {
  if (socketDir === undefined)
    return `postgres://frontdesk:${password}@127.0.0.1:${port}/${DATABASE}`;
  // A URL with a user needs a host; the parameter takes its place, as in libpq.
  const url = `postgres://frontdesk:${password}@localhost/${DATABASE}`;
  return `${url}?host=${encodeURIComponent(socketDir)}&port=${port}`;
}
