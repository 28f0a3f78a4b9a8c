// Typed conversation with the receptionist of a client, or with the assistant: one message and its answer.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { AppError } from '../../../lib/errors.ts';
import { isNoAnswer } from '../../../pipeline/thinking/no-answer.ts';
import type { Log } from '../../../lib/log.ts';
import type { Chats } from '../../../reception/doors/chat.ts';
import type { Gateway } from '../../../reception/doors/gateway.ts';
import { reachesClient } from '../../../store/clients/owned-clients.ts';
import type { Sql } from '../../../store/database/sql.ts';
import type { User } from '../../../store/accounts/users.ts';
import { endpointRates } from '../../every-request/endpoint-rates.ts';
import { found, reachOf, requireUser, userOf } from '../../identity/auth.ts';
import { invalid } from '../../schemas/fields.ts';
import { audioAnswer } from './gateway.ts';
import { errors, Id, nullable, optional, signedIn } from '../../schemas/schemas.ts';

const TEXT_CHARACTERS_MAX = 10_000;

/** Of a spoken message, in base64: a minute and more of compressed speech. */
const AUDIO_CHARACTERS_MAX = 2_000_000;
const BODY_BYTES_MAX = AUDIO_CHARACTERS_MAX + 10_000;

export const ChatMessageGiven = Type.Object(
  {
    type: Type.Union([Type.Literal('text'), Type.Literal('audio')]),
    content: Type.String({
      minLength: 1,
      maxLength: AUDIO_CHARACTERS_MAX,
      pattern: '\\S',
      description: `Text of up to ${TEXT_CHARACTERS_MAX} characters, or a recording in base64: wav, mp3, m4a, ogg, webm or flac.`,
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
  type: Type.Union([Type.Literal('text'), Type.Literal('audio')], {
    description: 'As the message; text where there was no voice to say it.',
  }),
  content: Type.String({ description: 'Text, or a WAV file in base64.' }),
  conversation_id: Id,
  tools: Type.Array(ToolRun, { description: 'What ran for this answer, in order.' }),
  ended: Type.Boolean({ description: 'The receptionist has said goodbye.' }),
  text: optional(Type.String({ description: 'What the audio says.' })),
  transcript: optional(Type.String({ description: 'What was heard.' })),
  sample_rate: optional(Type.Integer()),
});

export interface ChatRoutesParts {
  readonly sql: Sql;
  readonly chats: Chats;
  readonly gateway: Gateway;
  readonly log: Log;
}

export function chatRoutes(parts: ChatRoutesParts): FastifyPluginAsync {
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.post(
      '/chat',
      {
        config: { rate: endpointRates.chat, neverKept: true },
        bodyLimit: BODY_BYTES_MAX,
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
  { sql, chats, gateway, log }: ChatRoutesParts,
  user: User,
  message: ChatMessageGiven,
  onText?: (text: string) => void,
): Promise<Static<typeof ChatAnswered>> {
  const { type, content, conversation_id: conversationId, client_id: clientId } = message;
  if (type === 'text' && content.length > TEXT_CHARACTERS_MAX) {
    throw invalid('content', `At most ${TEXT_CHARACTERS_MAX} characters.`);
  }
  if (clientId) found((await reachesClient(sql, reachOf(user), clientId)) || undefined);
  let transcript: string | undefined;
  const hear = type === 'audio' ? await listener(gateway, content) : undefined;
  const answer = await chats.answer({
    userId: user.id,
    seesAll: user.role === 'admin',
    text: hear ? async () => (transcript = await hear()) : content,
    conversationId: conversationId ?? undefined,
    clientId: conversationId ? undefined : (clientId ?? undefined),
    ...(onText && { onText }),
  });
  const answered = {
    type: 'text' as const,
    content: answer.text,
    conversation_id: answer.conversationId,
    tools: answer.tools.map(({ elapsedMs, ...run }) => ({ ...run, elapsed_ms: elapsedMs })),
    ended: answer.ended,
    ...(transcript !== undefined && { transcript }),
  };
  // Of a sign alone no voice makes a sound.
  if (type === 'text' || isNoAnswer(answer.text)) return answered;
  try {
    const { audio_b64: audio, ...rest } = audioAnswer(
      await gateway.say(answer.client, answer.text),
    );
    return { ...answered, type: 'audio', content: audio, text: answer.text, ...rest };
  } catch (error) {
    log.warn('an answer was not spoken', { conversationId: answer.conversationId, error });
    return answered;
  }
}

/** Checked at once, heard when the turn has been paid for. */
async function listener(gateway: Gateway, base64: string): Promise<() => Promise<string>> {
  const bytes = Buffer.from(base64, 'base64');
  const recording = await gateway.checkRecording(bytes).catch((error: AppError) => {
    throw error.fields ? invalid('content', error.fields['audio']?.[0] ?? 'Not valid.') : error;
  });
  return async () => {
    const { text } = await gateway.hear(recording, undefined);
    if (text === '') throw invalid('content', 'No words were heard in this recording.');
    return text;
  };
}
