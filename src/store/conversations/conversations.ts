// Calls and chats with their turns, written as they happen.

import { addCosts } from '../money/costs.ts';
import type { Cost } from '../money/costs.ts';
import { isMissed, isToldOf, outcomeOfMissed, tellMissed } from '../calls/missed-callers.ts';
import type { EndedCall } from '../calls/missed-callers.ts';
import { eachAloneIn } from '../database/each-alone.ts';
import type { Sql, SqlRunner, Transaction } from '../database/sql.ts';
import { keepTurnsUnderWay } from './turns-under-way.ts';

export interface NewConversation {
  readonly id: string;
  readonly clientId: string;
  readonly callSid: string;
  /** E.164, or null when withheld. */
  readonly callerPhone: string | null;
  readonly disclosureVersion: string | null;
  /** The process that owns the call. */
  readonly owner: string;
  /** By telephone unless told otherwise. */
  readonly channel?: 'phone' | 'browser';
  /** What is to be remembered about how it came about. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Turns that a stream which is taken over may still have to store: their numbers are left to it. */
const TURNS_UNDER_WAY = 3;

/**
 * The conversation of this call: a new one, or the one it has had so far, when the call comes back on another stream.
 * Also notes that the contact has called, who is one from the first call on.
 */
export async function openConversation(
  sql: Sql,
  { id, clientId, callSid, callerPhone, disclosureVersion, owner, ...rest }: NewConversation,
): Promise<{ id: string; contactName: string; turns: number }> {
  const { channel = 'phone', metadata = {} } = rest;
  const [row] = await sql<{ id: string; contactName: string; turns: number }[]>`
    WITH before AS (
      SELECT count(*) AS running FROM conversations WHERE call_sid = ${callSid} AND owner IS NOT NULL
    ), contact AS (
      INSERT INTO contacts (id, client_id, phone_number, last_call_at)
      SELECT gen_random_uuid(), ${clientId}, ${callerPhone}::text, clock_timestamp() WHERE ${callerPhone}::text IS NOT NULL
      ON CONFLICT (client_id, phone_number) DO UPDATE SET last_call_at = clock_timestamp() RETURNING id, name
    ), opened AS (
      INSERT INTO conversations (id, client_id, contact_id, call_sid, caller_phone, disclosure_version, owner, channel,
        metadata)
      VALUES (${id}, ${clientId}, (SELECT id FROM contact), ${callSid}, ${callerPhone}, ${disclosureVersion}, ${owner},
        ${channel}, ${sql.json({ ...metadata })})
      ON CONFLICT (call_sid) DO UPDATE SET owner = ${owner}, ended_at = NULL, end_reason = NULL
      RETURNING id
    )
    SELECT opened.id, coalesce((SELECT name FROM contact), '') AS "contactName",
      (SELECT coalesce(max(number) + 1, 0) FROM turns WHERE conversation_id = opened.id)
        + ${TURNS_UNDER_WAY} * (SELECT running FROM before) AS turns
    FROM opened`;
  if (!row) throw new Error('an upsert gives a row');
  return row;
}

/** Something that was said in a conversation, as heard, or a tool that ran. */
export type PastRow =
  | { readonly role: 'user' | 'assistant'; readonly text: string }
  | { readonly role: 'tool'; readonly run: ToolRunRow & { readonly id: string } };

/** The last things said and done in a conversation, oldest first; at most `limit`. Of a turn: the caller, its tools, and we. */
export async function findLastSaid(
  sql: Sql,
  conversationId: string,
  limit: number,
): Promise<PastRow[]> {
  const rows = await sql<
    { number: number; role: PastRow['role']; text: string | null; run: ToolRunRow | null }[]
  >`
    SELECT * FROM (
      SELECT turn_number AS number, role, content AS text, NULL::jsonb AS run, at, 0 AS place
      FROM utterances WHERE conversation_id = ${conversationId}
      UNION ALL
      SELECT number, 'tool', NULL, run, created_at, place
      FROM turns, jsonb_array_elements(tools) WITH ORDINALITY AS ran (run, place) WHERE conversation_id = ${conversationId}
    ) past
    ORDER BY number DESC, array_position(ARRAY['assistant', 'tool', 'user'], role), place DESC, at DESC LIMIT ${limit}`;
  return rows.toReversed().map(({ number, role, text, run }, index) => {
    if (role !== 'tool') return { role, text: text ?? '' };
    const known = run ?? { name: '', arguments: '{}', result: '', elapsedMs: 0, failed: true };
    return { role, run: { ...known, id: known.id ?? `${number}-${index}` } };
  });
}

/** Whether this call has been here and has ended: its webhook is a replay. */
export async function hasEnded(sql: Sql, callSid: string): Promise<boolean> {
  const [row] = await sql`
    SELECT 1 FROM conversations WHERE call_sid = ${callSid} AND ended_at IS NOT NULL`;
  return row !== undefined;
}

/** Whether a process has this call. */
export async function isOwned(sql: Sql, id: string): Promise<boolean> {
  const [row] = await sql`SELECT 1 FROM conversations WHERE id = ${id} AND owner IS NOT NULL`;
  return row !== undefined;
}

/**
 * A call that had ended goes on, because nobody took it: a token may let its next stream in, which takes the conversation
 * over. What was done before stays its outcome.
 */
export async function reopenConversation(sql: Sql, callSid: string): Promise<void> {
  await sql`
    WITH reopened AS (
      UPDATE conversations SET ended_at = NULL, end_reason = NULL, outcome = nullif(outcome, 'transferred')
      WHERE call_sid = ${callSid} RETURNING id
    )
    UPDATE reviews r SET follow_up = false, follow_up_reason = '' FROM reopened WHERE r.conversation_id = reopened.id`;
}

/** A turn as it is kept. Times in milliseconds, null where a stage did not occur. */
export interface TurnRow {
  readonly number: number;
  readonly kind: string;
  readonly ending: string;
  readonly responseMs: number | null;
  readonly endpointMs: number | null;
  readonly hearMs: number | null;
  readonly thinkMs: number | null;
  readonly speakMs: number | null;
  readonly playMs: number | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Beyond these, for replies that were begun and thrown away. */
  readonly wastedInputTokens: number;
  readonly wastedOutputTokens: number;
  readonly characters: number;
  /** Millionths of a US dollar. */
  readonly costMicrodollars: number;
  /** The same by vendor; none where it is not known. */
  readonly costs?: readonly Cost[];
  readonly tools: readonly ToolRunRow[];
  /** Meant to be said and not heard; null where all was. */
  readonly unheard: string | null;
  readonly at: Date;
  readonly utterances: readonly UtteranceRow[];
}

export interface ToolRunRow {
  /** Missing in old rows. */
  readonly id?: string;
  readonly name: string;
  readonly arguments: string;
  readonly result: string;
  readonly elapsedMs: number;
  readonly failed: boolean;
}

export interface UtteranceRow {
  readonly role: 'user' | 'assistant';
  /** As heard. */
  readonly content: string;
  readonly interrupted: boolean;
  readonly at: Date;
}

/** One turn and its utterances; writing it again changes nothing. */
export async function saveTurn(sql: Sql, conversationId: string, turn: TurnRow): Promise<void> {
  await sql.begin(async (tx) => {
    const first = await tx`
      WITH known AS (
        DELETE FROM turns_under_way WHERE conversation_id = ${conversationId} AND number = ${turn.number}
      )
      INSERT INTO turns (conversation_id, number, kind, ending, response_ms, endpoint_ms, hear_ms, think_ms, speak_ms,
        play_ms, input_tokens, output_tokens, wasted_input_tokens, wasted_output_tokens, characters, cost_microdollars, tools, unheard,
        created_at)
      VALUES (${conversationId}, ${turn.number}, ${turn.kind}, ${turn.ending}, ${turn.responseMs}, ${turn.endpointMs},
        ${turn.hearMs}, ${turn.thinkMs}, ${turn.speakMs}, ${turn.playMs}, ${turn.inputTokens}, ${turn.outputTokens},
        ${turn.wastedInputTokens}, ${turn.wastedOutputTokens}, ${turn.characters}, ${turn.costMicrodollars}, ${tx.json(turn.tools.map((run) => ({ ...run })))},
        ${turn.unheard}, ${turn.at})
      ON CONFLICT DO NOTHING RETURNING number`;
    if (first.length > 0) await addCosts(tx, conversationId, turn.costs ?? []);
    for (const { role, content, interrupted, at } of turn.utterances) {
      await tx`
        INSERT INTO utterances (conversation_id, turn_number, role, content, interrupted, at)
        VALUES (${conversationId}, ${turn.number}, ${role}, ${content}, ${interrupted}, ${at})
        ON CONFLICT DO NOTHING`;
    }
  });
}

/** A tool that a turn began and that ended after it; writing it again changes nothing. */
export async function saveToolRun(
  sql: Sql,
  conversationId: string,
  number: number,
  run: ToolRunRow,
): Promise<void> {
  const added = sql.json([{ ...run }]);
  await sql`
    UPDATE turns SET tools = tools || ${added}::jsonb
    WHERE conversation_id = ${conversationId} AND number = ${number} AND NOT tools @> ${added}::jsonb`;
}

/** Marks what somebody should look at; once each. */
export async function flagConversation(sql: Sql, id: string, flag: string): Promise<void> {
  await sql`
    UPDATE conversations SET flags = array_append(flags, ${flag})
    WHERE id = ${id} AND NOT ${flag} = ANY (flags)`;
}

export interface ConversationEnd {
  readonly endReason: string;
  /** Of this stream: what was done on an earlier one of the same call counts as well. */
  readonly outcome: string;
  /** Of this stream. What the seconds of all streams of the call were charged is kept where that is more. */
  readonly durationMs: number;
}

/** What can be done in a call, the most useful first: the first that was done is the outcome. */
export const outcomesByWeight = [
  'booked',
  'rescheduled',
  'cancelled',
  'transferred',
  'message',
  'left_message',
] as const;

/** Keeps what was done on a stream whose call goes on elsewhere. */
export async function keepOutcome(sql: Sql, id: string, outcome: string): Promise<void> {
  if (!outcomesByWeight.some((each) => each === outcome)) return;
  await sql`UPDATE conversations c SET outcome = ${weightier(sql, outcome)} WHERE id = ${id}`;
}

/** Of this outcome and what is known of conversation `c`. */
function weightier(sql: SqlRunner, outcome: string) {
  return sql`coalesce((
    SELECT done.outcome FROM unnest(${[...outcomesByWeight]}::text[]) WITH ORDINALITY AS done (outcome, weight)
    WHERE done.outcome IN (${outcome}, c.outcome)
      OR done.outcome = 'message' AND EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = c.id)
    ORDER BY done.weight LIMIT 1), ${outcome})`;
}

/**
 * Ends the conversation of the process that owns it. A contact without a name gets the one given in this call; the owner
 * hears of a caller who wanted a person and reached nobody.
 */
export async function endConversation(
  sql: Sql,
  id: string,
  owner: string,
  { endReason, outcome, durationMs }: ConversationEnd,
): Promise<void> {
  await sql.begin(async (tx) => {
    // Before anything is read: the news of a person who was not reached may come in this moment, and looks whether we have ended it.
    await tx`SELECT 1 FROM conversations WHERE id = ${id} FOR NO KEY UPDATE`;
    const missed = isMissed(tx, endReason);
    const known = weightier(tx, outcome);
    const [call] = await tx<EndedCall[]>`
      WITH ended AS (
        UPDATE conversations c SET ended_at = clock_timestamp(),
          end_reason = CASE WHEN ${endReason} = 'transferred' AND ${missed} THEN 'caller' ELSE ${endReason} END,
          outcome = CASE WHEN ${missed} THEN ${outcomeOfMissed(tx, known)} ELSE ${known} END, owner = NULL,
          duration_ms = greatest(${Math.round(durationMs)}::bigint,
            1000 * (SELECT sum(l.used_seconds) FROM call_leases l WHERE l.call_sid = c.call_sid))
        WHERE id = ${id} AND owner = ${owner}
        RETURNING id, client_id, contact_id, caller_phone, call_sid, ${missed} AND ${isToldOf(tx)} AS missed
      ), named AS (
        UPDATE contacts k SET updated_at = clock_timestamp(), name = coalesce(
          (SELECT b.name FROM bookings b WHERE b.conversation_id = ended.id AND b.phone = k.phone_number
            AND b.status = 'confirmed' ORDER BY b.updated_at DESC LIMIT 1),
          (SELECT m.name FROM messages m WHERE m.conversation_id = ended.id AND m.phone = k.phone_number
            AND m.name <> m.phone ORDER BY m.created_at DESC LIMIT 1), '')
        FROM ended WHERE k.id = ended.contact_id AND k.name = ''
      ), undialled AS (
        UPDATE transfers t SET state = 'abandoned', over_at = clock_timestamp()
        FROM ended WHERE t.call_sid = ended.call_sid AND t.state = 'dialling' AND NOT t.is_fallback
          AND ${endReason} <> 'transferred'
      ), unsaid AS (
        DELETE FROM turns_under_way u USING ended WHERE u.conversation_id = ended.id
          AND u.number > (SELECT coalesce(max(number), -1) FROM turns t WHERE t.conversation_id = ended.id)
      )
      SELECT id, client_id AS "clientId", caller_phone AS "callerPhone", missed FROM ended`;
    if (call?.missed) await tellMissed(tx, call);
  });
}

/**
 * Calls of which no process has anything, and which none is about to take up: one that comes back from a person has its next
 * stream within a minute, one that was handed over asks for another process for 20 s.
 */
function isAbandoned(sql: SqlRunner) {
  return sql`c.started_at < clock_timestamp() - interval '30 seconds'
    AND NOT EXISTS (SELECT 1 FROM call_leases l WHERE l.call_sid = c.call_sid
      AND l.settled_at > clock_timestamp() - CASE WHEN l.reason = 'drain' THEN interval '30 seconds' ELSE interval '15 seconds' END)
    AND NOT EXISTS (SELECT 1 FROM transfers t WHERE t.call_sid = c.call_sid
      AND t.over_at > clock_timestamp() - interval '15 seconds')
    AND NOT EXISTS (SELECT 1 FROM stream_tokens s WHERE s.client_id = c.client_id AND s.call_sid = c.call_sid
      AND s.expires_at > clock_timestamp() - interval '15 seconds'
      AND (s.used_at IS NULL OR s.used_at > clock_timestamp() - interval '15 seconds'))`;
}

/**
 * Ends conversations whose process died: their lease is settled, or they never had one and are old. What was under way then
 * is kept as far as it is known. `all`: those of every process, which is right where there is no other. `fault` is told of one
 * that cannot be ended.
 */
export async function endOrphans(
  sql: Sql,
  which: 'abandoned' | 'all',
  fault: (id: string, error: Error) => void,
): Promise<number> {
  return sql.begin(async (tx) => {
    const orphans = await tx<{ id: string }[]>`
      SELECT id FROM conversations c
      WHERE ended_at IS NULL AND channel <> 'chat' AND client_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM call_leases l WHERE l.call_sid = c.call_sid AND l.state = 'active')
        AND ${which === 'all' ? tx`true` : isAbandoned(tx)}
      ORDER BY id FOR NO KEY UPDATE`;
    let ended = 0;
    await eachAloneIn(
      tx,
      orphans,
      async (inner, { id }) => {
        await endOrphan(inner, id);
        ended += 1;
      },
      ({ id }, error) => fault(id, error),
    );
    return ended;
  });
}

async function endOrphan(tx: Transaction, id: string): Promise<void> {
  const missed = isMissed(tx, 'lost');
  const [call] = await tx<EndedCall[]>`
    UPDATE conversations c SET ended_at = clock_timestamp(), end_reason = 'lost',
      outcome = CASE WHEN ${missed} THEN ${outcomeOfMissed(tx, tx`outcome`)} ELSE coalesce(outcome, 'failed') END,
      owner = NULL,
      duration_ms = 1000 * coalesce((SELECT sum(used_seconds) FROM call_leases l WHERE l.call_sid = c.call_sid), 0)
    WHERE id = ${id}
    RETURNING id, client_id AS "clientId", caller_phone AS "callerPhone",
      ${missed} AND ${isToldOf(tx)} AS missed`;
  if (call?.missed) await tellMissed(tx, call);
  await keepTurnsUnderWay(tx, [id]);
}
