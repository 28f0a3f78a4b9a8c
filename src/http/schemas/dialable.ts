// Numbers that owners have us dial: said at once where they may not be.

import { refuseToDial } from '../../telephony/dial-policy.ts';
import type { DialRefusal, DialRules } from '../../telephony/dial-policy.ts';

const refusals: Readonly<Record<DialRefusal, string>> = {
  'not-a-number': 'Must be a telephone number with its country code, such as +12025550123.',
  denied: 'Premium, satellite and personal numbers are never dialled.',
  own: 'This is the number of the client itself.',
  country: 'Not in a country that may be dialled: see allowed_countries of the line settings.',
};

/** Why a number may not be dialled, for its owner; undefined when it may, or when nobody can call anyway. */
export function dialFault(phoneNumber: string, rules: DialRules): string | undefined {
  const refusal = refuseToDial(phoneNumber, rules);
  // Without a number of its own the client's country is not known yet: it counts when it has one.
  if (refusal === undefined || (refusal === 'country' && rules.ownNumber === null))
    return undefined;
  return refusals[refusal];
}
