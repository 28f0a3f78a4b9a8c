// What the server has stored of a call, read from its database after the call has ended.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../src/lib/clock.ts';
import { quietLog } from '../../src/lib/log.ts';
import { openDatabase } from '../../src/store/database/sql.ts';
import type { Sql } from '../../src/store/database/sql.ts';

/** The part of the server's record that is shown. */
export interface CallRecord {
  readonly outcome: string | null;
  readonly booking: {
    /** In the zone of the business. */
    readonly startsAt: string;
    readonly name: string;
    readonly status: string;
  } | null;
  readonly tools: readonly {
    readonly name: string;
    readonly elapsedMs: number;
    readonly failed: boolean;
  }[];
  readonly ledger: readonly { readonly kind: string; readonly seconds: number }[];
  readonly balanceSeconds: number;
  /** What all entries of the client add up to: the same, or something is wrong. */
  readonly ledgerSumSeconds: number;
}

/** The server settles a call after the line has gone. */
const TRIES_MAX = 40;
const TRY_MS = 250;

/**
 * The record of `callSid`, once it is settled. Undefined where the database of the server is not known (`dataDir` is not
 * the one of a sandbox) or has no such call.
 */
export async function findCallRecord(
  dataDir: string,
  callSid: string,
): Promise<CallRecord | undefined> {
  const connection = readConnection(dataDir);
  if (connection === undefined) return undefined;
  const database = openDatabase({ connection, clock: systemClock, log: quietLog });
  try {
    for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
      const record = await readRecord(database.general, callSid);
      if (record) return record;
      await systemClock.sleep(TRY_MS);
    }
    return undefined;
  } finally {
    await database.close();
  }
}

function readConnection(dataDir: string): string | undefined {
  try {
    const file = path.join(dataDir, 'server.json');
    return (JSON.parse(readFileSync(file, 'utf8')) as { connection: string }).connection;
  } catch {
    return undefined;
  }
}

async function readRecord(sql: Sql, callSid: string): Promise<CallRecord | undefined> {
  const [row] = await sql<[CallRecord?]>`
    SELECT c.outcome,
      (SELECT jsonb_build_object('startsAt', to_char(lower(b.shown) AT TIME ZONE k.zone, 'FMDay YYYY-MM-DD HH24:MI'),
          'name', b.name, 'status', b.status)
        FROM bookings b WHERE b.conversation_id = c.id AND b.status IN ('held', 'confirmed')
        ORDER BY b.created_at DESC LIMIT 1) AS booking,
      (SELECT coalesce(jsonb_agg(tool ORDER BY t.number), '[]') FROM turns t, jsonb_array_elements(t.tools) tool
        WHERE t.conversation_id = c.id) AS tools,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', l.kind, 'seconds', l.delta_seconds)), '[]')
        FROM ledger l WHERE l.client_id = k.id AND l.meta ->> 'call_sid' = c.call_sid) AS ledger,
      k.balance_seconds AS "balanceSeconds",
      (SELECT sum(delta_seconds)::bigint FROM ledger WHERE client_id = k.id) AS "ledgerSumSeconds"
    FROM conversations c JOIN clients k ON k.id = c.client_id
    WHERE c.call_sid = ${callSid} AND c.ended_at IS NOT NULL`;
  return row;
}
