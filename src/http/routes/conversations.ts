// What was said: lists with filters and a search, one conversation in full, and its deletion.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { AppError } from '../../lib/errors.ts';
import {
  deleteConversation,
  findBilledSeconds,
  findConversation,
  listConversations,
  listSaid,
  listTurns,
} from '../../store/conversation-list.ts';
import type { ListedConversation, Said } from '../../store/conversation-list.ts';
import { READ_COUNTED_MAX } from '../../store/conversation-search.ts';
import { listRecordings } from '../../store/recordings.ts';
import { listReviews, setFollowUp } from '../../store/reviews.ts';
import type { Review } from '../../store/reviews.ts';
import type { Sql } from '../../store/sql.ts';
import { found, reachOf, requireUser, userOf } from '../auth.ts';
import { invalid, writable } from '../fields.ts';
import { Moment, momentOf } from '../moment.ts';
import { pageHeaders, pageQuery, parsePage, tellPage } from '../page.ts';
import { requireClient } from '../require-client.ts';
import {
  errors,
  Id,
  Message,
  nullable,
  optional,
  PhoneNumber,
  signedIn,
  Timestamp,
} from '../schemas.ts';
import { toWire } from '../wire.ts';

const outcomes = [
  'booked',
  'rescheduled',
  'cancelled',
  'message',
  'transferred',
  'missed',
  'answered',
  'abandoned',
  'no_credit',
  'failed',
];
const channels = ['phone', 'browser', 'chat'];

const Utterance = Type.Object({
  role: Type.String({ enum: ['user', 'assistant'] }),
  content: Type.String({ description: 'As it was heard.' }),
  timestamp: Timestamp,
  interrupted: Type.Boolean(),
  unheard: nullable(
    Type.String({
      description:
        'What we were about to say when we were interrupted, and nobody heard; up to 2,000 characters.',
    }),
  ),
  turn: Type.Integer(),
});

const fields = {
  id: Id,
  client_id: Id,
  contact_id: nullable(Id),
  duration: Type.Integer({ description: 'Seconds.' }),
  created_at: Timestamp,
  contact_name: nullable(Type.String()),
  caller_phone: nullable(PhoneNumber),
  channel: Type.String({ enum: channels }),
  started_at: Timestamp,
  ended_at: nullable(Timestamp),
  end_reason: nullable(Type.String()),
  outcome: nullable(
    Type.String({
      enum: outcomes,
      description:
        'missed: the caller wanted to speak to a person, reached nobody and left no message; abandoned: they hung up before anything was answered.',
    }),
  ),
  flags: Type.Array(Type.String({ description: 'Something to look at, such as unbacked_claim.' })),
  summary: Type.String({ description: 'Made after the call; empty before, or without one.' }),
  resolved: nullable(
    Type.String({
      enum: ['yes', 'partly', 'no'],
      description: 'Whether the caller got what they called for.',
    }),
  ),
  follow_up: Type.Boolean({ description: 'Whether somebody still has to act.' }),
  transcript: Type.Array(Utterance),
};
type Field = keyof typeof fields;
const fieldNames = Object.keys(fields) as Field[];

const example = {
  id: '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5c',
  client_id: '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5a',
  contact_id: '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5b',
  duration: 120,
  created_at: '2026-02-06T10:00:00.000Z',
  transcript: [
    {
      role: 'assistant',
      content: "Hi, I'm Front Desk...",
      timestamp: '2026-02-06T10:00:10.000Z',
      interrupted: false,
      unheard: null,
      turn: 0,
    },
  ],
};
const Listed = Type.Partial(Type.Object(fields), {
  description: 'All fields, or those that were asked for.',
  examples: [example],
});

const milliseconds = nullable(Type.Number());
const Turn = Type.Object({
  number: Type.Integer(),
  kind: Type.String(),
  ending: Type.String({ enum: ['completed', 'interrupted', 'failed'] }),
  response_ms: milliseconds,
  endpoint_ms: milliseconds,
  hear_ms: milliseconds,
  think_ms: milliseconds,
  speak_ms: milliseconds,
  play_ms: milliseconds,
  input_tokens: Type.Integer(),
  output_tokens: Type.Integer(),
  wasted_input_tokens: Type.Integer({
    description:
      'Beyond these, for replies that were begun before the caller was done, and thrown away.',
  }),
  wasted_output_tokens: Type.Integer(),
  characters: Type.Integer({ description: 'Given to the voice.' }),
  unheard: nullable(
    Type.String({ description: 'Of that, what was not heard; also where nothing was.' }),
  ),
  cost_microdollars: Type.Integer(),
  tools: Type.Array(
    Type.Object({
      id: optional(Type.String({ description: 'Of this run; older ones have none.' })),
      name: Type.String(),
      arguments: Type.String(),
      result: Type.String(),
      elapsed_ms: Type.Number(),
      failed: Type.Boolean(),
    }),
  ),
  created_at: Timestamp,
});
const Detailed = Type.Object(
  {
    ...fields,
    recording_started_at: nullable(
      Type.String({
        format: 'date-time',
        description: 'When the recording that is kept begins; null when there is none.',
      }),
    ),
    follow_up_reason: Type.String(),
    extracted: Type.Record(
      Type.String(),
      nullable(Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
      { description: "The owner's own fields; null where the call does not say." },
    ),
    review_state: nullable(
      Type.String({
        enum: ['due', 'done', 'skipped', 'failed'],
        description: 'Of the summary and what belongs to it; null while the call runs.',
      }),
    ),
    turns: Type.Array(Turn, { description: 'With times as the caller had them.' }),
    cost: Type.Object({
      billed_seconds: Type.Integer(),
      input_tokens: Type.Integer(),
      output_tokens: Type.Integer(),
      characters: Type.Integer(),
      cost_microdollars: Type.Integer(),
    }),
  },
  { examples: [{ ...example, turns: [] }] },
);

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
            q: optional(
              Type.String({
                minLength: 1,
                maxLength: 200,
                description:
                  'Words that were said or stand in the summary; "a phrase", -without, or.',
              }),
            ),
            from: optional(Moment),
            until: optional(Moment),
            outcome: optional(Type.String({ enum: outcomes })),
            channel: optional(Type.String({ enum: channels })),
            contact_id: optional(Id),
            caller_phone: optional(PhoneNumber),
            follow_up: optional(
              Type.Boolean({ description: 'Only those where somebody has to act, or the others.' }),
            ),
            flagged: optional(
              Type.Boolean({ description: 'Only those to look at, or the others.' }),
            ),
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
        const filter = {
          clientId: request.params.client_id,
          contactId: query.contact_id,
          outcome: query.outcome,
          channel: query.channel,
          callerPhone: query.caller_phone,
          flagged: query.flagged,
          followUp: query.follow_up,
          from: momentOf('from', query.from),
          until: momentOf('until', query.until),
          words: query.q,
        };
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
        const [said, turns, billedSeconds, reviews, recordings] = await Promise.all([
          listSaid(sql, [id]),
          listTurns(sql, id),
          findBilledSeconds(sql, id),
          listReviews(sql, [id]),
          listRecordings(sql, reach, id),
        ]);
        const review = reviews.get(row.id);
        const sum = (name: 'inputTokens' | 'outputTokens' | 'costMicrodollars') =>
          turns.reduce((total, turn) => total + turn[name], review?.[name] ?? 0);
        return {
          ...answerOf(row, said.get(row.id) ?? [], review),
          recording_started_at: recordings[0]?.startedAt.toISOString() ?? null,
          follow_up_reason: review?.followUpReason ?? '',
          extracted: { ...review?.fields },
          review_state: review?.state ?? null,
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
