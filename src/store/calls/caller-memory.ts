// What a business remembers of a caller by their number: the last calls, as they were summed up.

import type { Sql } from '../database/sql.ts';

export interface RememberedCall {
  readonly at: Date;
  readonly outcome: string | null;
  readonly summary: string;
}

/** Ended calls of this number with this client, newest first, without the call that asks. */
export async function listLastCalls(
  sql: Sql,
  {
    clientId,
    phone,
    exceptId,
    limit,
  }: { clientId: string; phone: string; exceptId: string; limit: number },
): Promise<RememberedCall[]> {
  const rows = await sql<RememberedCall[]>`
    SELECT c.started_at AS at, c.outcome, coalesce(r.summary, '') AS summary
    FROM conversations c LEFT JOIN reviews r ON r.conversation_id = c.id
    WHERE c.client_id = ${clientId} AND c.caller_phone = ${phone} AND c.ended_at IS NOT NULL AND c.id <> ${exceptId}
    ORDER BY c.created_at DESC LIMIT ${limit}`;
  return [...rows];
}
