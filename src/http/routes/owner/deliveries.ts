// What a client has sent or has yet to send: text messages and webhooks, how they went, and another try.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { findDelivery, listDeliveries, retryDelivery } from '../../../store/service/outbox.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { found, requireUser } from '../../identity/auth.ts';
import { pageHeaders, pageQuery, parsePage, tellPage } from '../../schemas/page.ts';
import { requireClient } from '../../every-request/require-client.ts';
import { errors, Id, nullable, optional, signedIn, Timestamp } from '../../schemas/schemas.ts';
import { toWire } from '../../schemas/wire.ts';

const Kind = Type.Enum(['sms', 'webhook']);
const State = Type.Enum(['waiting', 'delivered', 'failed', 'dropped'], {
  description:
    'failed: given up after all attempts. dropped: not to be sent, because of an opt-out or a limit.',
});
const DeliveryAnswer = Type.Object(
  {
    id: Id,
    client_id: Id,
    kind: Kind,
    recipient: nullable(Type.String({ description: 'E.164; null for webhooks.' })),
    target_host: nullable(
      Type.String({
        description:
          'Of a webhook: where the last attempt went, or, while it waits, where the next one goes.',
        examples: ['example.com'],
      }),
    ),
    event: Type.String({ examples: ['message.created'] }),
    body: nullable(Type.String({ description: 'The words of a text message.' })),
    payload: nullable(
      Type.Record(Type.String(), Type.Any(), { description: 'What the webhook gets as `data`.' }),
    ),
    state: State,
    attempts: Type.Integer(),
    last_error: nullable(Type.String()),
    next_attempt_at: nullable(
      Type.String({
        format: 'date-time',
        description: 'When it is tried next, or again. Null when it is settled.',
        examples: ['2026-02-06T10:00:30.000Z'],
      }),
    ),
    created_at: Timestamp,
    settled_at: nullable(Timestamp),
  },
  { title: 'Delivery' },
);
const ofClient = Type.Object({ client_id: Id });
const ofDelivery = Type.Object({ client_id: Id, delivery_id: Id });
const tags = ['Deliveries'];

export function deliveryRoutes({ sql }: { sql: Sql }): FastifyPluginAsync {
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);
    app.addHook('onRequest', requireClient(sql));

    app.get(
      '/api/clients/:client_id/deliveries',
      {
        schema: {
          tags,
          summary: 'List the text messages and webhooks of a client',
          description: `Newest first. Kept for 30 days. ${pageHeaders}`,
          security: signedIn,
          params: ofClient,
          querystring: Type.Object({
            ...pageQuery,
            kind: optional(Kind),
            state: optional(State),
            payloads: Type.Boolean({
              default: true,
              description: 'false leaves `payload` out: null for each. That of a call is long.',
            }),
          }),
          response: { 200: Type.Array(DeliveryAnswer), ...errors(401, 404) },
        },
      },
      async (request, reply) => {
        const { kind, state, payloads: withPayload } = request.query;
        const filter = { clientId: request.params.client_id, kind, state, withPayload };
        const page = await listDeliveries(sql, filter, parsePage(request.query));
        tellPage(request, reply, page);
        return page.rows.map(toWire);
      },
    );

    app.get(
      '/api/clients/:client_id/deliveries/:delivery_id',
      {
        schema: {
          tags,
          summary: 'Get a text message or webhook with what it carries',
          security: signedIn,
          params: ofDelivery,
          response: { 200: DeliveryAnswer, ...errors(401, 404) },
        },
      },
      async (request) => {
        const { client_id: clientId, delivery_id: id } = request.params;
        return toWire(found(await findDelivery(sql, { id, clientId })));
      },
    );

    app.post(
      '/api/clients/:client_id/deliveries/:delivery_id/retry',
      {
        schema: {
          tags,
          summary: 'Send again what could not be delivered',
          description:
            'At once: what is `failed`, a `dropped` webhook, and what is `waiting` for another attempt. Everything else stays as it is, so asking twice sends it once.',
          security: signedIn,
          params: ofDelivery,
          response: { 200: DeliveryAnswer, ...errors(401, 403, 404) },
        },
      },
      async (request) => {
        const { client_id: clientId, delivery_id: id } = request.params;
        return toWire(found(await retryDelivery(sql, { id, clientId })));
      },
    );
  };
  return routes;
}
