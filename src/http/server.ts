// The Fastify app: plug-ins and routes in the order they run.

import formbody from '@fastify/formbody';
import helmet from '@fastify/helmet';
import websocket from '@fastify/websocket';
import Fastify from 'fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Log } from '../lib/log.ts';
import type { Metrics } from '../lib/metrics.ts';
import type { Sql } from '../store/database/sql.ts';
import { mediaSocketOptions } from '../telephony/twilio-stream.ts';
import { apiRoutes } from './api.ts';
import type { ApiParts } from './api.ts';
import { answerErrors, answerParser } from './every-request/errors.ts';
import { dashboardRoutes } from './routes/service/dashboard.ts';
import { healthRoutes } from './routes/service/health.ts';
import type { HealthParts } from './routes/service/health.ts';
import { internalRoutes } from './routes/service/internal.ts';
import { metricsRoutes, openMetricsRoutes } from './routes/service/metrics.ts';
import type { MetricsRoutesParts } from './routes/service/metrics.ts';
import { mediaStreamRoutes } from './routes/carrier/media-stream.ts';
import type { MediaStreamParts } from './routes/carrier/media-stream.ts';
import { outboundWebhooks } from './routes/carrier/outbound-webhooks.ts';
import type { OutboundWebhookParts } from './routes/carrier/outbound-webhooks.ts';
import { transferWebhooks } from './routes/carrier/transfer-webhooks.ts';
import type { TransferWebhookParts } from './routes/carrier/transfer-webhooks.ts';
import { smsRoutes } from './routes/carrier/sms.ts';
import type { SmsParts } from './routes/carrier/sms.ts';
import { stripeWebhookRoutes } from './routes/money/stripe-webhook.ts';
import { voiceRoutes } from './routes/carrier/voice.ts';
import type { VoiceParts } from './routes/carrier/voice.ts';
import { allowOrigins, securityHeaders } from './every-request/security.ts';

/** Without these a request may take forever, and hold a connection all the while. */
const HEADERS_MS = 10_000;
/** Node looks that often whether somebody is too slow; its own 30 s would make 40 of 10. */
const LOOK_MS = 1000;
const REQUEST_MS = 20_000;
const KEEP_ALIVE_MS = 65_000;
const BODY_BYTES_MAX = 1024 * 1024;
const HEADER_BYTES_MAX = 16 * 1024;
const SOCKET_MESSAGE_BYTES_MAX = 512 * 1024;

const limits = {
  logger: false,
  bodyLimit: BODY_BYTES_MAX,
  requestTimeout: REQUEST_MS,
  keepAliveTimeout: KEEP_ALIVE_MS,
  forceCloseConnections: true,
  http: {
    headersTimeout: HEADERS_MS,
    connectionsCheckingInterval: LOOK_MS,
    maxHeaderSize: HEADER_BYTES_MAX,
  },
  // Many frameworks' clients end addresses with a slash, and the servers they were written for take them.
  routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
  clientErrorHandler: answerParser,
} as const;

export interface ServerParts {
  readonly log: Log;
  readonly health: HealthParts;
  readonly metrics: MetricsRoutesParts;
  readonly voice: VoiceParts;
  readonly sms: SmsParts;
  readonly transfers: TransferWebhookParts;
  readonly outbound: OutboundWebhookParts;
  readonly mediaStream: MediaStreamParts;
  readonly api: ApiParts;
  /** The built dashboard's folder; undefined: none is served. */
  readonly dashboard?: string | undefined;
  /** Proxies in front of us whose word on the client's address is taken; 0 for none. */
  readonly trustedProxies: number;
}

/** What other services of ours may ask. Ready to listen, on an address that only they can reach. */
export async function buildInternalServer(parts: {
  readonly log: Log;
  readonly sql: Sql;
  readonly metrics: Metrics;
}): Promise<FastifyInstance> {
  const app = Fastify(limits);
  answerErrors(app, parts.log);
  await app.register(internalRoutes(parts));
  await app.register(openMetricsRoutes(parts));
  return app;
}

/** Ready to listen. `close` cuts what is open: end the calls first. */
export async function buildServer(parts: ServerParts): Promise<FastifyInstance> {
  const app = Fastify({
    ...limits,
    // An address that cannot be decoded, or with an id that is too long, is as unknown as any other.
    frameworkErrors: (_error, _request, reply) =>
      void (reply as FastifyReply).code(404).send({ detail: 'Not found.' }),
    trustProxy: (_address: string, hop: number) => hop < parts.trustedProxies,
  });
  answerErrors(app, parts.log);
  // Who keeps a connection to a process that ends would go on asking it.
  app.addHook('onSend', async (_request, reply) => {
    if (parts.health.draining()) reply.header('connection', 'close');
  });
  await app.register(helmet, securityHeaders(parts.api.publicUrl));
  await allowOrigins(app, parts.api.corsOrigins);
  await app.register(formbody);
  await app.register(websocket, {
    // Spoken messages of a chat are the longest; the other sockets have bounds of their own.
    options: { ...mediaSocketOptions, maxPayload: SOCKET_MESSAGE_BYTES_MAX },
    // The plug-in's own cuts the connection, and with it the close code that has just been sent for a broken rule.
    errorHandler(error, socket) {
      parts.log.warn('socket failed', { error });
      if (socket.readyState === socket.OPEN) socket.close(1011);
    },
  });
  await app.register(healthRoutes(parts.health));
  await app.register(metricsRoutes(parts.metrics));
  await app.register(voiceRoutes(parts.voice));
  await app.register(smsRoutes(parts.sms));
  await app.register(transferWebhooks(parts.transfers));
  await app.register(outboundWebhooks(parts.outbound));
  await app.register(mediaStreamRoutes(parts.mediaStream));
  const { sql, clock, log, owners } = parts.api;
  await app.register(stripeWebhookRoutes({ sql, clock, log, till: owners.till }));
  await app.register(apiRoutes(parts.api));
  if (parts.dashboard !== undefined) await app.register(dashboardRoutes(parts.dashboard));
  return app;
}
