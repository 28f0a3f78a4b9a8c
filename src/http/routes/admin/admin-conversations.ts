// Conversations of everybody in the hands of administrators: listed, searched, read, removed. Moderators read.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { AppError } from '../../../lib/errors.ts';
import type { Log } from '../../../lib/log.ts';
import {
  deleteAnyConversation,
  findAnyConversation,
  listAnyConversations,
  searchAnyConversations,
} from '../../../store/conversations/admin-conversations.ts';
import type { AnyConversation } from '../../../store/conversations/admin-conversations.ts';
import { listSaid } from '../../../store/conversations/conversation-list.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { found, requireRole, requireUser, userOf } from '../../identity/auth.ts';
import { endpointRates } from '../../every-request/endpoint-rates.ts';
import { pageHeaders, pageQuery, parsePage, tellPage } from '../../schemas/page.ts';
import { QuietSince } from '../../schemas/conversation-schemas.ts';
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

const Listed = Type.Object({
  id: Id,
  user_id: nullable(Id),
  client_id: nullable(Id),
  client_name: nullable(Type.String()),
  channel: Type.String(),
  started_at: Timestamp,
  ended_at: nullable(Timestamp),
  outcome: nullable(Type.String()),
  quiet_since: nullable(QuietSince),
  flags: Type.Array(Type.String(), { description: 'What somebody should look at.' }),
  message_count: Type.Integer(),
});
const Whole = Type.Object({
  ...Listed.properties,
  messages: Type.Array(
    Type.Object({
      role: Type.String(),
      content: Type.String(),
      interrupted: Type.Boolean(),
      unheard: nullable(Type.String({ description: 'What was about to be said, and not heard.' })),
      timestamp: Timestamp,
    }),
  ),
});
const params = Type.Object({ conversation_id: Id });
const tags = ['Administration: conversations'];
const config = { rate: endpointRates.default };

export interface AdminConversationsParts {
  readonly sql: Sql;
  readonly log: Log;
}

/** contracts/gateway-api.md "Conversation Management". */
export function adminConversationRoutes({ sql, log }: AdminConversationsParts): FastifyPluginAsync {
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);
    app.addHook('onRequest', requireRole('admin', 'moderator'));

    app.get(
      '/admin/conversations',
      {
        config,
        schema: {
          tags,
          summary: 'List conversations of all users',
          description: `Newest first. A user's are their chats and sessions, and their clients' calls. ${pageHeaders}`,
          security: signedIn,
          querystring: Type.Object({
            user_id: optional(Id),
            problems: optional(
              Type.Boolean({ description: 'Only those that failed or were flagged.' }),
            ),
            ...pageQuery,
          }),
          response: { 200: Type.Array(Listed), ...errors(401) },
        },
      },
      async (request, reply) => {
        const { user_id: userId, problems } = request.query;
        const asked = { ...parsePage(request.query), userId, problems };
        const page = await listAnyConversations(sql, asked);
        tellPage(request, reply, page);
        return page.rows.map(listed);
      },
    );

    app.get(
      '/admin/conversations/search',
      {
        config,
        schema: {
          tags,
          summary: 'Search conversations',
          description: 'Words, "phrases", -not, or. Finds conversations that have ended.',
          security: signedIn,
          querystring: Type.Object({
            query: Type.String({
              minLength: 1,
              maxLength: 200,
              pattern: '\\S',
              examples: ['booking'],
            }),
            limit: pageQuery.limit,
          }),
          response: { 200: Type.Array(Listed), ...errors(401) },
        },
      },
      async (request) => {
        const { query: words, limit: rowsMax } = request.query;
        const rows = await searchAnyConversations(sql, { words, limit: rowsMax });
        return rows.map(listed);
      },
    );

    app.get(
      '/admin/conversations/:conversation_id',
      {
        config,
        schema: {
          tags,
          summary: 'Get a conversation',
          security: signedIn,
          params,
          response: { 200: Whole, ...errors(401, 404) },
        },
      },
      async (request) => {
        const { conversation_id: id } = request.params;
        const conversation = found(await findAnyConversation(sql, id));
        const said = (await listSaid(sql, [id])).get(id) ?? [];
        return {
          ...listed(conversation),
          messages: said.map(({ role, content, interrupted, unheard, at }) => ({
            role,
            content,
            interrupted,
            unheard,
            timestamp: at.toISOString(),
          })),
        };
      },
    );

    app.delete(
      '/admin/conversations/:conversation_id',
      {
        config,
        schema: {
          tags,
          summary: 'Delete a conversation',
          description: 'With everything said in it. Not while it runs.',
          security: signedIn,
          params,
          response: { 200: Message, ...errors(401, 404, 409) },
        },
      },
      async (request) => {
        const { conversation_id: id } = request.params;
        const done = await deleteAnyConversation(sql, id);
        if (done === 'running') {
          throw new AppError('conflict', 'a running call', {
            publicMessage: 'This conversation still runs.',
          });
        }
        found(done === 'deleted' || undefined);
        log.info('conversation deleted', { by: userOf(request).id, conversationId: id });
        return { message: 'Conversation deleted' };
      },
    );
  };
  return routes;
}

function listed(conversation: AnyConversation) {
  return { ...toWire(conversation), flags: [...conversation.flags] };
}
