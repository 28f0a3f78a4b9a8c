// Short messages between the processes of one database, by NOTIFY. They may be lost: nothing that counts depends on them.

import type { Sql } from '../database/sql.ts';
import { storeError } from '../database/store-error.ts';

const CHANNEL = 'frontdesk_live';
/** The database allows 8,000 bytes; all of its commits with notices wait for each other. */
export const NOTICE_BYTES_MAX = 4000;

export interface NoticeListener {
  close(): Promise<void>;
}

/** Hears what every process sends, this one included. `onListening` is called whenever the connection is there anew. */
export async function listenNotices(
  sql: Sql,
  onNotice: (text: string) => void,
  onListening: () => void,
): Promise<NoticeListener> {
  try {
    const listener = await sql.listen(CHANNEL, onNotice, onListening);
    return { close: () => listener.unlisten() };
  } catch (error) {
    throw storeError(error);
  }
}

/** Not within a transaction, and at most 4,000 bytes. */
export async function sendNotice(sql: Sql, text: string): Promise<void> {
  await sql`SELECT pg_notify(${CHANNEL}, ${text})`;
}
