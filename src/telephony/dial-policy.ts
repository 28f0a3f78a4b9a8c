// Which numbers we dial and text at all: those of allowed countries, and none of those that exist to cost the caller money.

import { countryOf } from './phone-number.ts';

/** Number prefixes that are refused whatever is allowed: premium rates, satellites, personal and international services. */
const deniedPrefixes = [
  '+1900',
  '+1976',
  // Premium within the North American plan, and numbers that follow their owner.
  '+1500',
  '+1521',
  '+1522',
  '+1533',
  '+1544',
  '+1566',
  '+1577',
  '+1588',
  '+1700',
  // Premium and personal numbers of the United Kingdom.
  '+449',
  '+4470',
  '+4484',
  '+4487',
  // Premium numbers of France, Germany, Italy, Spain and Portugal.
  '+3389',
  '+49900',
  '+49137',
  '+49180',
  '+39199',
  '+39899',
  '+39892',
  '+39895',
  '+34803',
  '+34806',
  '+34807',
  '+34905',
  '+351760',
  '+351761',
  // Satellites, international networks and services.
  '+870',
  '+878',
  '+881',
  '+882',
  '+883',
  '+888',
  '+979',
  '+991',
  '+800',
  '+808',
];

/** `976` is premium in every area code of the North American plan. */
const deniedForms = [/^\+1\d{3}976\d{4}$/];

/** `own`: the number that rings here, and would be sent on for ever. */
export type DialRefusal = 'not-a-number' | 'denied' | 'own' | 'country';

export interface DialRules {
  /** ISO 3166 codes; empty: the country of `ownNumber` alone. */
  readonly allowedCountries: readonly string[];
  /** The client's own number. */
  readonly ownNumber: string | null;
}

/** Why `phoneNumber` is not dialled; undefined when it may be. */
export function refuseToDial(phoneNumber: string, rules: DialRules): DialRefusal | undefined {
  if (!/^\+[1-9]\d{6,14}$/.test(phoneNumber)) return 'not-a-number';
  if (deniedPrefixes.some((prefix) => phoneNumber.startsWith(prefix))) return 'denied';
  if (deniedForms.some((form) => form.test(phoneNumber))) return 'denied';
  const { allowedCountries, ownNumber } = rules;
  if (phoneNumber === ownNumber) return 'own';
  const country = countryOf(phoneNumber);
  if (country === undefined) return 'country';
  const own = ownNumber === null ? undefined : countryOf(ownNumber);
  const allowed = allowedCountries.length > 0 ? allowedCountries : [own];
  return allowed.includes(country) ? undefined : 'country';
}
