// The embedded database: a real Postgres server in the data directory, owned by this process.

import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../../../lib/clock.ts';
import type { Log } from '../../../lib/log.ts';
import { findBinaries } from './binaries.ts';
import { reachableDataDir } from './home.ts';
import { lockDataDir } from './lock.ts';
import {
  createCluster,
  restartPostmaster,
  startPostmaster,
  stopLeftover,
  stopPostmaster,
} from './server.ts';
import type { Postmaster, ServerPlace } from './server.ts';
import { connectionUrl, openListening, removeSocketDir } from './socket.ts';
import type { Listening } from './socket.ts';
import { postgresUser } from './user.ts';

export interface EmbeddedOptions {
  readonly dataDir: string;
  /** Whether somebody chose the directory; one we chose ourselves may be moved to where Postgres can reach it. */
  readonly dataDirWasSet: boolean;
  readonly clock: Clock;
  readonly log: Log;
  /** Takes lines for the person who waits in front of a terminal. */
  readonly progress: (line: string) => void;
  /** Postgres settings that replace ours. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedServer {
  /** A Postgres URL as `openDatabase` takes it. It stays the same when the server had to be started again. */
  readonly connection: string;
  /** Where the data really is: `dataDir`, unless the postgres user could not reach it. */
  readonly dataDir: string;
  /** The server's process; another one after a restart. */
  readonly pid: number;
  /** Stops the server and lets go of the directory. Call it last: calls settle into this database. */
  stop(): Promise<void>;
}

/**
 * Starts the server in `dataDir`, creating it the first time, and again should it die. Throws `data_dir_in_use` (naming
 * the owner's pid) when another process has the directory, `config_invalid` when the operating system stands in the
 * way, `unavailable` when the server does not start.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const { clock, progress } = options;
  const user = postgresUser(path.join(options.dataDir, CLUSTER));
  const dataDir = reachableDataDir(options, user);
  const lock = await lockDataDir(dataDir, clock);
  let listening: Listening | undefined;
  try {
    const place: ServerPlace = {
      binaries: findBinaries(user, progress),
      user,
      cluster: path.join(dataDir, CLUSTER),
      logFile: path.join(dataDir, 'postgres.log'),
    };
    const leftSocketDir = await stopLeftover(place.cluster, clock);
    if (leftSocketDir) removeSocketDir(leftSocketDir);
    const password = ownPassword(dataDir);
    if (!existsSync(place.cluster)) {
      progress('Creating the database (only at the first start) ...');
      createCluster(place, password);
    }
    listening = await openListening(user);
    const postmaster = await startPostmaster(place, listening, clock, options.settings);
    return keep({ postmaster, place, listening, password, dataDir, lock, options });
  } catch (error) {
    if (listening?.socketDir) removeSocketDir(listening.socketDir);
    lock[Symbol.dispose]();
    throw error;
  }
}

const CLUSTER = 'postgres';

interface Parts {
  readonly postmaster: Postmaster;
  readonly place: ServerPlace;
  readonly listening: Listening;
  readonly password: string;
  readonly dataDir: string;
  readonly lock: Disposable;
  readonly options: EmbeddedOptions;
}

function keep({
  place,
  listening,
  password,
  dataDir,
  lock,
  options,
  ...parts
}: Parts): EmbeddedServer {
  const { clock, log } = options;
  const ending = new AbortController();
  let { postmaster } = parts;
  let stopped: Promise<void> | undefined;
  const watching = watch();
  log.info('embedded database started', { dataDir, pid: postmaster.pid });
  return {
    connection: connectionUrl(listening, password),
    dataDir,
    get pid() {
      return postmaster.pid;
    },
    stop: () => (stopped ??= stop()),
  };

  /** The server may be killed (for want of memory, say); calls live on what they were granted until it is back. */
  async function watch(): Promise<void> {
    while (!ending.signal.aborted) {
      await postmaster.exited;
      if (ending.signal.aborted) return;
      log.error('the embedded database died and is started again', { pid: postmaster.pid });
      const start = () => startPostmaster(place, listening, clock, options.settings);
      try {
        postmaster = await restartPostmaster(start, { clock, log, signal: ending.signal });
      } catch {
        // Only the end stops it from trying.
        return;
      }
    }
  }

  async function stop(): Promise<void> {
    ending.abort(new Error('the embedded database is stopping'));
    await stopPostmaster(postmaster.pid, clock);
    await watching;
    // A restart that was under way has brought up another one.
    await stopPostmaster(postmaster.pid, clock);
    if (listening.socketDir) removeSocketDir(listening.socketDir);
    lock[Symbol.dispose]();
    log.info('embedded database stopped', { dataDir });
  }
}

/** The superuser's password, made once. */
function ownPassword(dataDir: string): string {
  const file = path.join(dataDir, 'postgres-password');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const password = randomBytes(24).toString('base64url');
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  return password;
}
