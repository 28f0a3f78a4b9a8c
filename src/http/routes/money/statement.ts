// What an owner sees of their balance: what is left, every entry of the books, usage by day and month; also as tables.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { formatCsvLine } from '../../../lib/csv.ts';
import { findBalance } from '../../../store/money/ledger-entries.ts';
import { findOwnedClient } from '../../../store/clients/owned-clients.ts';
import { findAlertSeconds } from '../../../store/money/low-balances.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { readEntries, readStatement, readUsage } from '../../../store/money/statement.ts';
import type { StatementEntry, Usage } from '../../../store/money/statement.ts';
import { found, reachOf, requireUser, userOf } from '../../identity/auth.ts';
import { ofClient, tags } from '../../billing-parts.ts';
import { dayOf } from '../../schemas/day.ts';
import { invalid } from '../../schemas/fields.ts';
import { Moment, momentOf } from '../../schemas/moment.ts';
import { PAGE_ROWS_MAX } from '../../schemas/page.ts';
import { requireClient } from '../../every-request/require-client.ts';
import { errors, Id, nullable, optional, signedIn, Timestamp } from '../../schemas/schemas.ts';
import { sendTable, table } from '../../schemas/table.ts';
import { toWire } from '../../schemas/wire.ts';

/** Of a chart: a quarter of days, ten years of months. */
const DAYS_MAX = 92;
const MONTHS_MAX = 120;

const seconds = Type.Integer();
const BalanceAnswer = Type.Object({
  balance_seconds: Type.Integer({
    description: 'What is left now: without what running calls have used.',
  }),
  settled_seconds: Type.Integer({
    description: 'What the books say; running calls are entered when they end.',
  }),
  free_seconds: Type.Integer({
    description: 'Not promised to running calls.',
    examples: [5400],
  }),
  debt_seconds: Type.Integer({
    description: 'Owed after a refund of used talk time; no call is answered meanwhile.',
  }),
  running_calls: Type.Integer(),
  alert_below_seconds: nullable(seconds),
  low_below_seconds: nullable(
    Type.Integer({
      description:
        'What low is: alert_below_seconds, or where that is null what the last three days used, at least 600 and at most 10800; null where alerts are switched off, with 0.',
    }),
  ),
  low: Type.Boolean({ description: 'Below low_below_seconds.' }),
  suspended: Type.Boolean({
    description: 'The books did not agree, and no new call is answered until support has looked.',
  }),
});
const kind = Type.Union([
  Type.Literal('topup'),
  Type.Literal('refund'),
  Type.Literal('dispute'),
  Type.Literal('reinstate'),
  Type.Literal('call'),
  Type.Literal('adjust'),
  Type.Literal('chat'),
]);
const Entry = Type.Object({
  id: Type.Integer(),
  at: Timestamp,
  kind,
  seconds: Type.Integer({ description: 'Below 0 for what was used or taken back.' }),
  balance_after: Type.Integer({ description: 'Below 0 while something is owed.' }),
  reason: nullable(Type.String({ description: 'Of an adjustment.' })),
  call: nullable(
    Type.Object({
      conversation_id: nullable(Id),
      caller_phone: nullable(Type.String()),
      channel: nullable(Type.String({ examples: ['phone'] })),
    }),
  ),
  payment: nullable(
    Type.Object({
      order_id: Id,
      order_kind: Type.String({ examples: ['top_up'] }),
      package_name: Type.String(),
      amount: Type.Integer(),
      currency: Type.String(),
    }),
  ),
});
const date = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', examples: ['2026-02-06'] });
const UsageAnswer = Type.Array(
  Type.Object({
    date: Type.String({
      description: "The day, or the first of the month, in the client's zone.",
      examples: ['2026-02-06'],
    }),
    calls: Type.Integer({ examples: [14] }),
    call_seconds: seconds,
    chat_seconds: seconds,
    bought_seconds: seconds,
    adjusted_seconds: seconds,
  }),
);
const usageQuery = Type.Object({
  by: optional(Type.Union([Type.Literal('day'), Type.Literal('month')], { default: 'day' })),
  from: date,
  until: date,
});

