// Messages that callers leave for the business, and its inbox.

import { COUNTED_MAX, keyText, toPage } from '../database/keyset.ts';
import type { Page, PageQuery } from '../database/keyset.ts';
import { mine } from '../clients/owned-clients.ts';
import type { Reach } from '../clients/owned-clients.ts';
import type { Sql, SqlRunner } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

export interface NewMessage {
  readonly id: string;
  readonly clientId: string;
  readonly conversationId: string;
  readonly name: string;
  /** As the caller gave it; the caller's own number where they gave none. */
  readonly phone: string;
  readonly text: string;
  readonly urgent: boolean;
}

export interface Message extends Omit<NewMessage, 'conversationId'> {
  /** Null when the conversation was deleted. */
  readonly conversationId: string | null;
  /** It was left as sound, which can be heard. */
  readonly hasAudio: boolean;
  readonly readAt: Date | null;
  readonly createdAt: Date;
}

/** The same id twice is one message. */
export async function saveMessage(sql: SqlRunner, message: NewMessage): Promise<void> {
  await sql`
    INSERT INTO messages (id, client_id, conversation_id, name, phone, text, urgent)
    VALUES (${message.id}, ${message.clientId}, ${message.conversationId}, ${message.name},
      ${message.phone}, ${message.text}, ${message.urgent})
    ON CONFLICT (id) DO NOTHING`;
}

/** Newest first. */
export async function listMessages(
  sql: Sql,
  { clientId, unread }: { clientId: string; unread?: boolean | undefined },
  { limit, offset, after }: PageQuery,
): Promise<Page<Message>> {
  const where = sql`client_id = ${clientId}
    ${unread === undefined ? sql`` : sql`AND (read_at IS NULL) = ${unread}`}`;
  return idempotent(async () => {
    const [rows, [{ total }]] = await Promise.all([
      sql<(Message & { key: string })[]>`
        SELECT ${columns(sql)}, ${keyText(sql, sql`created_at`)} AS key FROM messages
        WHERE ${where}
          ${after ? sql`AND (created_at, id) < (${after.at}::text::timestamptz, ${after.id}::uuid)` : sql``}
        ORDER BY created_at DESC, id DESC LIMIT ${limit + 1} OFFSET ${offset}`,
      sql<[{ total: number }]>`
        SELECT count(*) AS total FROM (SELECT 1 FROM messages WHERE ${where} LIMIT ${COUNTED_MAX}) counted`,
    ]);
    return toPage(rows, total, limit);
  });
}

/** Clients are counted for this far; so are the unread messages of each. */
const UNREAD_CLIENTS_MAX = 1000;
const UNREAD_MAX = 100;

/** How many messages nobody has read, of each client within reach that has any: as far as a hundred. */
export async function countUnread(
  sql: Sql,
  reach: Reach,
): Promise<readonly { readonly clientId: string; readonly unread: number }[]> {
  return idempotent(
    () => sql`
      SELECT c.id AS "clientId", counted.unread
      FROM (SELECT id FROM clients WHERE deleted_at IS NULL ${mine(sql, reach)} ORDER BY created_at DESC, id DESC
        LIMIT ${UNREAD_CLIENTS_MAX}) c
      CROSS JOIN LATERAL (SELECT count(*) AS unread FROM (
        SELECT 1 FROM messages m WHERE m.client_id = c.id AND m.read_at IS NULL LIMIT ${UNREAD_MAX}) listed) counted
      WHERE counted.unread > 0`,
  );
}

/** Marks a message as read, or as unread again. Undefined when the client has no such message. */
export async function markMessage(
  sql: Sql,
  { id, clientId, read }: { id: string; clientId: string; read: boolean },
): Promise<Message | undefined> {
  const [row] = await idempotent(
    () => sql<Message[]>`
      UPDATE messages SET read_at = CASE WHEN ${read} THEN coalesce(read_at, clock_timestamp()) END
      WHERE id = ${id} AND client_id = ${clientId} RETURNING ${columns(sql)}`,
  );
  return row;
}

/** How many of the client's had not been read. */
export async function markAllMessages(sql: Sql, clientId: string): Promise<number> {
  const { count } = await idempotent(
    () => sql`
      UPDATE messages SET read_at = clock_timestamp() WHERE client_id = ${clientId} AND read_at IS NULL`,
  );
  return count;
}

export async function deleteMessage(
  sql: Sql,
  { id, clientId }: { id: string; clientId: string },
): Promise<boolean> {
  const rows = await idempotent(
    () => sql`DELETE FROM messages WHERE id = ${id} AND client_id = ${clientId} RETURNING id`,
  );
  return rows.length > 0;
}

function columns(sql: Sql) {
  return sql`id, client_id AS "clientId", conversation_id AS "conversationId", name, phone, text, urgent,
    EXISTS (SELECT 1 FROM message_audio a WHERE a.message_id = messages.id) AS "hasAudio", read_at AS "readAt", created_at AS "createdAt"`;
}
