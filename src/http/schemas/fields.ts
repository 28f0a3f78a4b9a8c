// Bodies beyond their schema: fields that are nobody's to set, telephone numbers as people write them.

import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../../lib/errors.ts';
import { parsePhoneNumber } from '../../telephony/phone-number.ts';

/** More faults than this are not named. */
const FAULTS_MAX = 50;
/** Where a number without a country code is taken to be. */
const COUNTRY = 'US';

/**
 * The writable fields of a body. Others are refused by name, except those that send back what `current` (the row as
 * answers show it) has anyway, so that a row that was read may be sent back with a change.
 */
export function writable<Body extends object>(
  schema: { readonly properties: Readonly<Record<string, unknown>> },
  body: Body,
  current: Readonly<Record<string, unknown>> = {},
): Body {
  const faults: Record<string, string[]> = {};
  const kept: Record<string, unknown> = {};
  let count = 0;
  for (const [name, value] of Object.entries(body)) {
    if (count >= FAULTS_MAX) break;
    if (Object.hasOwn(schema.properties, name)) {
      kept[name] = value;
      continue;
    }
    if (!Object.hasOwn(current, name)) faults[name] = ['There is no such field to set.'];
    else if (!isDeepStrictEqual(value, current[name])) faults[name] = ['This field cannot be set.'];
    count = Object.keys(faults).length;
  }
  refuse(faults);
  return kept as Body;
}

/** E.164 from what an owner typed. Throws `invalid` naming the field. */
export function phoneNumberOf(field: string, text: string): string {
  const number = parsePhoneNumber(text, COUNTRY);
  if (number !== undefined) return number;
  throw invalid(field, 'Must be a telephone number with its country code, such as +12025550123.');
}

/** Throws `invalid` unless there is no fault. */
export function refuse(faults: Readonly<Record<string, readonly string[]>>): void {
  if (Object.keys(faults).length === 0) return;
  throw new AppError('invalid', `not valid: ${Object.keys(faults).join(', ')}`, { fields: faults });
}

/** One fault. */
export function invalid(field: string, text: string): AppError {
  return new AppError('invalid', `not valid: ${field}`, { fields: { [field]: [text] } });
}