export function statementRoutes({ sql }: { sql: Sql }): FastifyPluginAsync {
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);
    app.addHook('onRequest', requireClient(sql));

    app.get(
      '/api/clients/:client_id/balance',
      {
        schema: {
          tags,
          summary: 'Get the balance of a client',
          security: signedIn,
          params: ofClient,
          response: { 200: BalanceAnswer, ...errors(401, 404) },
        },
      },
      async (request) => {
        const { client_id: clientId } = request.params;
        const client = found(await findOwnedClient(sql, reachOf(userOf(request)), clientId));
        const balance = found(await findBalance(sql, clientId));
        const { liveSeconds, balanceSeconds, freeSeconds, debtSeconds } = balance;
        const below = await findAlertSeconds(sql, clientId);
        return {
          balance_seconds: liveSeconds,
          settled_seconds: balanceSeconds,
          free_seconds: freeSeconds,
          debt_seconds: debtSeconds,
          running_calls: client.runningCalls,
          alert_below_seconds: client.alertBelowSeconds,
          low_below_seconds: below,
          low: below !== null && liveSeconds - debtSeconds < below,
          suspended: client.auditFailedAt !== null,
        };
      },
    );

    app.get(
      '/api/clients/:client_id/ledger',
      {
        schema: {
          tags,
          summary: 'Read the statement of a client',
          description:
            'Newest first, with the balance after each entry. Link (rel="next") leads to older ones.',
          security: signedIn,
          params: ofClient,
          querystring: Type.Object({
            limit: Type.Integer({ minimum: 1, maximum: PAGE_ROWS_MAX, default: 50 }),
            before: optional(
              Type.Integer({
                minimum: 1,
                maximum: Number.MAX_SAFE_INTEGER,
                description: 'Only entries older than the one with this id.',
              }),
            ),
          }),
          response: { 200: Type.Array(Entry), ...errors(401, 404) },
        },
      },
      async (request, reply) => {
        const { limit, before } = request.query;
        const { client_id: clientId } = request.params;
        const { rows, more } = await readStatement(sql, clientId, { limit, before });
        const last = rows.at(-1);
        if (more && last) {
          const path = `/api/clients/${clientId}/ledger`;
          reply.header('link', `<${path}?limit=${limit}&before=${last.id}>; rel="next"`);
        }
        return rows.map((row) => entryAnswer(row));
      },
    );

    app.get(
      '/api/clients/:client_id/ledger.csv',
      {
        schema: {
          tags,
          summary: 'Export the statement of a client',
          description:
            'Oldest first. Cells that a spreadsheet would take for a formula begin with an apostrophe.',
          security: signedIn,
          params: ofClient,
          querystring: Type.Object({ from: optional(Moment), until: optional(Moment) }),
          response: { 200: table, ...errors(401, 404) },
        },
      },
      async (request, reply) => {
        const from = momentOf('from', request.query.from);
        const until = momentOf('until', request.query.until);
        const portions = readEntries(sql, request.params.client_id, { from, until });
        return sendTable(reply, 'statement.csv', statementLines(portions));
      },
    );

    app.get(
      '/api/clients/:client_id/usage',
      {
        schema: {
          tags,
          summary: 'Usage of a client by day or month',
          description: `In the client's zone, both ends included, at most ${DAYS_MAX} days or ${MONTHS_MAX} months. A call counts when it was entered into the books: at its end.`,
          security: signedIn,
          params: ofClient,
          querystring: usageQuery,
          response: { 200: UsageAnswer, ...errors(401, 404) },
        },
      },
      async (request) => {
        const usage = await readUsage(sql, request.params.client_id, rangeOf(request.query));
        return usage.map((each) => toWire(each));
      },
    );

    app.get(
      '/api/clients/:client_id/usage.csv',
      {
        schema: {
          tags,
          summary: 'Export the usage of a client',
          security: signedIn,
          params: ofClient,
          querystring: usageQuery,
          response: { 200: table, ...errors(401, 404) },
        },
      },
      async (request, reply) => {
        const usage = await readUsage(sql, request.params.client_id, rangeOf(request.query));
        return sendTable(reply, 'usage.csv', usageLines(usage));
      },
    );
  };
  return routes;
}

function rangeOf(query: { by?: 'day' | 'month'; from: string; until: string }) {
  const { by = 'day', from, until } = query;
  const [first, last] = [dayOf('from', from), dayOf('until', until)];
  if (Temporal.PlainDate.compare(first, last) > 0)
    throw invalid('until', 'Must not be before from.');
  if (by === 'day' && last.since(first).days >= DAYS_MAX) {
    throw invalid('until', `At most ${DAYS_MAX} days.`);
  }
  const months = last.since(first, { largestUnit: 'months' }).months;
  if (months >= MONTHS_MAX) throw invalid('until', `At most ${MONTHS_MAX} months.`);
  return { by, from, until };
}

function entryAnswer(entry: StatementEntry) {
  const { orderId, orderKind, packageName, amount, currency } = entry;
  return {
    id: entry.id,
    at: entry.at.toISOString(),
    kind: entry.kind,
    seconds: entry.deltaSeconds,
    balance_after: entry.balanceAfter,
    reason: entry.reason,
    call:
      entry.kind === 'call' || entry.kind === 'chat'
        ? {
            conversation_id: entry.conversationId,
            caller_phone: entry.callerPhone,
            channel: entry.channel,
          }
        : null,
    payment:
      orderId === null
        ? null
        : {
            order_id: orderId,
            order_kind: orderKind ?? '',
            package_name: packageName ?? '',
            amount: amount ?? 0,
            currency: currency ?? '',
          },
  };
}

async function* statementLines(portions: AsyncIterable<readonly StatementEntry[]>) {
  yield formatCsvLine([
    'at',
    'kind',
    'seconds',
    'balance_after',
    'description',
    'conversation_id',
    'order_id',
    'amount',
    'currency',
  ]);
  for await (const rows of portions) {
    yield rows
      .map((row) =>
        formatCsvLine([
          row.at.toISOString(),
          row.kind,
          row.deltaSeconds,
          row.balanceAfter,
          row.reason ?? row.packageName ?? row.callerPhone ?? '',
          row.conversationId ?? '',
          row.orderId ?? '',
          row.amount ?? '',
          row.currency ?? '',
        ]),
      )
      .join('');
  }
}

function usageLines(usage: readonly Usage[]): string {
  const head = [
    'date',
    'calls',
    'call_seconds',
    'chat_seconds',
    'bought_seconds',
    'adjusted_seconds',
  ];
  const lines = usage.map((each) => [
    each.date,
    each.calls,
    each.callSeconds,
    each.chatSeconds,
    each.boughtSeconds,
    each.adjustedSeconds,
  ]);
  return [head, ...lines].map((cells) => formatCsvLine(cells)).join('');
}
