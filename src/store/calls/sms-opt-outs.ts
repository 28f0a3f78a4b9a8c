// Who has asked which of our numbers to send nothing more, and from which number a client sends.

import type { Sql } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

/** Nothing goes from `sender` to `recipient` from now on. Both E.164. */
export async function optOut(sql: Sql, sender: string, recipient: string): Promise<void> {
  await idempotent(
    () => sql`
      INSERT INTO sms_opt_outs (sender, recipient) VALUES (${sender}, ${recipient}) ON CONFLICT DO NOTHING`,
  );
}

export async function optIn(sql: Sql, sender: string, recipient: string): Promise<void> {
  await idempotent(
    () => sql`DELETE FROM sms_opt_outs WHERE sender = ${sender} AND recipient = ${recipient}`,
  );
}

export interface SmsRoute {
  /** The client's own number; null when it has none, or is deleted. */
  readonly sender: string | null;
  readonly optedOut: boolean;
  /** ISO 3166 codes; empty: the country of `sender`. */
  readonly allowedCountries: readonly string[];
  /** Text messages sent to this number since a day ago, by this client. */
  readonly sentToday: number;
  /** The same to all numbers. */
  readonly sentByClient: number;
}

/** How a text message of the client would get to `recipient`. */
export async function findSmsRoute(
  sql: Sql,
  clientId: string,
  recipient: string,
): Promise<SmsRoute> {
  const [row] = await idempotent(
    () => sql<SmsRoute[]>`
      SELECT CASE WHEN c.deleted_at IS NULL THEN c.phone_number END AS sender,
        EXISTS (SELECT 1 FROM sms_opt_outs o
          WHERE o.sender = c.phone_number AND o.recipient = ${recipient}) AS "optedOut",
        coalesce(s.allowed_countries, '{}') AS "allowedCountries",
        (SELECT count(*) FROM outbox b WHERE b.client_id = c.id AND b.kind = 'sms' AND b.recipient = ${recipient}
          AND b.state = 'delivered' AND b.created_at > clock_timestamp() - interval '1 day') AS "sentToday",
        (SELECT count(*) FROM outbox b WHERE b.client_id = c.id AND b.kind = 'sms' AND b.state = 'delivered'
          AND b.created_at > clock_timestamp() - interval '1 day') AS "sentByClient"
      FROM clients c LEFT JOIN line_settings s ON s.client_id = c.id WHERE c.id = ${clientId}`,
  );
  return (
    row ?? { sender: null, optedOut: false, allowedCountries: [], sentToday: 0, sentByClient: 0 }
  );
}
