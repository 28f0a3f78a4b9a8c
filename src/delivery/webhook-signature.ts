// Signs what is sent to an owner's webhook, so that the receiver knows who sent it, and when.

import { createHmac } from 'node:crypto';

/** `t=<unix seconds>,v1=<hex>`, with one `v1` for each secret that is good: any of them may be checked. */
export const SIGNATURE_HEADER = 'frontdesk-signature';

/** HMAC-SHA256 over `<unix seconds>.<body>` with the secret's text as key. Documented in docs/WEBHOOKS.md. */
export function signWebhook(secrets: readonly string[], body: string, unixSeconds: number): string {
  const signatures = secrets.map(
    (secret) => `v1=${createHmac('sha256', secret).update(`${unixSeconds}.${body}`).digest('hex')}`,
  );
  return [`t=${unixSeconds}`, ...signatures].join(',');
}
