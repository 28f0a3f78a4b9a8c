// The program itself in a process of its own, with an embedded database: for tests that kill it.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../../src/lib/clock.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { connectionUrl } from '../../../src/store/database/embedded/socket.ts';
import { openDatabase } from '../../../src/store/database/sql.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { checkout, runArguments } from '../database/database-server.ts';

const READY_WITHIN_MS = 60_000;

export interface ServerProcess {
  /** What it has written, both streams. */
  readonly output: string;
  /** Resolves with the exit code when it has ended; SIGKILL by default. */
  kill(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Resolves when `/ready` answers. Killed at the end of the test. `release`: the folder of another one than this. */
export async function startServerProcess(
  t: { after(act: () => Promise<void>): void },
  env: Readonly<Record<string, string>>,
  release = checkout,
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [...runArguments, path.join(release, 'src/main.ts')], {
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env },
    // Away from any .env of the checkout.
    cwd: env['DATA_DIR'],
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const kill = async (signal: NodeJS.Signals = 'SIGKILL') => {
    // By its number: whoever signals through the child's own `kill` is told under Deno that the signal ended it.
    if (child.exitCode === null && child.signalCode === null) process.kill(child.pid!, signal);
    return (await exited)[0];
  };
  t.after(async () => {
    await kill();
  });
  const untilMs = systemClock.elapsed() + READY_WITHIN_MS;
  while (!(await isReady(`http://127.0.0.1:${env['PORT']}/ready`))) {
    assert.equal(child.exitCode, null, `the server ended by itself:\n${output}`);
    assert.ok(systemClock.elapsed() < untilMs, `the server did not start:\n${output}`);
    await systemClock.sleep(50);
  }
  return {
    get output() {
      return output;
    },
    kill,
  };
}

/** A look into the embedded database of a running server, as its superuser. */
export async function withEmbedded<T>(dataDir: string, look: (sql: Sql) => Promise<T>): Promise<T> {
  const lines = readFileSync(path.join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n');
  const password = readFileSync(path.join(dataDir, 'postgres-password'), 'utf8').trim();
  const socketDir = lines[4]?.trim() || undefined;
  const connection = connectionUrl({ socketDir, port: Number(lines[3]) }, password);
  const database = openDatabase({ connection, clock: systemClock, log: quietLog });
  try {
    return await look(database.general);
  } finally {
    await database.close();
  }
}

async function isReady(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}
