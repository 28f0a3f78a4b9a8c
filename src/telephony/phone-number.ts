// Phone numbers: whatever a carrier or an owner writes becomes E.164 or nothing.

import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';
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

/** Area codes of the North American plan that are neither in the United States nor in Canada. */
const islands = new Set(
  '242 246 264 268 284 340 345 441 473 649 658 664 670 671 684 721 758 767 784 787 809 829 849 868 869 876 939'.split(
    ' ',
  ),
);
/** Whose a number of a shared country code is when its digits do not say. */
const mainCountries: Readonly<Record<string, string>> = { 1: 'US', 44: 'GB' };

/** ISO 3166-1 code of the country of an E.164 number; undefined for those of no country, and those that cannot be told. */
export function countryOf(phoneNumber: string): string | undefined {
  const number = parsePhoneNumberFromString(phoneNumber, { extract: false });
  if (!number || number.number !== phoneNumber) return undefined;
  if (number.country !== undefined) return number.country;
  const code: string = number.countryCallingCode;
  if (code === '1' && islands.has(phoneNumber.slice(2, 5))) return undefined;
  const possible = number.getPossibleCountries();
  return mainCountries[code] ?? (possible.length === 1 ? possible[0] : undefined);
}

/** Whether `text` is the ISO 3166-1 code of a country that has telephone numbers. */
export function isCountry(text: string): boolean {
  return isSupportedCountry(text);
}
