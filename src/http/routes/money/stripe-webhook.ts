// Stripe's messages: signed over the raw body, answered only when what they say is committed.

import type { FastifyPluginAsync } from 'fastify';
import { applyEvent } from '../../../billing/payments/stripe-events.ts';
import type { EventParts } from '../../../billing/payments/stripe-events.ts';

/** Stripe's own messages are far smaller. */
const BODY_BYTES_MAX = 512 * 1024;

export interface StripeWebhookParts extends Omit<EventParts, 'till'> {
  /** Undefined where no payments are configured. */
  readonly till: EventParts['till'] | undefined;
}

/** contracts/frontdesk-api.md "Stripe Webhook". Anything but 2xx makes Stripe send the message again, for three days. */
export function stripeWebhookRoutes(parts: StripeWebhookParts): FastifyPluginAsync {
  return async (app) => {
    app.removeAllContentTypeParsers();
    // The signature is over the bytes as they came.
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    );

    app.post('/api/stripe/webhook', { bodyLimit: BODY_BYTES_MAX }, async (request, reply) => {
      const { till } = parts;
      reply.header('cache-control', 'no-store');
      if (!till) return reply.code(503).send({ detail: 'STRIPE_SECRET_KEY is not set.' });
      const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const signature = request.headers['stripe-signature'];
      const event = await till.readEvent(
        raw,
        typeof signature === 'string' ? signature : undefined,
      );
      await applyEvent({ ...parts, till }, event);
      return { received: true };
    });
  };
}
