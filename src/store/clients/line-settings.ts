// How a client's line behaves beyond the call itself. A client that has set nothing has the defaults.

import { AppError } from '../../lib/errors.ts';
import { changeSettingsRow, namedColumns } from '../database/named-columns.ts';
import type { Change } from '../database/named-columns.ts';
import type { Sql, SqlRunner } from '../database/sql.ts';
import { violatedConstraint } from '../database/store-error.ts';

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

/** Changes what is given. Throws `invalid` where people would be called until before it begins. */
export async function saveLineSettings(
  sql: Sql,
  clientId: string,
  change: Change<LineSettings>,
): Promise<LineSettings> {
  try {
    await changeSettingsRow(sql, 'line_settings', clientId, namedColumns(change));
  } catch (error) {
    if (violatedConstraint(error) !== 'line_settings_check') throw error;
    const fields = { outbound_until: ['Must be later than outbound_from.'] };
    throw new AppError('invalid', 'no time of day to call people', { cause: error, fields });
  }
  return findLineSettings(sql, clientId);
}
