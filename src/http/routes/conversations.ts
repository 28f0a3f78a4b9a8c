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
import type { Sql } from '../../store/sql.ts';
import { found, reachOf, requireUser, userOf } from '../auth.ts';
import { invalid } from '../fields.ts';
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
  outcome: nullable(Type.String({ enum: outcomes })),
  flags: Type.Array(Type.String({ description: 'Something to look at, such as unbacked_claim.' })),
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
  characters: Type.Integer({ description: 'Given to the voice.' }),
  cost_microdollars: Type.Integer(),
  tools: Type.Array(
    Type.Object({
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
          description: `Newest first. ${pageHeaders}`,
          security: signedIn,
          params: Type.Object({ client_id: Id }),
          querystring: Type.Object({
            ...pageQuery,
            q: optional(
              Type.String({
                minLength: 1,
                maxLength: 200,
                description: 'Words that were said; "a phrase", -without, or.',
              }),
            ),
            from: optional(Moment),
            until: optional(Moment),
            outcome: optional(Type.String({ enum: outcomes })),
            channel: optional(Type.String({ enum: channels })),
            contact_id: optional(Id),
            caller_phone: optional(PhoneNumber),
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
          from: momentOf('from', query.from),
          until: momentOf('until', query.until),
          words: query.q,
        };
        const page = await listConversations(sql, filter, parsePage(query));
        tellPage(request, reply, page);
        const ids = wanted.has('transcript') ? page.rows.map(({ id }) => id) : [];
        const said = await listSaid(sql, ids);
        return page.rows.map((row) => {
          const all = answerOf(row, said.get(row.id) ?? []);
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
          description: 'With its turns, their times, and what it cost.',
          security: signedIn,
          params: ofConversation,
          response: { 200: Detailed, ...errors(401, 404) },
        },
      },
      async (request) => {
        const id = request.params.conversation_id;
        const row = found(await findConversation(sql, reachOf(userOf(request)), id));
        const [said, turns, billedSeconds] = await Promise.all([
          listSaid(sql, [id]),
          listTurns(sql, id),
          findBilledSeconds(sql, id),
        ]);
        const sum = (name: 'inputTokens' | 'outputTokens' | 'characters' | 'costMicrodollars') =>
          turns.reduce((total, turn) => total + turn[name], 0);
        return {
          ...answerOf(row, said.get(row.id) ?? []),
          turns: turns.map((turn) => ({ ...toWire(turn), tools: turn.tools.map(toWire) })),
          cost: {
            billed_seconds: billedSeconds,
            input_tokens: sum('inputTokens'),
            output_tokens: sum('outputTokens'),
            characters: sum('characters'),
            cost_microdollars: sum('costMicrodollars'),
          },
        };
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
        if (done === 'running') {
          throw new AppError('conflict', 'the call is running', {
            publicMessage: 'This call is still running.',
          });
        }
        found(done === 'deleted' || undefined);
        return { message: 'Conversation deleted successfully' };
      },
    );
  };
  return routes;
}

function answerOf(row: ListedConversation, said: readonly Said[]) {
  const { durationMs, ...rest } = row;
  return {
    ...toWire(rest),
    flags: [...rest.flags],
    duration: Math.round(durationMs / 1000),
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
