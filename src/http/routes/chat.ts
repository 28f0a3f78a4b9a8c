// Typed conversation with the receptionist of a client, or with the assistant: one message and its answer.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { ChatAnswer, Chats } from '../../reception/chat.ts';
import { reachesClient } from '../../store/owned-clients.ts';
import type { Sql } from '../../store/sql.ts';
import type { User } from '../../store/users.ts';
import { found, reachOf, requireUser, userOf } from '../auth.ts';
import { errors, Id, nullable, optional, signedIn } from '../schemas.ts';

const CHAT_CHARACTERS_MAX = 10_000;

export const ChatMessageGiven = Type.Object(
  {
    type: Type.Literal('text'),
    content: Type.String({
      minLength: 1,
      maxLength: CHAT_CHARACTERS_MAX,
      pattern: '\\S',
      'x-messages': { pattern: 'This field may not be blank.' },
    }),
    conversation_id: optional(
      nullable(
        Type.String({
          maxLength: 100,
          description: 'From the answer to an earlier message; without it a conversation begins.',
        }),
      ),
    ),
    client_id: optional(
      nullable(
        Type.String({
          format: 'uuid',
          description:
            'Whose receptionist is asked, with its tools; the client pays. Of a conversation that begins; without it the assistant answers, on the daily allowance.',
        }),
      ),
    ),
  },
  {
    examples: [
      { type: 'text', content: 'Hello!', client_id: '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5a' },
    ],
  },
);
export type ChatMessageGiven = Static<typeof ChatMessageGiven>;

const ToolRun = Type.Object({
  name: Type.String(),
  arguments: Type.String({ description: 'JSON.' }),
  result: Type.String(),
  elapsed_ms: Type.Number(),
  failed: Type.Boolean(),
});
const ChatAnswered = Type.Object({
  type: Type.Literal('text'),
  content: Type.String(),
  conversation_id: Id,
  tools: Type.Array(ToolRun, { description: 'What ran for this answer, in order.' }),
  ended: Type.Boolean({ description: 'The receptionist has said goodbye.' }),
});

export interface ChatRoutesParts {
  readonly sql: Sql;
  readonly chats: Chats;
}

export function chatRoutes(parts: ChatRoutesParts): FastifyPluginAsync {
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.post(
      '/chat',
      {
        onRequest: requireUser,
        schema: {
          tags: ['Chat'],
          summary: 'Chat with the receptionist',
          description:
            'The same receptionist as on the telephone, with its tools where a client is named. A turn costs seconds: the system setting chat_turn_seconds.',
          security: signedIn,
          body: ChatMessageGiven,
          response: { 200: ChatAnswered, ...errors(401, 402, 404, 409, 502) },
        },
      },
      async (request) => chat(parts, userOf(request), request.body),
    );
  };
  return routes;
}

/** The answer to a message of this user, on whatever way it came. */
export async function chat(
  { sql, chats }: ChatRoutesParts,
  user: User,
  { content, conversation_id: conversationId, client_id: clientId }: ChatMessageGiven,
  onText?: (text: string) => void,
): Promise<Static<typeof ChatAnswered>> {
  if (clientId) found((await reachesClient(sql, reachOf(user), clientId)) || undefined);
  const answer = await chats.answer({
    userId: user.id,
    seesAll: user.role === 'admin',
    text: content,
    conversationId: conversationId ?? undefined,
    clientId: conversationId ? undefined : (clientId ?? undefined),
    ...(onText && { onText }),
  });
  return answered(answer);
}

function answered({ conversationId, text, tools, ended }: ChatAnswer): Static<typeof ChatAnswered> {
  return {
    type: 'text',
    content: text,
    conversation_id: conversationId,
    tools: tools.map(({ elapsedMs, ...run }) => ({ ...run, elapsed_ms: elapsedMs })),
    ended,
  };
}
