// Tickets that open one socket each: made for somebody who is signed in, used up within a minute, kept only as a hash.

import { createHash } from 'node:crypto';
import { newToken } from '../../lib/ids.ts';
import type { Sql } from '../database/sql.ts';

/** How long a browser may take from asking to connecting. */
export const TICKET_SECONDS = 60;

export interface Ticket {
  /** Which kind of socket. */
  readonly purpose: 'test-call' | 'transcript';
  /** The id of what the socket is about. */
  readonly subject: string;
  /** Null for somebody who is not signed in. */
  readonly userId: string | null;
}

export async function saveTicket(sql: Sql, ticket: Ticket): Promise<string> {
  const token = newToken();
  await sql`
    INSERT INTO tickets (token_hash, purpose, subject, user_id, expires_at)
    VALUES (${hash(token)}, ${ticket.purpose}, ${ticket.subject}, ${ticket.userId},
      clock_timestamp() + make_interval(secs => ${TICKET_SECONDS}))`;
  return token;
}

/** Uses the ticket up. Undefined when it is unknown, used, expired or for something else. */
export async function useTicket(
  sql: Sql,
  token: string,
  { purpose, subject }: Pick<Ticket, 'purpose' | 'subject'>,
): Promise<Ticket | undefined> {
  const [row] = await sql<Ticket[]>`
    DELETE FROM tickets WHERE token_hash = ${hash(token)} AND expires_at > clock_timestamp()
      AND purpose = ${purpose} AND subject = ${subject}
    RETURNING purpose, subject, user_id AS "userId"`;
  return row;
}

/** Forgets tickets that nobody came with. */
export async function deleteExpiredTickets(sql: Sql): Promise<void> {
  await sql`DELETE FROM tickets WHERE expires_at < clock_timestamp()`;
}

function hash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
