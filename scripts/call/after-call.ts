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
  readonly tools: readonly ToolRecord[];
  readonly turns: readonly TurnRecord[];
  readonly flags: readonly string[];
  readonly messages: readonly {
    readonly name: string;
    readonly phone: string;
    readonly text: string;
    readonly urgent: boolean;
  }[];
  /** What was sent, or waits to be, to the caller and about messages, since the call began. */
  readonly texts: readonly { readonly to: string; readonly body: string; readonly state: string }[];
  /** Undefined until it has been written, and where none is. */
  readonly review: {
    readonly state: string;
    readonly summary: string;
    readonly resolved: string | null;
    readonly followUp: string;
    readonly fields: Readonly<Record<string, unknown>>;
  } | null;
  readonly ledger: readonly { readonly kind: string; readonly seconds: number }[];
  readonly balanceSeconds: number;
  /** What all entries of the client add up to: the same, or something is wrong. */
  readonly ledgerSumSeconds: number;
}

export interface ToolRecord {
  readonly name: string;
  /** JSON, as the model wrote it. */
  readonly arguments: string;
  readonly result: string;
  readonly elapsedMs: number;
  readonly failed: boolean;
}

/** One exchange, as it is stored. */
export interface TurnRecord {
  readonly kind: string;
  readonly ending: string;
  readonly caller: string | null;
  readonly heard: string | null;
  readonly unheard: string | null;
  /** From the end of the caller's speech to our first sound, and its parts. */
  readonly waits: Readonly<Record<'all' | 'endpoint' | 'hear' | 'think' | 'speak', number | null>>;
  readonly tools: readonly ToolRecord[];
}

/** The server settles a call after the line has gone. */
const TRIES_MAX = 40;
const TRY_MS = 250;

/**
 * The record of `callSid`, once it is settled; `reviewed`: and, if that comes soon, once its summary is written. Undefined where the database of the server is not known (`dataDir` is not
 * the one of a sandbox) or has no such call.
 */
export async function findCallRecord(
  dataDir: string,
  callSid: string,
  reviewed = false,
): Promise<CallRecord | undefined> {
  const connection = readConnection(dataDir);
  if (connection === undefined) return undefined;
  const database = openDatabase({ connection, clock: systemClock, log: quietLog });
  try {
    for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
      const record = await readRecord(database.general, callSid);
      const waits = reviewed && record?.review?.state === 'due' && attempt < TRIES_MAX - 1;
      if (record && !waits) return record;
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
      (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', t.kind, 'ending', t.ending, 'unheard', t.unheard, 'tools', t.tools,
          'caller', (SELECT content FROM utterances u WHERE u.conversation_id = c.id AND u.turn_number = t.number AND role = 'user'),
          'heard', (SELECT content FROM utterances u WHERE u.conversation_id = c.id AND u.turn_number = t.number AND role = 'assistant'),
          'waits', jsonb_build_object('all', t.response_ms, 'endpoint', t.endpoint_ms, 'hear', t.hear_ms, 'think', t.think_ms,
            'speak', t.speak_ms)) ORDER BY t.number), '[]')
        FROM turns t WHERE t.conversation_id = c.id) AS turns,
      c.flags,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('name', m.name, 'phone', m.phone, 'text', m.text, 'urgent', m.urgent)), '[]')
        FROM messages m WHERE m.conversation_id = c.id) AS messages,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('to', o.recipient, 'body', o.body, 'state', o.state)), '[]')
        FROM outbox o WHERE o.client_id = c.client_id AND o.kind = 'sms' AND o.created_at >= c.started_at
          AND (o.recipient = c.caller_phone OR o.event = 'message.created')) AS texts,
      (SELECT jsonb_build_object('state', r.state, 'summary', r.summary, 'resolved', r.resolved, 'followUp', r.follow_up_reason,
          'fields', r.fields) FROM reviews r WHERE r.conversation_id = c.id) AS review,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', l.kind, 'seconds', l.delta_seconds)), '[]')
        FROM ledger l WHERE l.client_id = k.id AND l.meta ->> 'call_sid' = c.call_sid) AS ledger,
      k.balance_seconds AS "balanceSeconds",
      (SELECT sum(delta_seconds)::bigint FROM ledger WHERE client_id = k.id) AS "ledgerSumSeconds"
    FROM conversations c JOIN clients k ON k.id = c.client_id
    WHERE c.call_sid = ${callSid} AND c.ended_at IS NOT NULL`;
  return row;
}
