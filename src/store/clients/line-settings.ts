// How a client's line behaves beyond the call itself. A client that has set nothing has the defaults.

import type { Sql, SqlRunner } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

export interface LineSettings {
  /** Get each message as a text message. E.164 */
  readonly notifyNumbers: readonly string[];
  /** Whether callers get a text message about what was booked, moved or cancelled. */
  readonly smsToCallers: boolean;
  readonly transferMode: 'warm' | 'cold';
  /** ISO 3166 codes; empty: the country of the client's own number. */
  readonly allowedCountries: readonly string[];
  /** Whether callers get to a person by pressing 0. */
  readonly keypadExit: boolean;
  readonly outboundEnabled: boolean;
  /** `HH:MM`, local: people are called between the two. */
  readonly outboundFrom: string;
  readonly outboundUntil: string;
}

export const usualLineSettings: LineSettings = {
  notifyNumbers: [],
  smsToCallers: false,
  transferMode: 'warm',
  allowedCountries: [],
  keypadExit: true,
  outboundEnabled: false,
  outboundFrom: '09:00',
  outboundUntil: '20:00',
};

export async function findLineSettings(sql: SqlRunner, clientId: string): Promise<LineSettings> {
  const [row] = await sql<LineSettings[]>`
    SELECT notify_numbers AS "notifyNumbers", sms_to_callers AS "smsToCallers", transfer_mode AS "transferMode",
      allowed_countries AS "allowedCountries", keypad_exit AS "keypadExit", outbound_enabled AS "outboundEnabled",
      to_char(outbound_from, 'HH24:MI') AS "outboundFrom", to_char(outbound_until, 'HH24:MI') AS "outboundUntil"
    FROM line_settings WHERE client_id = ${clientId}`;
  return row ?? usualLineSettings;
}

/** Stores all of them. */
export async function saveLineSettings(
  sql: Sql,
  clientId: string,
  settings: LineSettings,
): Promise<void> {
  await idempotent(
    () => sql`
      INSERT INTO line_settings (client_id, notify_numbers, sms_to_callers, transfer_mode, allowed_countries,
        keypad_exit, outbound_enabled, outbound_from, outbound_until)
      VALUES (${clientId}, ${[...settings.notifyNumbers]}::text[], ${settings.smsToCallers},
        ${settings.transferMode}, ${[...settings.allowedCountries]}::text[], ${settings.keypadExit},
        ${settings.outboundEnabled}, ${settings.outboundFrom}::text::time, ${settings.outboundUntil}::text::time)
      ON CONFLICT (client_id) DO UPDATE SET notify_numbers = excluded.notify_numbers,
        sms_to_callers = excluded.sms_to_callers, transfer_mode = excluded.transfer_mode,
        allowed_countries = excluded.allowed_countries, keypad_exit = excluded.keypad_exit,
        outbound_enabled = excluded.outbound_enabled, outbound_from = excluded.outbound_from,
        outbound_until = excluded.outbound_until, updated_at = clock_timestamp()`,
  );
}
