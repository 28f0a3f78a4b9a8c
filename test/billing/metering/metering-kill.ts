// Kills metering processes without warning, and checks what they left.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { meterTimers } from '../../../src/billing/metering/meter-timers.ts';
import { reapAll } from '../../../src/billing/metering/reaper.ts';
import { billableSeconds } from '../../../src/billing/metering/settlement.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { quietLog } from '../../../src/lib/log.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { runArguments } from '../../support/database/database-server.ts';
import { testDatabase } from '../../support/database/database.ts';
import { booksOf, clientWithCredit, journalFolder, leasesOf } from './meter-fixture.ts';

const program = fileURLToPath(new URL('./metering-process.ts', import.meta.url));
const CHANGE_WITHIN_MS = 10_000;
/** Long enough for the next calls to be let in, beaten and settled. */
const KILL_AFTER_MS_MAX = 100;

export interface KillableProcess {
  /** What it has written. */
  readonly lines: readonly string[];
  /** Resolves when it has written a line that fits; rejects when it does not come or the process ends. */
  wrote(what: RegExp): Promise<void>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
}

export function startProcess(
  t: TestContext,
  connection: string,
  journalDir: string,
  clientId: string,
): KillableProcess {
  const args = [...runArguments, program, connection, journalDir, clientId];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  t.after(kill);
  const lines: string[] = [];
  createInterface(child.stdout).on('line', (line) => lines.push(line));
  return { lines, wrote, kill };

  async function wrote(what: RegExp): Promise<void> {
    const from = lines.length;
    const until = systemClock.elapsed() + CHANGE_WITHIN_MS;
    while (!lines.slice(from).some((line) => what.test(line))) {
      assert.equal(child.exitCode, null, 'the process ended by itself');
      assert.ok(systemClock.elapsed() < until, `no line like ${what}`);
      await systemClock.sleep(2);
    }
  }

  async function kill(): Promise<void> {
    child.kill('SIGKILL');
    await exited;
  }
}

/** What was acknowledged before a kill is in the ledger as it was said, and every lease has at most one entry. */
export async function checkAcknowledged(
  sql: Sql,
  clientId: string,
  lines: readonly string[],
): Promise<number> {
  const leases = await leasesOf(sql, [clientId]);
  const entries = await sql<{ key: string; seconds: number }[]>`
    SELECT idem_key AS key, -delta_seconds AS seconds FROM ledger WHERE client_id = ${clientId} AND kind = 'call'
  `;
  const bySid = Map.groupBy(leases, (lease) => lease.streamSid);
  let acknowledged = 0;
  for (const line of lines) {
    const [what, streamSid, connectedMs, billed] = line.split(' ') as [
      string,
      string,
      string,
      string,
    ];
    if (what !== 'end' || billed === 'undefined') continue;
    acknowledged += 1;
    const ids = bySid.get(streamSid)!.map((lease) => `call:${lease.id}`);
    const charged = entries.filter((entry) => ids.includes(entry.key));
    const seconds = charged.reduce((sum, entry) => sum + entry.seconds, 0);
    assert.equal(seconds, Number(billed));
    assert.equal(seconds, billableSeconds(Number(connectedMs)));
  }
  assert.equal(new Set(entries.map((entry) => entry.key)).size, entries.length);
  return acknowledged;
}

/** Starts and kills a process `rounds` times, each time shortly after a call has ended. */
export async function killOften(t: TestContext, rounds: number): Promise<void> {
  const { connection, database } = await testDatabase(t);
  const sql = database.general;
  const journalDir = await journalFolder(t);
  const clientId = await clientWithCredit(sql, 100_000);
  let acknowledged = 0;
  for (let round = 0; round < rounds; round += 1) {
    const process = startProcess(t, connection, journalDir, clientId);
    await process.wrote(/^end/);
    await systemClock.sleep(Math.random() * KILL_AFTER_MS_MAX);
    await process.kill();
    // What the next start of an embedded store does.
    await reapAll({ sql, clock: systemClock, log: quietLog, timers: meterTimers });
    acknowledged += await checkAcknowledged(sql, clientId, process.lines);
    const { reserved, clean } = await booksOf(sql, clientId);
    assert.deepEqual({ reserved, clean }, { reserved: 0, clean: true });
  }
  assert.ok(acknowledged >= rounds);
}
