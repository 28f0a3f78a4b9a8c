// Where the embedded server listens: a private Unix socket with a short path, or a loopback port on Windows.

import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AppError } from '../../../lib/errors.ts';
import { blockingFolder } from './user.ts';
import type { OsUser } from './user.ts';

export interface Listening {
  /** The folder of the socket; undefined for the loopback interface. */
  readonly socketDir: string | undefined;
  readonly port: number;
}

/** A socket's path has at most 107 bytes on Linux and 103 on macOS. */
const SOCKET_PATH_MAX = 103;
const SOCKET_PORT = 5432;
/** The superuser of the embedded server, and the database that every cluster has. */
export const SUPERUSER = 'frontdesk';
const DATABASE = 'postgres';

/** A new place to listen on, for `user` (ourselves if undefined) alone. */
export async function openListening(user: OsUser | undefined): Promise<Listening> {
  if (process.platform === 'win32') return { socketDir: undefined, port: await freePort() };
  const parent = [tmpdir(), '/tmp', '/var/tmp'].find(
    (folder) => existsSync(folder) && isShort(folder) && !(user && blockingFolder(folder, user)),
  );
  if (!parent) {
    throw new AppError('config_invalid', 'no temporary folder can hold the socket of the database');
  }
  const socketDir = mkdtempSync(path.join(parent, 'frontdesk-'));
  chmodSync(socketDir, 0o700);
  if (user) chownSync(socketDir, user.uid, user.gid);
  return { socketDir, port: SOCKET_PORT };
}

function isShort(parent: string): boolean {
  const socket = path.join(parent, 'frontdesk-XXXXXX', `.s.PGSQL.${SOCKET_PORT}`);
  return Buffer.byteLength(socket) <= SOCKET_PATH_MAX;
}

/** Removes a socket's folder, if it looks like one of ours: after a crash its name comes from a file. */
export function removeSocketDir(folder: string): void {
  if (!/^frontdesk-\w{6}$/.test(path.basename(folder))) return;
  rmSync(folder, { recursive: true, force: true });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}

/** The URL of the superuser's database. */
export function connectionUrl({ socketDir, port }: Listening, password: string): string {
  const login = `postgres://${SUPERUSER}:${password}`;
  if (socketDir === undefined) return `${login}@127.0.0.1:${port}/${DATABASE}`;
  // A URL with a user needs a host; the parameter takes its place, as in libpq.
  return `${login}@localhost/${DATABASE}?host=${encodeURIComponent(socketDir)}&port=${port}`;
}
