// Phone numbers: whatever a carrier or an owner writes becomes E.164 or nothing.

import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { CountryCode } from 'libphonenumber-js/min';

/** Longer than any number with its punctuation; the rest is not looked at. */
const TEXT_LENGTH_MAX = 40;
/** Digits and what people put between them. No letters: they would be dialled, or hide an address. */
const plausible = /^\+?[\d\s().\-/]+$/;

/** Words in digits that carriers send in place of a withheld number: ANONYMOUS, RESTRICTED, BLOCKED and so on. */
const withheld = new Set(['+266696687', '+7378742833', '+2562533', '+8656696', '+86282452253']);

/** What stands in a URL for a caller without a number. */
const ANONYMOUS = 'anonymous';

/**
 * E.164, or undefined for what is no number, is withheld, or cannot exist. A number without a country code needs
 * `country`. Whether anybody has the number is not checked.
 */
export function parsePhoneNumber(text: unknown, country?: CountryCode): string | undefined {
  if (typeof text !== 'string' || text.length > TEXT_LENGTH_MAX) return undefined;
  const trimmed = text.trim();
  if (!plausible.test(trimmed)) return undefined;
  const number = parsePhoneNumberFromString(
    trimmed,
    country ? { defaultCountry: country, extract: false } : { extract: false },
  );
  if (!number?.isPossible() || withheld.has(number.number)) return undefined;
  return number.number;
}

/** Whether `text` may be called a country here: ISO 3166-1, two capital letters. */
export type { CountryCode };

/** The caller as the last segment of the media stream's path. */
export function formatCallerSegment(phoneNumber: string | undefined): string {
  return encodeURIComponent(phoneNumber ?? ANONYMOUS);
}

/** The inverse; undefined for `anonymous` and for anything that is not E.164. Never proof of who is calling. */
export function parseCallerSegment(segment: string): string | undefined {
  let text: string;
  try {
    text = decodeURIComponent(segment);
  } catch {
    return undefined;
  }
  return text.startsWith('+') ? parsePhoneNumber(text) : undefined;
}
