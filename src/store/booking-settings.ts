// What a client wants its callers to be sent about their appointments.

import type { SqlRunner } from './sql.ts';

export interface MessageSettings {
  readonly businessName: string;
  /** BCP 47 */
  readonly language: string;
  readonly confirmBySms: boolean;
}

export async function findMessageSettings(
  sql: SqlRunner,
  clientId: string,
): Promise<MessageSettings | undefined> {
  const [row] = await sql<MessageSettings[]>`
    SELECT name AS "businessName", language, confirm_by_sms AS "confirmBySms" FROM clients WHERE id = ${clientId}`;
  return row;
}
