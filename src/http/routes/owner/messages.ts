// A client's inbox: what callers left word of.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { decodeMulaw } from '../../../pipeline/audio/mulaw.ts';
import { formatWav } from '../../../pipeline/audio/wav.ts';
import { findMessageAudio } from '../../../store/calls/message-audio.ts';
import {
  deleteMessage,
  listMessages,
  markAllMessages,
  markMessage,
} from '../../../store/calls/messages.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { found, requireUser } from '../../identity/auth.ts';
import { writable } from '../../schemas/fields.ts';
import { pageHeaders, pageQuery, parsePage, tellPage } from '../../schemas/page.ts';
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

const MessageAnswer = Type.Object(
  {
    id: Id,
    client_id: Id,
    conversation_id: nullable(Id),
    name: Type.String(),
    phone: Type.String({ description: 'As the caller gave it.' }),
    text: Type.String(),
    urgent: Type.Boolean(),
    has_audio: Type.Boolean({ description: 'It was left as sound: see `…/audio`.' }),
    read_at: nullable(Timestamp),
    created_at: Timestamp,
  },
  {
    examples: [
      {
        id: '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5d',
        client_id: '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5a',
        conversation_id: null,
        name: 'John Doe',
        phone: '+15551234567',
        text: 'Please call me back about my crown.',
        urgent: false,
        has_audio: false,
        read_at: null,
        created_at: '2026-02-06T10:00:00.000Z',
      },
    ],
  },
);
const Change = Type.Object({ read: Type.Boolean() }, { examples: [{ read: true }] });
const ofClient = Type.Object({ client_id: Id });
const ofMessage = Type.Object({ client_id: Id, message_id: Id });
const tags = ['Messages'];
/** Hz */
const SAMPLE_RATE = 8000;

export function messageRoutes({ sql }: { sql: Sql }): FastifyPluginAsync {
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);
    app.addHook('onRequest', requireClient(sql));

    app.get(
      '/api/clients/:client_id/messages',
      {
        schema: {
          tags,
          summary: 'List the messages of a client',
          description: `Newest first. ${pageHeaders}`,
          security: signedIn,
          params: ofClient,
          querystring: Type.Object({
            ...pageQuery,
            unread: optional(Type.Boolean({ description: 'Only the unread, or only the read.' })),
          }),
          response: { 200: Type.Array(MessageAnswer), ...errors(401, 404) },
        },
      },
      async (request, reply) => {
        const filter = { clientId: request.params.client_id, unread: request.query.unread };
        const page = await listMessages(sql, filter, parsePage(request.query));
        tellPage(request, reply, page);
        return page.rows.map(toWire);
      },
    );

    app.patch(
      '/api/clients/:client_id/messages/:message_id',
      {
        schema: {
          tags,
          summary: 'Mark a message as read or unread',
          security: signedIn,
          params: ofMessage,
          body: Change,
          response: { 200: MessageAnswer, ...errors(401, 403, 404) },
        },
      },
      async (request) => {
        const { client_id: clientId, message_id: id } = request.params;
        const { read } = writable(Change, request.body);
        return toWire(found(await markMessage(sql, { id, clientId, read })));
      },
    );

    app.post(
      '/api/clients/:client_id/messages/read-all',
      {
        schema: {
          tags,
          summary: 'Mark all messages of a client as read',
          security: signedIn,
          params: ofClient,
          response: {
            200: Type.Object({ marked: Type.Integer() }, { examples: [{ marked: 3 }] }),
            ...errors(401, 403, 404),
          },
        },
      },
      async (request) => ({ marked: await markAllMessages(sql, request.params.client_id) }),
    );

    app.get(
      '/api/clients/:client_id/messages/:message_id/audio',
      {
        schema: {
          tags,
          summary: 'Hear a message as it was left',
          description:
            'Only of messages that were left as sound, when nobody could hear the caller.',
          security: signedIn,
          params: ofMessage,
          response: {
            200: {
              description: 'Speech, 8 kHz.',
              content: { 'audio/wav': { schema: Type.String({ format: 'binary' }) } },
            },
            ...errors(401, 404),
          },
        },
      },
      async (request, reply) => {
        const { client_id: clientId, message_id: id } = request.params;
        const samples = decodeMulaw(found(await findMessageAudio(sql, { id, clientId })));
        reply.type('audio/wav').header('cache-control', 'private, no-store');
        return reply.send(Buffer.from(formatWav({ sampleRate: SAMPLE_RATE, samples })) as never);
      },
    );

    app.delete(
      '/api/clients/:client_id/messages/:message_id',
      {
        schema: {
          tags,
          summary: 'Delete a message',
          security: signedIn,
          params: ofMessage,
          response: { 200: Message, ...errors(401, 403, 404) },
        },
      },
      async (request) => {
        const { client_id: clientId, message_id: id } = request.params;
        found((await deleteMessage(sql, { id, clientId })) || undefined);
        return { message: 'Message deleted successfully' };
      },
    );
  };
  return routes;
}
