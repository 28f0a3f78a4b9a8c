// A Postgres server of a test's own, to stop, pause and kill.

import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../../src/lib/clock.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { findBinaries } from '../../../src/store/database/embedded/binaries.ts';
import {
  childrenOf,
  createCluster,
  restartPostmaster,
  signalIfAlive,
  startPostmaster,
  stopPostmaster,
} from '../../../src/store/database/embedded/server.ts';
import type { ServerPlace } from '../../../src/store/database/embedded/server.ts';
import {
  connectionUrl,
  openListening,
  removeSocketDir,
} from '../../../src/store/database/embedded/socket.ts';
import { postgresUser } from '../../../src/store/database/embedded/user.ts';
import { migrate } from '../../../src/store/database/migrate.ts';
import { guardFolder } from './database-server.ts';
import { sqlDirectory } from './database.ts';

export interface TestServer {
  /** A Postgres URL; the same before and after a restart. */
  readonly connection: string;
  /** The server's process, another one after `start`. */
  readonly pid: number;
  /** Sends a signal: SIGSTOP and SIGCONT to pause it with all its connections, SIGKILL to crash it, SIGINT to stop it. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Starts it again after it ended. */
  start(): Promise<void>;
}

interface Context {
  after(act: () => Promise<void>): void;
}

/** Stops and removes the server at the end of the test `t`. Its database has the migrations unless `empty`. */
export async function testServer(t: Context, { empty = false } = {}): Promise<TestServer> {
  const folder = tempFolder('frontdesk-server-');
  await guardFolder(folder);
  const clock = systemClock;
  const cluster = path.join(folder, 'postgres');
  const user = postgresUser(cluster);
  const binaries = findBinaries(user, () => {});
  const place: ServerPlace = { binaries, user, cluster, logFile: path.join(folder, 'log') };
  createCluster(place, 'test');
  const listening = await openListening(user);
  const begin = () => startPostmaster(place, listening, clock, { fsync: 'off' });
  let postmaster = await begin();
  const connection = connectionUrl(listening, 'test');
  t.after(async () => {
    await stopPostmaster(postmaster.pid, clock);
    if (listening.socketDir) removeSocketDir(listening.socketDir);
    rmSync(folder, { recursive: true, force: true });
  });
  if (!empty) await migrate({ connection, clock, log: quietLog, directory: sqlDirectory });
  return {
    connection,
    get pid() {
      return postmaster.pid;
    },
    async kill(signal) {
      if (signal === 'SIGSTOP' || signal === 'SIGCONT' || signal === 'SIGKILL') {
        toAll(postmaster.pid, signal);
      } else {
        toAll(postmaster.pid, 'SIGCONT');
        process.kill(postmaster.pid, signal);
      }
      if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await postmaster.exited;
    },
    async start() {
      const { signal } = new AbortController();
      postmaster = await restartPostmaster(begin, { clock, log: quietLog, signal });
    },
  };
}

/** A new folder that the postgres user can reach, which temporary folders of root often are not. */
export function tempFolder(prefix: string): string {
  const parent = process.getuid?.() === 0 ? '/var/tmp' : tmpdir();
  const folder = mkdtempSync(path.join(realpathSync(parent), prefix));
  chmodSync(folder, 0o711);
  return folder;
}

/** To the server and its backends. */
function toAll(pid: number, signal: NodeJS.Signals): void {
  for (const each of [pid, ...childrenOf(pid)]) signalIfAlive(each, signal);
}
