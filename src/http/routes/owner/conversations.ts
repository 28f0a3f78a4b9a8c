// What was said: lists with filters and a search, one conversation in full, and its deletion.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { AppError } from '../../../lib/errors.ts';
import {
  deleteConversation,
  findBilledSeconds,
  findConversation,
  listConversations,
  listSaid,
  listTurns,
} from '../../../store/conversations/conversation-list.ts';
import type { ListedConversation, Said } from '../../../store/conversations/conversation-list.ts';
import { READ_COUNTED_MAX } from '../../../store/conversations/conversation-search.ts';
import { listPutThrough } from '../../../store/calls/fallback-dials.ts';
import { listRecordings } from '../../../store/calls/recordings.ts';
import { listReviews, setFollowUp } from '../../../store/conversations/reviews.ts';
import type { Review } from '../../../store/conversations/reviews.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { found, reachOf, requireUser, userOf } from '../../identity/auth.ts';
import { conversationFilter, filterOf } from '../../schemas/conversation-filter.ts';
import { Detailed, fieldNames, Listed } from '../../schemas/conversation-schemas.ts';
import type { Field } from '../../schemas/conversation-schemas.ts';
import { invalid, writable } from '../../schemas/fields.ts';
import { pageHeaders, pageQuery, parsePage, tellPage } from '../../schemas/page.ts';
import { requireClient } from '../../every-request/require-client.ts';
import { errors, Id, Message, optional, signedIn } from '../../schemas/schemas.ts';
import { toWire } from '../../schemas/wire.ts';

const Marks = Type.Object({ follow_up: Type.Boolean() }, { examples: [{ follow_up: false }] });

const phraseTotals = `With a phrase in \`q\`, or a word such as "don't", X-Total-Count-Max is ${READ_COUNTED_MAX.toLocaleString('en-US')}.`;
const tags = ['Conversations'];
const ofConversation = Type.Object({ conversation_id: Id });

