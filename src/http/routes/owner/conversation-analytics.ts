// Numbers about conversations: of one, of all of one's own, and as a report by day in JSON or CSV.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { Clock } from '../../../lib/clock.ts';
import { formatCsvLine } from '../../../lib/csv.ts';
import { isId } from '../../../lib/ids.ts';
import {
  findMetrics,
  findTotals,
  listDayTotals,
} from '../../../store/conversations/conversation-metrics.ts';
import type { Span, Totals } from '../../../store/conversations/conversation-metrics.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { found, requireUser, userOf } from '../../identity/auth.ts';
import type { User } from '../../identity/auth.ts';
import { endpointRates } from '../../every-request/endpoint-rates.ts';
import { invalid } from '../../schemas/fields.ts';
import { Moment, momentOf } from '../../schemas/moment.ts';
import { errors, nullable, optional, signedIn, Timestamp } from '../../schemas/schemas.ts';
import { sendTable } from '../../schemas/table.ts';

const DAY_MS = 86_400_000;
/** The last that the database and calendars can write. */
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
/** Of 2026-02-06. */
const DAY_LENGTH = 10;
/** Of a report that says no dates, and at most. */
const REPORT_DAYS = 30;
const REPORT_DAYS_MAX = 366;
/** With so many user messages a conversation is as engaged as it gets. */
const ENGAGED_MESSAGES = 10;

const seconds = nullable(Type.Number({ description: 'Seconds; null without answers.' }));
const Metrics = Type.Object({
  message_count: Type.Integer(),
  user_message_count: Type.Integer(),
  assistant_message_count: Type.Integer(),
  average_response_time: seconds,
  engagement_score: Type.Number({
    description: 'min(1, user messages / 10) × the share of them that was answered.',
  }),
  first_message_at: nullable(Timestamp),
  last_message_at: nullable(Timestamp),
});
const Dashboard = Type.Object({
  total_conversations: Type.Integer({ examples: [120] }),
  total_messages: Type.Integer({ examples: [2400] }),
  active_users: Type.Integer({ description: 'Different users and callers.' }),
  average_response_time: seconds,
});
const Report = Type.Object({
  start_date: Timestamp,
  end_date: Timestamp,
  generated_at: Timestamp,
  ...Dashboard.properties,
  days: Type.Array(Type.Object({ date: Type.String(), ...Dashboard.properties })),
});
const dates = {
  start_date: optional(Moment),
  end_date: optional(
    Type.String({
      ...Moment,
      description:
        'A date (it is the last day, to its end in UTC), or a time in ISO 8601, up to which; without an offset it is in UTC.',
    }),
  ),
};
const tags = ['Analytics'];
const config = { rate: endpointRates.default };

export interface ConversationAnalyticsParts {
  readonly sql: Sql;
  readonly clock: Clock;
}

