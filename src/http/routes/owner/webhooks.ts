// Where a client wants to be told of what happens: the address, its secret, and a try.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Clock } from '../../../lib/clock.ts';
import { AppError } from '../../../lib/errors.ts';
import { parseGuardedUrl } from '../../../lib/guarded-fetch.ts';
import { newId, newToken } from '../../../lib/ids.ts';
import type { Sealer } from '../../../lib/sealing.ts';
import { enqueueWebhook } from '../../../store/service/outbox.ts';
import type { Sql } from '../../../store/database/sql.ts';
import {
  deleteWebhook,
  findWebhook,
  rotateWebhookSecret,
  saveWebhook,
} from '../../../store/clients/webhook-endpoints.ts';
import type { WebhookEndpoint } from '../../../store/clients/webhook-endpoints.ts';
import { found, requireUser } from '../../identity/auth.ts';
import { invalid, writable } from '../../schemas/fields.ts';
import { requireClient } from '../../every-request/require-client.ts';
import {
  errors,
  Id,
  Message,
  nullable,
  optional,
  signedIn,
  Timestamp,
} from '../../schemas/schemas.ts';

/** How long the secret before goes on signing beside the new one. */
const ROTATION_HOURS = 24;

const Body = Type.Object(
  {
    url: Type.String({
      maxLength: 2048,
      description: 'https, on a public address. Redirects are not followed.',
      examples: ['https://example.com/frontdesk'],
    }),
    is_active: optional(Type.Boolean()),
  },
  { examples: [{ url: 'https://example.com/frontdesk' }] },
);
const answer = {
  url: Type.String(),
  is_active: Type.Boolean(),
  previous_secret_until: nullable(Timestamp),
  created_at: Timestamp,
  updated_at: Timestamp,
};
const WebhookAnswer = Type.Object(answer);
const WithSecret = Type.Object({
  ...answer,
  secret: Type.Optional(
    Type.String({ description: 'Signs what is sent. Shown when it is made, and never again.' }),
  ),
});
const ofClient = Type.Object({ client_id: Id });
const tags = ['Webhooks'];

export interface WebhookRoutesParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly sealer: Sealer;
  /** Origins on loopback that may be named all the same: of the configuration. */
  readonly loopbackOrigins: readonly string[];
}

export function webhookRoutes(parts: WebhookRoutesParts): FastifyPluginAsync {
  const { sql, clock, sealer, loopbackOrigins } = parts;
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);
    app.addHook('onRequest', requireClient(sql));

    app.get(
      '/api/clients/:client_id/webhook',
      {
        schema: {
          tags,
          summary: 'Get where a client is told of what happens',
          description: 'docs/WEBHOOKS.md lists the events, and how to check the signature.',
          security: signedIn,
          params: ofClient,
          response: {
            200: Type.Object({ webhook: nullable(WebhookAnswer) }),
            ...errors(401, 404),
          },
        },
      },
      async (request) => {
        const webhook = await findWebhook(sql, request.params.client_id);
        return { webhook: webhook ? answerOf(webhook) : null };
      },
    );

    app.put(
      '/api/clients/:client_id/webhook',
      {
        schema: {
          tags,
          summary: 'Set where a client is told of what happens',
          description: 'The secret is made with the first address and stays when it changes.',
          security: signedIn,
          params: ofClient,
          body: Body,
          response: { 200: WithSecret, ...errors(401, 403, 404) },
        },
      },
      async (request) => {
        const clientId = request.params.client_id;
        const body = writable(Body, request.body);
        const secret = newSecret();
        const isNew = await saveWebhook(sql, {
          clientId,
          url: urlOf(body.url),
          isActive: body.is_active ?? true,
          secretSealed: sealer.seal(secret, clientId),
        });
        const webhook = found(await findWebhook(sql, clientId));
        return { ...answerOf(webhook), ...(isNew && { secret }) };
      },
    );

    app.post(
      '/api/clients/:client_id/webhook/secret',
      {
        schema: {
          tags,
          summary: "Change a webhook's secret",
          description: `For ${ROTATION_HOURS} hours what is sent is signed with both.`,
          security: signedIn,
          params: ofClient,
          response: { 200: WithSecret, ...errors(401, 403, 404, 409) },
        },
      },
      async (request) => {
        const clientId = request.params.client_id;
        const secret = newSecret();
        const secretSealed = sealer.seal(secret, clientId);
        if (!(await rotateWebhookSecret(sql, { clientId, secretSealed, hours: ROTATION_HOURS }))) {
          throw noWebhook();
        }
        return { ...answerOf(found(await findWebhook(sql, clientId))), secret };
      },
    );

    app.post(
      '/api/clients/:client_id/webhook/test',
      {
        schema: {
          tags,
          summary: 'Send a test event to a webhook',
          description: 'The list of deliveries shows how it went.',
          security: signedIn,
          params: ofClient,
          response: { 202: Message, ...errors(401, 403, 404, 409) },
        },
      },
      async (request, reply) => {
        const clientId = request.params.client_id;
        const id = newId(clock.now());
        const sent = await enqueueWebhook(sql, {
          clientId,
          event: 'webhook.test',
          data: { text: 'This is a test.' },
          dedupeKey: `test:${id}`,
        });
        if (!sent) throw noWebhook();
        reply.code(202);
        return { message: 'A test event is on its way' };
      },
    );

    app.delete(
      '/api/clients/:client_id/webhook',
      {
        schema: {
          tags,
          summary: 'Delete a webhook',
          description: 'What waits to be sent to it is dropped.',
          security: signedIn,
          params: ofClient,
          response: { 200: Message, ...errors(401, 403, 404) },
        },
      },
      async (request) => {
        await deleteWebhook(sql, request.params.client_id);
        return { message: 'Webhook deleted successfully' };
      },
    );
  };
  return routes;

  function urlOf(text: string): string {
    try {
      return parseGuardedUrl(text.trim(), loopbackOrigins).href;
    } catch (error) {
      if (error instanceof AppError) throw invalid('url', error.publicMessage);
      throw error;
    }
  }
}

function noWebhook(): AppError {
  return new AppError('conflict', 'the client has no webhook', {
    publicMessage: 'This client has no webhook that is switched on.',
  });
}

function newSecret(): string {
  return `whsec_${newToken()}`;
}

function answerOf({ url, isActive, previousUntil, createdAt, updatedAt }: WebhookEndpoint) {
  return {
    url,
    is_active: isActive,
    previous_secret_until: previousUntil?.toISOString() ?? null,
    created_at: createdAt.toISOString(),
    updated_at: updatedAt.toISOString(),
  };
}
