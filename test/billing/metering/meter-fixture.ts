// Clients with credit for the tests of the metering, and what the database says about them.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { systemClock } from '../../../src/lib/clock.ts';
import { newId } from '../../../src/lib/ids.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { postEntry } from '../../../src/store/money/ledger-entries.ts';

/** A client with `seconds` of credit; returns its id. */
export async function clientWithCredit(
  sql: Sql,
  seconds: number,
  { concurrencyMax = 1000 }: { concurrencyMax?: number } = {},
): Promise<string> {
  const id = newId(systemClock.now());
  await sql`INSERT INTO users (id, username) VALUES (${id}, ${id})`;
  await sql`
    INSERT INTO clients (id, owner_id, name, llm_model, stt_model, tts_provider, tts_voice_id, concurrency_max)
    VALUES (${id}, ${id}, 'Test', 'm', 's', 't', 'v', ${concurrencyMax})
  `;
  if (seconds > 0) {
    await postEntry(sql, {
      clientId: id,
      kind: 'adjust',
      deltaSeconds: seconds,
      idemKey: `start:${id}`,
      meta: {},
    });
  }
  return id;
}

export interface Books {
  readonly balance: number;
  readonly reserved: number;
  readonly debt: number;
  /** Sum of the client's `call` entries, as billed seconds. */
  readonly billed: number;
  readonly callEntries: number;
  /** Whether the books agree. */
  readonly clean: boolean;
}

/** The money of a client as the database has it. */
export async function booksOf(sql: Sql, clientId: string): Promise<Books> {
  const [row] = await sql<[Books]>`
    SELECT c.balance_seconds AS balance, c.reserved_seconds AS reserved, c.debt_seconds AS debt,
      COALESCE(-sum(l.delta_seconds) FILTER (WHERE l.kind = 'call'), 0)::bigint AS billed,
      count(l.id) FILTER (WHERE l.kind = 'call') AS "callEntries",
      bool_and(a.net = a.ledger_sum AND a.reserved = a.lease_sum) AS clean
    FROM clients c JOIN meter_audit a ON a.id = c.id LEFT JOIN ledger l ON l.client_id = c.id
    WHERE c.id = ${clientId} GROUP BY c.id
  `;
  return row;
}

export interface LeaseRow {
  readonly id: string;
  readonly clientId: string;
  readonly callSid: string;
  readonly streamSid: string;
  readonly segment: number;
  readonly epoch: number;
  readonly state: 'active' | 'settled';
  readonly granted: number;
  readonly used: number;
  readonly overrun: number;
  readonly billed: number | null;
  readonly reason: string | null;
}

/** All leases of some clients, in the order of their segments. */
export async function leasesOf(sql: Sql, clientIds: readonly string[]): Promise<LeaseRow[]> {
  return sql<LeaseRow[]>`
    SELECT id, client_id AS "clientId", call_sid AS "callSid", stream_sid AS "streamSid", segment, epoch, state,
      granted_seconds AS granted, used_seconds AS used, overrun_seconds AS overrun, billed_seconds AS billed, reason
    FROM call_leases WHERE client_id = ANY(${[...clientIds]}) ORDER BY stream_sid, segment
  `;
}

/** A folder for a journal, gone when the test ends. */
export async function journalFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'frontdesk-journal-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