/** contracts/gateway-api.md "Analytics Endpoints"; definitions in docs/GATEWAY.md "Reports". */
export function conversationAnalyticsRoutes(parts: ConversationAnalyticsParts): FastifyPluginAsync {
  const { sql, clock } = parts;
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);

    app.get(
      '/conversations/analytics/metrics',
      {
        config,
        schema: {
          tags,
          summary: 'Numbers of one conversation',
          description: "One's own; an administrator's any.",
          security: signedIn,
          querystring: Type.Object({
            user_id: Type.String({ minLength: 1, maxLength: 100 }),
            chat_id: Type.String({ minLength: 1, maxLength: 100 }),
          }),
          response: { 200: Metrics, ...errors(401, 404) },
        },
      },
      async (request) => {
        const { user_id: userId, chat_id: conversationId } = request.query;
        const user = userOf(request);
        found((user.id === userId || seesAll(user)) && isId(userId) ? true : undefined);
        found(isId(conversationId) || undefined);
        const metrics = found(await findMetrics(sql, { userId, conversationId }));
        const { userMessageCount: asked, answeredCount: answered } = metrics;
        return {
          message_count: metrics.messageCount,
          user_message_count: asked,
          assistant_message_count: metrics.assistantMessageCount,
          average_response_time: metrics.averageResponseTime,
          engagement_score:
            asked === 0 ? 0 : (Math.min(1, asked / ENGAGED_MESSAGES) * answered) / asked,
          first_message_at: metrics.firstMessageAt?.toISOString() ?? null,
          last_message_at: metrics.lastMessageAt?.toISOString() ?? null,
        };
      },
    );

    app.get(
      '/conversations/analytics/dashboard',
      {
        config,
        schema: {
          tags,
          summary: 'Numbers of all conversations',
          description:
            "One's own chats, sessions and clients' calls; an administrator's everybody's.",
          security: signedIn,
          querystring: Type.Object(dates),
          response: { 200: Dashboard, ...errors(401) },
        },
      },
      async (request) => {
        const span = spanOf(userOf(request), request.query);
        return answer(await findTotals(sql, span));
      },
    );

    app.get(
      '/conversations/analytics/report',
      {
        config,
        schema: {
          tags,
          summary: 'A report by day',
          description: `The last ${REPORT_DAYS} days unless dates are given; at most ${REPORT_DAYS_MAX} days. Days are those of UTC; days without conversations are left out.`,
          security: signedIn,
          querystring: Type.Object({
            ...dates,
            format: optional(Type.Union([Type.Literal('json'), Type.Literal('csv')])),
          }),
          response: {
            200: {
              description: 'The report.',
              content: {
                'application/json': { schema: Report },
                'text/csv': { schema: Type.String() },
              },
            },
            ...errors(401),
          },
        },
      },
      async (request, reply) => {
        const given = spanOf(userOf(request), request.query);
        const until = given.until ?? new Date(clock.now());
        const from = given.from ?? new Date(until.getTime() - REPORT_DAYS * DAY_MS);
        if (from >= until) throw invalid('end_date', 'Must be after start_date.');
        if (until.getTime() - from.getTime() > REPORT_DAYS_MAX * DAY_MS) {
          throw invalid('start_date', `At most ${REPORT_DAYS_MAX} days.`);
        }
        const span = { ...given, from, until };
        const [totals, days] = await Promise.all([findTotals(sql, span), listDayTotals(sql, span)]);
        const rows = days.map(({ date, ...each }) => ({ date, ...answer(each) }));
        if (request.query.format === 'csv') {
          return sendTable(reply, 'report.csv', csvOf(rows));
        }
        return {
          start_date: from.toISOString(),
          end_date: until.toISOString(),
          generated_at: new Date(clock.now()).toISOString(),
          ...answer(totals),
          days: rows,
        };
      },
    );
  };
  return routes;
}

function seesAll({ role }: User): boolean {
  return role !== 'user';
}

function spanOf(user: User, query: { start_date?: string; end_date?: string }): Span {
  return {
    userId: seesAll(user) ? undefined : user.id,
    from: momentOf('start_date', query.start_date),
    until: endOf(query.end_date),
  };
}

/** A day is the last one that counts: who asks for December names the 31st. */
function endOf(text: string | undefined): Date | undefined {
  const until = momentOf('end_date', text);
  if (!until || text?.length !== DAY_LENGTH) return until;
  return new Date(Math.min(until.getTime() + DAY_MS, LAST_MS));
}

function answer(totals: Totals): Static<typeof Dashboard> {
  return {
    total_conversations: totals.conversations,
    total_messages: totals.messages,
    active_users: totals.activeUsers,
    average_response_time: totals.averageResponseTime,
  };
}

function csvOf(rows: readonly ({ date: string } & Static<typeof Dashboard>)[]): string {
  const names = ['date', ...Object.keys(Dashboard.properties)];
  const lines = rows.map((row) =>
    formatCsvLine([
      row.date,
      row.total_conversations,
      row.total_messages,
      row.active_users,
      row.average_response_time ?? '',
    ]),
  );
  return [formatCsvLine(names), ...lines].join('');
}