export function conversationRoutes({ sql }: { sql: Sql }): FastifyPluginAsync {
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);

    app.get(
      '/api/clients/:client_id/conversations',
      {
        onRequest: requireClient(sql),
        schema: {
          tags,
          summary: 'List the conversations of a client',
          description: `Newest first. ${pageHeaders} ${phraseTotals}`,
          security: signedIn,
          params: Type.Object({ client_id: Id }),
          querystring: Type.Object({
            ...pageQuery,
            ...conversationFilter,
            fields: optional(
              Type.String({
                maxLength: 300,
                description: `Only these, with commas between: ${fieldNames.join(', ')}.`,
                examples: ['id,duration,outcome,created_at'],
              }),
            ),
          }),
          response: { 200: Type.Array(Listed), ...errors(401, 404) },
        },
      },
      async (request, reply) => {
        const { query } = request;
        const wanted = fieldsOf(query.fields);
        const filter = filterOf(request.params.client_id, query);
        const page = await listConversations(sql, filter, parsePage(query));
        tellPage(request, reply, page);
        const ids = wanted.has('transcript') ? page.rows.map(({ id }) => id) : [];
        const [said, reviews] = await Promise.all([
          listSaid(sql, ids),
          listReviews(
            sql,
            page.rows.map(({ id }) => id),
          ),
        ]);
        return page.rows.map((row) => {
          const all = answerOf(row, said.get(row.id) ?? [], reviews.get(row.id));
          if (wanted.size === fieldNames.length) return all;
          return Object.fromEntries(Object.entries(all).filter(([name]) => wanted.has(name)));
        });
      },
    );

    app.get(
      '/api/conversations/:conversation_id',
      {
        schema: {
          tags,
          summary: 'Get a conversation',
          description: 'With its turns, their times, what it cost, and the review made after it.',
          security: signedIn,
          params: ofConversation,
          response: { 200: Detailed, ...errors(401, 404) },
        },
      },
      async (request) => {
        const id = request.params.conversation_id;
        const reach = reachOf(userOf(request));
        const row = found(await findConversation(sql, reach, id));
        const [said, turns, billedSeconds, reviews, recordings, putThrough] = await Promise.all([
          listSaid(sql, [id]),
          listTurns(sql, id),
          findBilledSeconds(sql, id),
          listReviews(sql, [id]),
          listRecordings(sql, reach, id),
          listPutThrough(sql, id),
        ]);
        const review = reviews.get(row.id);
        const sum = (name: 'inputTokens' | 'outputTokens' | 'costMicrodollars') =>
          turns.reduce((total, turn) => total + turn[name], review?.[name] ?? 0);
        return {
          ...answerOf(row, said.get(row.id) ?? [], review),
          recording_started_at: recordings[0]?.startedAt.toISOString() ?? null,
          recorded_until: recordings[0]?.keepUntil.toISOString() ?? null,
          follow_up_reason: review?.followUpReason ?? '',
          extracted: { ...review?.fields },
          review_state: review?.state ?? null,
          put_through: putThrough.map(toWire),
          turns: turns.map((turn) => ({ ...toWire(turn), tools: turn.tools.map(toWire) })),
          cost: {
            billed_seconds: billedSeconds,
            input_tokens: sum('inputTokens'),
            output_tokens: sum('outputTokens'),
            characters: turns.reduce((total, turn) => total + turn.characters, 0),
            cost_microdollars: sum('costMicrodollars'),
          },
        };
      },
    );

    app.patch(
      '/api/conversations/:conversation_id',
      {
        schema: {
          tags,
          summary: 'Mark a conversation',
          description: 'Whether somebody still has to act. A call that runs cannot be marked.',
          security: signedIn,
          params: ofConversation,
          body: Marks,
          response: { 200: Message, ...errors(401, 403, 404, 409) },
        },
      },
      async (request) => {
        const { follow_up: followUp } = writable(Marks, request.body);
        const id = request.params.conversation_id;
        found(await findConversation(sql, reachOf(userOf(request)), id));
        if (!(await setFollowUp(sql, id, followUp))) throw stillRunning();
        return { message: 'Conversation updated successfully' };
      },
    );

    app.delete(
      '/api/conversations/:conversation_id',
      {
        schema: {
          tags,
          summary: 'Delete a conversation',
          description:
            'With all that was said. What it cost stays in the books; a running call must end first.',
          security: signedIn,
          params: ofConversation,
          response: { 200: Message, ...errors(401, 403, 404, 409) },
        },
      },
      async (request) => {
        const reach = reachOf(userOf(request));
        const done = await deleteConversation(sql, reach, request.params.conversation_id);
        if (done === 'running') throw stillRunning();
        found(done === 'deleted' || undefined);
        return { message: 'Conversation deleted successfully' };
      },
    );
  };
  return routes;
}

function stillRunning(): AppError {
  return new AppError('conflict', 'the call is running', {
    publicMessage: 'This call is still running.',
  });
}

function answerOf(row: ListedConversation, said: readonly Said[], review: Review | undefined) {
  const { durationMs, ...rest } = row;
  return {
    ...toWire(rest),
    flags: [...rest.flags],
    duration: Math.round(durationMs / 1000),
    summary: review?.summary ?? '',
    resolved: review?.resolved ?? null,
    follow_up: review?.followUp ?? false,
    transcript: said.map(({ turnNumber, at, ...each }) => ({
      ...each,
      timestamp: at.toISOString(),
      turn: turnNumber,
    })),
  };
}

function fieldsOf(text: string | undefined): ReadonlySet<string> {
  if (text === undefined) return new Set(fieldNames);
  const names = text.split(',').map((name) => name.trim());
  const strange = names.find((name) => !fieldNames.includes(name as Field));
  if (strange !== undefined) throw invalid('fields', `Known are: ${fieldNames.join(', ')}.`);
  return new Set(names);
}
