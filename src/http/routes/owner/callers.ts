// Who may call how often, and who may not call at all.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Clock } from '../../../lib/clock.ts';
import { newId } from '../../../lib/ids.ts';
import {
  blockCaller,
  findCallerLimits,
  listBlockedCallers,
  saveCallerLimits,
  unblockCaller,
} from '../../../store/calls/caller-limits.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { found, requireUser } from '../../identity/auth.ts';
import { phoneNumberOf, writable } from '../../schemas/fields.ts';
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
import { toWire } from '../../schemas/wire.ts';

const limits = {
  concurrent_max: Type.Integer({
    minimum: 1,
    maximum: 1000,
    description: 'Calls of one caller at once.',
  }),
  calls_max: Type.Integer({
    minimum: 1,
    maximum: 100_000,
    description: 'Calls of one caller in ten minutes.',
  }),
  caller_seconds_max: nullable(
    Type.Integer({
      minimum: 60,
      maximum: 86_400,
      description: 'Seconds of one caller within 24 hours; null for no limit.',
    }),
  ),
  client_seconds_max: nullable(
    Type.Integer({
      minimum: 60,
      maximum: 8_640_000,
      description: 'Seconds of all callers within 24 hours; null for no limit.',
    }),
  ),
  block_withheld: Type.Boolean({
    description: 'Whether callers without a number are turned away.',
  }),
};
const example = { concurrent_max: 3, calls_max: 10, block_withheld: true };
const Limits = Type.Object(limits, {
  examples: [{ ...example, caller_seconds_max: 7200, client_seconds_max: null }],
});
const LimitsChange = Type.Partial(Type.Object(limits), { examples: [example] });

const NewBlocked = Type.Object(
  {
    phone_number: Type.String({
      maxLength: 40,
      description: 'A number, or the beginning of many with a star behind it.',
      examples: ['+14155550123'],
    }),
    note: optional(Type.String({ maxLength: 500 })),
  },
  { examples: [{ phone_number: '+14155550123', note: 'Sells things' }] },
);
const Blocked = Type.Object({
  id: Id,
  client_id: Id,
  phone_number: Type.String(),
  note: Type.String(),
  created_at: Timestamp,
});
const ofClient = Type.Object({ client_id: Id });
const ofBlocked = Type.Object({ client_id: Id, blocked_id: Id });
const tags = ['Callers'];

export function callerRoutes({ sql, clock }: { sql: Sql; clock: Clock }): FastifyPluginAsync {
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);
    app.addHook('onRequest', requireClient(sql));

    app.get(
      '/api/clients/:client_id/caller-limits',
      {
        schema: {
          tags,
          summary: 'Get how often callers may call',
          description:
            'Calls beyond these limits are turned away unanswered, at no cost, and the owner is told.',
          security: signedIn,
          params: ofClient,
          response: { 200: Limits, ...errors(401, 404) },
        },
      },
      async (request) => toWire(await findCallerLimits(sql, request.params.client_id)),
    );

    app.patch(
      '/api/clients/:client_id/caller-limits',
      {
        schema: {
          tags,
          summary: 'Change how often callers may call',
          description: 'What is left out stays as it is.',
          security: signedIn,
          params: ofClient,
          body: LimitsChange,
          response: { 200: Limits, ...errors(401, 403, 404) },
        },
      },
      async (request) => {
        const clientId = request.params.client_id;
        const body = writable(LimitsChange, request.body);
        const saved = await saveCallerLimits(sql, clientId, {
          concurrentMax: body.concurrent_max,
          callsMax: body.calls_max,
          callerSecondsMax: body.caller_seconds_max,
          clientSecondsMax: body.client_seconds_max,
          blockWithheld: body.block_withheld,
        });
        return toWire(saved);
      },
    );

    app.get(
      '/api/clients/:client_id/blocked-callers',
      {
        schema: {
          tags,
          summary: 'List the numbers that are turned away',
          description: 'Newest first, at most 1000.',
          security: signedIn,
          params: ofClient,
          response: { 200: Type.Array(Blocked), ...errors(401, 404) },
        },
      },
      async (request) => (await listBlockedCallers(sql, request.params.client_id)).map(toWire),
    );

    app.post(
      '/api/clients/:client_id/blocked-callers',
      {
        schema: {
          tags,
          summary: 'Turn a number away',
          description: 'From now on its calls are not answered.',
          security: signedIn,
          params: ofClient,
          body: NewBlocked,
          response: { 201: Blocked, ...errors(401, 403, 404) },
        },
      },
      async (request, reply) => {
        const { phone_number: given, note = '' } = writable(NewBlocked, request.body);
        // The beginning of a number is none, so it is taken as it is.
        const isPrefix = /^\+[1-9]\d{0,14}\*$/.test(given);
        const phoneNumber = isPrefix ? given : phoneNumberOf('phone_number', given);
        const clientId = request.params.client_id;
        const id = newId(clock.now());
        reply.code(201);
        return toWire(await blockCaller(sql, { id, clientId, phoneNumber, note }));
      },
    );

    app.delete(
      '/api/clients/:client_id/blocked-callers/:blocked_id',
      {
        schema: {
          tags,
          summary: 'Let a number call again',
          security: signedIn,
          params: ofBlocked,
          response: { 200: Message, ...errors(401, 403, 404) },
        },
      },
      async (request) => {
        const { client_id: clientId, blocked_id: id } = request.params;
        found((await unblockCaller(sql, { id, clientId })) || undefined);
        return { message: 'Number unblocked successfully' };
      },
    );
  };
  return routes;
}
