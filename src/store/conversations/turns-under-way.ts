// Turns that are not over, as far as they are known: kept beside the turns, and made into some where their process has died.

import { addUsage } from '../accounts/daily-usage.ts';
import { eachAloneIn } from '../database/each-alone.ts';
import type { Sql, Transaction } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';
import { chatTurnKey } from '../money/ledger-entries.ts';
import type { ToolRunRow, UtteranceRow } from './conversations.ts';

export interface TurnUnderWayRow {
  readonly conversationId: string;
  readonly number: number;
  readonly kind: string;
  /** Both '' and no tools: there was something, and it came to nothing. */
  readonly caller: string;
  readonly heard: string;
  readonly tools: readonly ToolRunRow[];
  readonly callerAt: Date;
  readonly heardAt: Date;
}

/** Of any number of calls in one statement. A turn that is over by now, or whose call is, is left as it is. */
export async function saveTurnsUnderWay(sql: Sql, rows: readonly TurnUnderWayRow[]): Promise<void> {
  const given = sql.json(
    rows.map((row) => ({ ...row, tools: row.tools.map((run) => ({ ...run })) })),
  );
  await sql`
    INSERT INTO turns_under_way AS u (conversation_id, number, kind, caller, heard, tools, caller_at, heard_at)
    SELECT r."conversationId", r.number, r.kind, r.caller, r.heard, r.tools, r."callerAt", r."heardAt"
    FROM jsonb_to_recordset(${given}::jsonb) AS r ("conversationId" uuid, number int, kind text, caller text,
      heard text, tools jsonb, "callerAt" timestamptz, "heardAt" timestamptz)
    JOIN conversations c ON c.id = r."conversationId" AND c.ended_at IS NULL
    WHERE NOT EXISTS (SELECT 1 FROM turns t WHERE t.conversation_id = c.id AND t.number = r.number)
    ON CONFLICT (conversation_id, number) DO UPDATE SET kind = excluded.kind, caller = excluded.caller,
      heard = excluded.heard, tools = excluded.tools, caller_at = excluded.caller_at, heard_at = excluded.heard_at`;
}

/** Makes what is left of these conversations into turns that were interrupted. */
export async function keepTurnsUnderWay(
  tx: Transaction,
  conversationIds: readonly string[],
): Promise<void> {
  if (conversationIds.length === 0) return;
  await giveBackUnanswered(tx, conversationIds);
  await tx`
    WITH left_over AS (
      DELETE FROM turns_under_way WHERE conversation_id = ANY (${[...conversationIds]}::uuid[]) RETURNING *
    ), kept AS (
      INSERT INTO turns (conversation_id, number, kind, ending, tools, created_at)
      SELECT conversation_id, number, kind, 'interrupted', tools, greatest(caller_at, heard_at) FROM left_over
      WHERE caller <> '' OR heard <> '' OR tools <> '[]'
      ON CONFLICT DO NOTHING RETURNING conversation_id, number
    )
    INSERT INTO utterances (conversation_id, turn_number, role, content, interrupted, at)
    SELECT conversation_id, number, said.role, said.content, said.role = ${'assistant' satisfies UtteranceRow['role']}, said.at
    FROM kept JOIN left_over USING (conversation_id, number),
      LATERAL (VALUES ('user', caller, caller_at), ('assistant', heard, heard_at)) AS said (role, content, at)
    WHERE said.content <> '' ORDER BY number, said.role DESC
    ON CONFLICT DO NOTHING`;
}

/** What was taken for answers that never came. A charge that was not made any more is not given back. */
async function giveBackUnanswered(tx: Transaction, conversationIds: readonly string[]) {
  const paid = await tx<
    { id: string; clientId: string | null; turnId: string; seconds: number; by: string | null }[]
  >`
    SELECT u.conversation_id AS id, c.client_id AS "clientId", u.paid_turn AS "turnId", u.paid_seconds AS seconds, u.paid_by AS by
    FROM turns_under_way u JOIN conversations c ON c.id = u.conversation_id
    WHERE u.conversation_id = ANY (${[...conversationIds]}::uuid[]) AND u.paid_seconds > 0 FOR UPDATE OF u`;
  for (const { id, clientId, turnId, seconds, by } of paid) {
    if (by !== null) await addUsage(tx, by, -seconds);
    else if (clientId !== null) {
      const key = chatTurnKey({ conversationId: id, turnId });
      const meta = { conversation_id: id, reason: 'There was no answer.' };
      await tx`
        SELECT meter_post(${clientId}, 'chat', ${seconds}, ${`${key}:back`}, ${tx.json(meta)})
        WHERE EXISTS (SELECT 1 FROM ledger WHERE idem_key = ${key})`;
    }
  }
}

/** A message of a chat that is about to be paid for and answered, or has been heard: kept until its turn is stored. */
export async function noteChatTurn(
  sql: Sql,
  turn: {
    readonly conversationId: string;
    readonly number: number;
    /** '' before it is heard. */
    readonly caller: string;
    readonly paid: {
      readonly turnId: string;
      readonly seconds: number;
      readonly by: string | null;
    };
  },
): Promise<void> {
  const { conversationId, number, caller, paid } = turn;
  await idempotent(
    () => sql`
      INSERT INTO turns_under_way (conversation_id, number, kind, caller, heard, caller_at, heard_at, paid_turn, paid_seconds, paid_by)
      VALUES (${conversationId}, ${number}, 'reply', ${caller}, '', clock_timestamp(), clock_timestamp(), ${paid.turnId},
        ${paid.seconds}, ${paid.by})
      ON CONFLICT (conversation_id, number) DO UPDATE SET caller = excluded.caller`,
  );
}

/** It came to nothing, and its process says so. */
export async function forgetChatTurn(
  sql: Sql,
  { conversationId, number }: { conversationId: string; number: number },
): Promise<void> {
  await sql`DELETE FROM turns_under_way WHERE conversation_id = ${conversationId} AND number = ${number}`;
}

/** The same for conversations that ended otherwise while a process died that had a part of them. `fault`: of one where it fails. */
export async function keepLeftTurns(
  sql: Sql,
  fault: (conversationId: string, error: Error) => void,
): Promise<void> {
  await sql.begin(async (tx) => {
    const rows = await tx<{ id: string }[]>`
      SELECT DISTINCT u.conversation_id AS id FROM turns_under_way u JOIN conversations c ON c.id = u.conversation_id
      WHERE c.ended_at < clock_timestamp() - interval '1 minute' LIMIT 500`;
    await eachAloneIn(
      tx,
      rows,
      (inner, { id }) => keepTurnsUnderWay(inner, [id]),
      ({ id }, error) => fault(id, error),
    );
  });
}
