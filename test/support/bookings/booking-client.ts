// A business with opening hours in a test database, and conversations to book from.

import { newId } from '../../../src/lib/ids.ts';
import { defaultHours, saveOpeningHours } from '../../../src/store/clients/opening-hours.ts';
import type { OpeningHours } from '../../../src/store/clients/opening-hours.ts';
import type { Sql } from '../../../src/store/database/sql.ts';

/** Makes a client in `zone` with the given hours over the default ones; its id. */
export async function bookingClient(
  sql: Sql,
  { zone = 'America/New_York', ...hours }: Partial<OpeningHours> & { zone?: string } = {},
): Promise<string> {
  const ownerId = newId(0);
  const clientId = newId(0);
  await sql`INSERT INTO users (id, username) VALUES (${ownerId}, ${ownerId})`;
  await sql`
    INSERT INTO clients (id, owner_id, name, zone, llm_model, stt_model, tts_provider, tts_voice_id)
    VALUES (${clientId}, ${ownerId}, 'Test', ${zone}, 'm', 'm', 'p', 'v')
  `;
  await saveOpeningHours(sql, clientId, { ...defaultHours, ...hours });
  return clientId;
}

/** A call in the records; its id. */
export async function conversationOf(sql: Sql, clientId: string): Promise<string> {
  const id = newId(0);
  await sql`INSERT INTO conversations (id, client_id) VALUES (${id}, ${clientId})`;
  return id;
}
