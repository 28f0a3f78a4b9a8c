// X-Twilio-Signature as the carrier makes it, from Twilio's description and not from its library.

import { createHmac } from 'node:crypto';

/**
 * HMAC-SHA1 in base64 over `url` exactly as given and, for a form, each name and value in the order of the names.
 * A WebSocket upgrade is signed with the URL of the TwiML and no fields.
 */
export function signRequest(
  authToken: string,
  url: string,
  fields: Readonly<Record<string, string>> = {},
): string {
  const names = Object.keys(fields).toSorted();
  const text = url + names.map((name) => name + fields[name]!).join('');
  return createHmac('sha1', authToken).update(text, 'utf8').digest('base64');
}
