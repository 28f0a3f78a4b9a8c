// Calls that a client makes, asked for by its owner; under two names, one of which answers in a form of its own.

import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { placeOutboundCall } from '../../../reception/outbound/outbound.ts';
import type { OutboundParts } from '../../../reception/outbound/outbound.ts';
import {
  findOutboundCall,
  listOutboundCalls,
  outboundStates,
} from '../../../store/calls/outbound-calls.ts';
import type { OutboundCall } from '../../../store/calls/outbound-calls.ts';
import { reachesClient } from '../../../store/clients/owned-clients.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { found, reachOf, requireUser, userOf } from '../../identity/auth.ts';
import type { User } from '../../identity/auth.ts';
import { outcomes } from '../../schemas/conversation-schemas.ts';
import { phoneNumberOf, writable } from '../../schemas/fields.ts';
import { pageHeaders, pageQuery, parsePage, tellPage } from '../../schemas/page.ts';
import {
  errors,
  Id,
  nullable,
  optional,
  PhoneNumber,
  signedIn,
  Timestamp,
} from '../../schemas/schemas.ts';
import { toWire } from '../../schemas/wire.ts';

const Purpose = Type.Enum(['reminder', 'callback', 'other']);
const Body = Type.Object(
  {
    client_id: Id,
    phone_number: Type.String({ maxLength: 40, examples: ['+12025550145'] }),
    purpose: optional(Purpose),
    text: Type.String({
      minLength: 1,
      maxLength: 1000,
      description: 'What it is about, said after who is calling.',
      examples: ['I am calling to remind you of your appointment tomorrow at ten.'],
    }),
    voicemail_text: optional(
      Type.String({
        maxLength: 1000,
        description: 'Left on an answering machine. Empty: the text, who called, and the number.',
      }),
    ),
  },
  {
    examples: [
      {
        client_id: '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5a',
        phone_number: '+12025550145',
        purpose: 'reminder',
        text: 'I am calling to remind you of your appointment tomorrow at ten.',
      },
    ],
  },
);
const CallAnswer = Type.Object(
  {
    id: Id,
    client_id: Id,
    phone_number: PhoneNumber,
    purpose: Purpose,
    text: Type.String(),
    voicemail_text: Type.String(),
    state: Type.Enum([...outboundStates]),
    answered_by: Type.Enum(['human', 'machine', 'fax', 'unknown']),
    call_sid: nullable(Type.String()),
    conversation_id: nullable(Id),
    outcome: nullable(
      Type.String({ enum: outcomes, description: 'Of its conversation, once that is over.' }),
    ),
    duration_seconds: nullable(Type.Integer()),
    created_at: Timestamp,
    ended_at: nullable(Timestamp),
  },
  { title: 'Call' },
);
const Made = Type.Object({ success: Type.Literal(true), data: CallAnswer, message: Type.String() });
const Failed = Type.Object({
  success: Type.Literal(false),
  error: Type.Object({ code: Type.String(), message: Type.String(), details: Type.String() }),
});
const tags = ['Calls to people'];
const description =
  'Only to numbers with a consent (written down, or they have called within 90 days), within the hours and countries of the line settings, at most three times a day. An answering machine is left the message. Metered like any call.';

/** What is told for each status under the second name, whatever went wrong behind it. */
const failures: Readonly<Record<number, readonly [code: string, message: string]>> = {
  400: ['INVALID_REQUEST', 'The request is not valid'],
  401: ['UNAUTHORIZED', 'Authentication required'],
  402: ['OUT_OF_BALANCE', 'There is no credit left'],
  403: ['FORBIDDEN', 'Forbidden'],
  404: ['NOT_FOUND', 'Not found'],
  409: ['CALL_REFUSED', 'The call is not made now'],
  429: ['RATE_LIMIT_EXCEEDED', 'Rate limit exceeded'],
};
const otherwise = ['CALL_FAILED', 'Unable to make the call'] as const;

export interface OutboundRoutesParts {
  readonly sql: Sql;
  readonly outbound: OutboundParts;
}

export function outboundRoutes({ sql, outbound }: OutboundRoutesParts): FastifyPluginAsync {
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);

    app.post(
      '/api/calls',
      {
        schema: {
          tags,
          summary: 'Call somebody',
          description,
          security: signedIn,
          body: Body,
          response: { 201: CallAnswer, ...errors(401, 402, 403, 404, 409, 502) },
        },
      },
      async (request, reply) => {
        reply.code(201);
        return toWire(await place(userOf(request), request.body));
      },
    );

    app.get(
      '/api/calls',
      {
        schema: {
          tags,
          summary: 'List the calls your clients made',
          description: `Newest first. ${pageHeaders}`,
          security: signedIn,
          querystring: Type.Object({ ...pageQuery, client_id: optional(Id) }),
          response: { 200: Type.Array(CallAnswer), ...errors(401) },
        },
      },
      async (request, reply) => {
        const reach = reachOf(userOf(request));
        const filter = { clientId: request.query.client_id };
        const page = await listOutboundCalls(sql, reach, filter, parsePage(request.query));
        tellPage(request, reply, page);
        return page.rows.map(toWire);
      },
    );

    app.get(
      '/api/calls/:outbound_id',
      {
        schema: {
          tags,
          summary: 'Get a call that a client made',
          security: signedIn,
          params: Type.Object({ outbound_id: Id }),
          response: { 200: CallAnswer, ...errors(401, 404) },
        },
      },
      async (request) => {
        const reach = reachOf(userOf(request));
        return toWire(found(await findOutboundCall(sql, reach, request.params.outbound_id)));
      },
    );

    await app.register(secondName);
  };
  return routes;

  /** contracts/vapi-sessions.md: its forms of success and failure. */
  async function secondName(app: Parameters<FastifyPluginAsyncTypebox>[0]): Promise<void> {
    app.addHook('preSerialization', async (_request, reply: FastifyReply, payload: unknown) =>
      reply.statusCode < 400 ? payload : failureOf(reply.statusCode, payload),
    );
    const statuses = [400, 401, 402, 403, 404, 409, 413, 415, 429, 500, 502, 503];
    app.post(
      '/make-call',
      {
        schema: {
          tags,
          summary: 'Call somebody, with answers in the form of the Vapi document',
          description,
          security: signedIn,
          body: Body,
          response: {
            200: Made,
            ...Object.fromEntries(statuses.map((status) => [status, Failed])),
          },
        },
      },
      async (request) => ({
        success: true as const,
        data: toWire(await place(userOf(request), request.body)),
        message: 'Call initiated',
      }),
    );
  }

  async function place(user: User, given: Static<typeof Body>): Promise<OutboundCall> {
    const body = writable(Body, given);
    found((await reachesClient(sql, reachOf(user), body.client_id)) || undefined);
    return placeOutboundCall(outbound, {
      clientId: body.client_id,
      phoneNumber: phoneNumberOf('phone_number', body.phone_number),
      purpose: body.purpose ?? 'other',
      text: body.text,
      voicemailText: body.voicemail_text ?? '',
      createdBy: user.id,
    });
  }
}

/** `{detail}` or `{field: [what is wrong]}` in the other form. */
function failureOf(status: number, payload: unknown): object {
  const [code, message] = failures[status] ?? otherwise;
  const said = (payload ?? {}) as Readonly<Record<string, unknown>>;
  const faults = Object.entries(said).filter(([, texts]) => Array.isArray(texts));
  const details =
    typeof said['detail'] === 'string'
      ? said['detail']
      : faults.map(([field, texts]) => `${field}: ${(texts as string[]).join(' ')}`).join(' ');
  return { success: false, error: { code, message, details } };
}
