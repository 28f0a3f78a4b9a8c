// A user's own conversations with the voice agent: the list, and one with its words.

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { findHistorySession, listHistory } from '../../../store/conversations/history.ts';
import type { HistorySession, HistoryUtterance } from '../../../store/conversations/history.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { found, requireUser, userOf } from '../../identity/auth.ts';
import { OFFSET_MAX, PAGE_ROWS_MAX } from '../../schemas/page.ts';
import { Id, Timestamp, errors, nullable, signedIn } from '../../schemas/schemas.ts';

const tags = ['History'];
/** In the words of the contract, like an id that is none. */
const UNKNOWN = 'Session not found';

const Session = Type.Object({
  id: Id,
  room: Type.String({ examples: ['quickstart'] }),
  started_at: Timestamp,
  ended_at: nullable(Timestamp),
  system_prompt: Type.String(),
  utterance_count: Type.Integer(),
});

const Utterance = Type.Object({
  id: Id,
  session: Id,
  role: Type.Union([Type.Literal('user'), Type.Literal('agent')]),
  text: Type.String(),
  event: Type.String(),
  is_final: Type.Boolean(),
  created_at: Timestamp,
});

const Detailed = Type.Object({
  ...Session.properties,
  metadata: Type.Object({}, { additionalProperties: true }),
  utterances: Type.Array(Utterance),
});

const Results = Type.Object({
  count: Type.Integer(),
  next: nullable(Type.String({ examples: ['/api/users/history?limit=20&offset=20'] })),
  previous: nullable(Type.String()),
  results: Type.Array(Session),
});

const Window = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: PAGE_ROWS_MAX, default: 20 }),
  offset: Type.Integer({ minimum: 0, maximum: OFFSET_MAX, default: 0 }),
});

/** contracts/voice-agent-api.md "Django History API". */
export function historyRoutes({ sql }: { sql: Sql }): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.addHook('onRequest', requireUser);

    app.get(
      '/api/users/history',
      {
        schema: {
          tags,
          summary: 'My conversations',
          description: 'Newest first.',
          security: signedIn,
          querystring: Window,
          response: { 200: Results, ...errors(401) },
        },
      },
      async (request) => {
        const { limit, offset } = request.query;
        const { rows, count } = await listHistory(sql, userOf(request).id, { limit, offset });
        const pageAt = (at: number) => `/api/users/history?limit=${limit}&offset=${at}`;
        const following = offset + limit;
        return {
          count,
          next: following < count && following <= OFFSET_MAX ? pageAt(following) : null,
          previous: offset > 0 ? pageAt(Math.max(0, offset - limit)) : null,
          results: rows.map(sessionAnswer),
        };
      },
    );

    app.get(
      '/api/users/history/:session_id',
      {
        config: { unknown: UNKNOWN },
        schema: {
          tags,
          summary: 'One of my conversations',
          security: signedIn,
          params: Type.Object({ session_id: Id }),
          response: { 200: Detailed, ...errors(401, 404) },
        },
      },
      async (request) => {
        const { session_id: id } = request.params;
        const session = found(await findHistorySession(sql, userOf(request).id, id), UNKNOWN);
        return {
          ...sessionAnswer(session),
          metadata: session.metadata,
          utterances: session.utterances.map((each) => utteranceAnswer(session.id, each)),
        };
      },
    );
  };
}

function sessionAnswer(session: HistorySession) {
  return {
    id: session.id,
    room: session.room,
    started_at: session.startedAt.toISOString(),
    ended_at: session.endedAt?.toISOString() ?? null,
    system_prompt: session.systemPrompt,
    utterance_count: session.utteranceCount,
  };
}

function utteranceAnswer(session: string, { id, role, content, at }: HistoryUtterance) {
  return {
    id: utteranceId(id),
    session,
    role: role === 'assistant' ? ('agent' as const) : role,
    text: content,
    event: '',
    is_final: true,
    created_at: at.toISOString(),
  };
}

/** The contract wants a UUID: one of version 8 (RFC 9562) that holds the number. */
function utteranceId(number: number): string {
  return `00000000-0000-8000-8000-${number.toString(16).padStart(12, '0')}`;
}
