// The home page of an owner in one answer.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { readOverview } from '../../../store/clients/overview.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { reachOf, requireUser, userOf } from '../../identity/auth.ts';
import { errors, Id, nullable, PhoneNumber, signedIn, Timestamp } from '../../schemas/schemas.ts';
import { toWire } from '../../schemas/wire.ts';

const milliseconds = nullable(Type.Number());

const ClientToday = Type.Object({
  client_id: Id,
  name: Type.String(),
  zone: Type.String(),
  phone_number: nullable(PhoneNumber),
  is_active: Type.Boolean(),
  balance_seconds: Type.Integer(),
  debt_seconds: Type.Integer(),
  alert_below_seconds: nullable(Type.Integer()),
  low: Type.Boolean({ description: 'Whether little talk time is left: as in the balance.' }),
  running_calls: Type.Integer(),
  unread_messages: Type.Integer(),
  calls: Type.Integer({ description: "Since midnight in the client's zone." }),
  minutes: Type.Number(),
  bookings: Type.Integer({ description: 'Made today.' }),
  appointments: Type.Integer({ description: 'Taking place today.' }),
});

const Overview = Type.Object(
  {
    clients: Type.Array(ClientToday),
    response_ms: Type.Object(
      { p50: milliseconds, p95: milliseconds },
      { description: "Of today's replies; null without any." },
    ),
    appointments: Type.Array(
      Type.Object({
        id: Id,
        client_id: Id,
        starts_at: Timestamp,
        ends_at: Timestamp,
        name: Type.String(),
        reason: Type.String(),
        status: Type.Enum(['confirmed', 'held'], {
          description: 'held: promised to a caller, and certain once Google has answered.',
        }),
      }),
      { description: 'The next ones.' },
    ),
    messages: Type.Array(
      Type.Object({
        id: Id,
        client_id: Id,
        name: Type.String(),
        phone: Type.String(),
        text: Type.String(),
        urgent: Type.Boolean(),
        read_at: nullable(Timestamp),
        created_at: Timestamp,
      }),
      { description: 'Unread ones first.' },
    ),
    calls: Type.Array(
      Type.Object({
        id: Id,
        client_id: Id,
        caller_phone: nullable(PhoneNumber),
        contact_name: nullable(Type.String()),
        channel: Type.String(),
        started_at: Timestamp,
        duration: Type.Integer({ description: 'Seconds.' }),
        outcome: nullable(Type.String()),
      }),
      { description: 'The latest.' },
    ),
  },
  {
    examples: [
      {
        clients: [],
        response_ms: { p50: 640, p95: 910 },
        appointments: [],
        messages: [],
        calls: [],
      },
    ],
  },
);

export function overviewRoutes({ sql }: { sql: Sql }): FastifyPluginAsync {
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);
    app.get(
      '/api/overview',
      {
        schema: {
          tags: ['Overview'],
          summary: 'Today, for all clients',
          description:
            "What a home page shows: each client's day and balance, what comes next, what callers left word of. Administrators and moderators see all.",
          security: signedIn,
          response: { 200: Overview, ...errors(401) },
        },
      },
      async (request) => {
        const overview = await readOverview(sql, reachOf(userOf(request)));
        return {
          clients: overview.clients.map(({ seconds, ...client }) => ({
            ...toWire(client),
            minutes: Math.round(seconds / 6) / 10,
          })),
          response_ms: { p50: overview.response.p50Ms, p95: overview.response.p95Ms },
          appointments: overview.appointments.map(toWire),
          messages: overview.messages.map(toWire),
          calls: overview.calls.map(({ durationMs, ...call }) => ({
            ...toWire(call),
            duration: Math.round(durationMs / 1000),
          })),
        };
      },
    );
  };
  return routes;
}
