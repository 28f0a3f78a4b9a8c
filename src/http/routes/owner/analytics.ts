// What happened, day by day: for the owner's charts.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { reportDays } from '../../../store/conversations/analytics.ts';
import type { DayReport } from '../../../store/conversations/analytics.ts';
import { countBusyHours } from '../../../store/conversations/busy-hours.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { requireUser } from '../../identity/auth.ts';
import { dayOf } from '../../schemas/day.ts';
import { invalid } from '../../schemas/fields.ts';
import { requireClient } from '../../every-request/require-client.ts';
import { errors, Id, nullable, signedIn } from '../../schemas/schemas.ts';

const DAYS_MAX = 92;

const date = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', examples: ['2026-02-06'] });
const milliseconds = nullable(Type.Number());
const Latency = Type.Object(
  { p50: milliseconds, p90: milliseconds, p95: milliseconds, p99: milliseconds },
  {
    description:
      'Of replies, from the last word of the caller to our first sound; null without any.',
  },
);
const counts = {
  calls: Type.Integer(),
  minutes: Type.Number(),
  bookings: Type.Integer({ description: 'Appointments made.' }),
  messages: Type.Integer(),
  outcomes: Type.Record(Type.String(), Type.Integer()),
  cost_microdollars: Type.Integer(),
};
const Report = Type.Object(
  {
    from: date,
    until: date,
    totals: Type.Object(counts),
    days: Type.Array(Type.Object({ date, ...counts, response_ms: Latency })),
  },
  {
    examples: [
      {
        from: '2026-02-06',
        until: '2026-02-06',
        totals: {
          calls: 12,
          minutes: 24.5,
          bookings: 5,
          messages: 1,
          outcomes: { booked: 5, answered: 6, message: 1 },
          cost_microdollars: 0,
        },
        days: [],
      },
    ],
  },
);

const BusyHours = Type.Object(
  {
    from: date,
    until: date,
    hours: Type.Array(
      Type.Object({
        weekday: Type.Integer({ minimum: 1, maximum: 7, description: '1 is Monday.' }),
        hour: Type.Integer({ minimum: 0, maximum: 23 }),
        calls: Type.Integer(),
      }),
    ),
  },
  {
    examples: [
      {
        from: '2026-02-02',
        until: '2026-02-08',
        hours: [{ weekday: 1, hour: 9, calls: 4 }],
      },
    ],
  },
);

export function analyticsRoutes({ sql }: { sql: Sql }): FastifyPluginAsync {
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);
    app.addHook('onRequest', requireClient(sql));

    app.get(
      '/api/clients/:client_id/analytics',
      {
        schema: {
          tags: ['Analytics'],
          summary: 'Report on a client by day',
          description: `Calls, minutes, bookings, outcomes and percentiles of latency for each day of the client's zone, at most ${DAYS_MAX} days, both ends included.`,
          security: signedIn,
          params: Type.Object({ client_id: Id }),
          querystring: Type.Object({ from: date, until: date }),
          response: { 200: Report, ...errors(401, 404) },
        },
      },
      async (request) => {
        const { from, until } = request.query;
        checkSpan(request.query);
        const clientId = request.params.client_id;
        const reports = await reportDays(sql, { clientId, first: from, last: until });
        return { from, until, totals: totalsOf(reports), days: reports.map(answerOf) };
      },
    );

    app.get(
      '/api/clients/:client_id/analytics/hours',
      {
        schema: {
          tags: ['Analytics'],
          summary: 'Count the calls of a client by weekday and hour',
          description: `Of the client's zone, over at most ${DAYS_MAX} days, both ends included. Hours without calls are left out.`,
          security: signedIn,
          params: Type.Object({ client_id: Id }),
          querystring: Type.Object({ from: date, until: date }),
          response: { 200: BusyHours, ...errors(401, 404) },
        },
      },
      async (request) => {
        const { from, until } = request.query;
        checkSpan(request.query);
        const clientId = request.params.client_id;
        const hours = await countBusyHours(sql, { clientId, first: from, last: until });
        return { from, until, hours };
      },
    );
  };
  return routes;
}

function checkSpan({ from, until }: { from: string; until: string }): void {
  const { days } = dayOf('until', until).since(dayOf('from', from));
  if (days < 0) throw invalid('until', 'Must not be before from.');
  if (days >= DAYS_MAX) throw invalid('until', `At most ${DAYS_MAX} days.`);
}

function countsOf(report: DayReport) {
  return {
    calls: report.calls,
    minutes: Math.round(report.seconds / 6) / 10,
    bookings: report.bookings,
    messages: report.messages,
    outcomes: { ...report.outcomes },
    cost_microdollars: report.costMicrodollars,
  };
}

function answerOf(report: DayReport) {
  return {
    date: report.date,
    ...countsOf(report),
    response_ms: {
      p50: report.responseP50Ms,
      p90: report.responseP90Ms,
      p95: report.responseP95Ms,
      p99: report.responseP99Ms,
    },
  };
}

function totalsOf(reports: readonly DayReport[]) {
  const outcomes: Record<string, number> = {};
  let total = { calls: 0, seconds: 0, bookings: 0, messages: 0, costMicrodollars: 0 };
  for (const report of reports) {
    total = {
      calls: total.calls + report.calls,
      seconds: total.seconds + report.seconds,
      bookings: total.bookings + report.bookings,
      messages: total.messages + report.messages,
      costMicrodollars: total.costMicrodollars + report.costMicrodollars,
    };
    for (const [name, count] of Object.entries(report.outcomes)) {
      outcomes[name] = (outcomes[name] ?? 0) + count;
    }
  }
  return countsOf({ ...total, outcomes } as DayReport);
}
