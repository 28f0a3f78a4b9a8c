// Messages that callers leave for the business.

import type { Sql } from './sql.ts';

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

export async function saveMessage(sql: Sql, message: NewMessage): Promise<void> {
  await sql`
    INSERT INTO messages (id, client_id, conversation_id, name, phone, text, urgent)
    VALUES (${message.id}, ${message.clientId}, ${message.conversationId}, ${message.name},
      ${message.phone}, ${message.text}, ${message.urgent})`;
}
