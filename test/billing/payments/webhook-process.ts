// A process that takes Stripe's messages until it is killed: `webhook-process.ts <database> <port> <stripe url>`.

import Fastify from 'fastify';
import { openStripe } from '../../../src/billing/payments/stripe.ts';
import { answerErrors } from '../../../src/http/every-request/errors.ts';
import { stripeWebhookRoutes } from '../../../src/http/routes/money/stripe-webhook.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { openDatabase } from '../../../src/store/database/sql.ts';
import { STRIPE_KEY, WEBHOOK_SECRET } from '../../support/product/billing.ts';

const [connection, port, url] = process.argv.slice(2) as [string, string, string];
const parts = { clock: systemClock, log: quietLog };
const database = openDatabase({ connection, ...parts });
const settings = { key: STRIPE_KEY, webhookSecret: WEBHOOK_SECRET, url };
const till = await openStripe(settings, systemClock);
const app = Fastify();
answerErrors(app, quietLog);
await app.register(stripeWebhookRoutes({ sql: database.general, ...parts, till }));
await app.listen({ host: '127.0.0.1', port: Number(port) });
process.stdout.write('up\n');
