// Twilio's identifiers: two letters for the kind and 32 hexadecimal digits.

import { randomBytes } from 'node:crypto';

/** AC account, CA call, MZ stream, SM message. */
export function newSid(kind: 'AC' | 'CA' | 'MZ' | 'SM'): string {
  return kind + randomBytes(16).toString('hex');
}
