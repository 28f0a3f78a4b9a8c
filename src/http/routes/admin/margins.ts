// What calls cost us and brought in, by client and by call: for administrators.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { costOfLine, totalOf } from '../../../reception/records/prices.ts';
import { findConversationMoney, reportMoney } from '../../../store/money/costs.ts';
import type { Cost } from '../../../store/money/costs.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { found, requireRole, requireUser, userOf } from '../../identity/auth.ts';
import { tags } from '../../billing-parts.ts';
import { dayOf } from '../../schemas/day.ts';
import { invalid } from '../../schemas/fields.ts';
import { errors, Id, nullable, signedIn } from '../../schemas/schemas.ts';

const DAYS_MAX = 92;

const date = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', examples: ['2026-02-06'] });
const money = Type.Integer({ description: 'Millionths of a US dollar.' });
const revenue = nullable(
  Type.Integer({
    description:
      'Used seconds at what the client has paid for a second on average, in millionths of a US dollar; null without payments in dollars.',
  }),
);
const Costs = Type.Array(
  Type.Object({
    vendor: Type.String({ examples: ['nova-2-phonecall'] }),
    unit: Type.Union([
      Type.Literal('input_tokens'),
      Type.Literal('output_tokens'),
      Type.Literal('characters'),
      Type.Literal('milliseconds'),
    ]),
    quantity: Type.Integer(),
    microdollars: money,
  }),
);
const sums = {
  costs: Costs,
  cost_microdollars: money,
  revenue_microdollars: revenue,
  margin_microdollars: revenue,
};
const Margin = Type.Object({
  client_id: Id,
  client_name: Type.String(),
  calls: Type.Integer(),
  used_seconds: Type.Integer(),
  ...sums,
});
const CallMargin = Type.Object({
  conversation_id: Id,
  client_id: Id,
  billed_seconds: Type.Integer(),
  ...sums,
});

export function marginRoutes({ sql }: { sql: Sql }): FastifyPluginAsync {
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);

    app.get(
      '/api/billing/margins',
      {
        onRequest: requireRole('admin'),
        schema: {
          tags,
          summary: 'Report cost and revenue by client',
          description: `For administrators. What was used between two days in UTC, both included, at most ${DAYS_MAX}: what it cost us by vendor, and what it brought in.`,
          security: signedIn,
          querystring: Type.Object({ from: date, until: date }),
          response: { 200: Type.Array(Margin), ...errors(401, 403) },
        },
      },
      async (request) => {
        const { from, until } = request.query;
        const days = dayOf('until', until).since(dayOf('from', from)).days;
        if (days < 0) throw invalid('until', 'Must not be before from.');
        if (days >= DAYS_MAX) throw invalid('until', `At most ${DAYS_MAX} days.`);
        const clients = await reportMoney(sql, { from, until });
        return clients.map((client) => {
          const { clientId, clientName, calls, usedSeconds, lineSeconds } = client;
          const line = Object.entries(lineSeconds).map(([day, seconds]) =>
            costOfLine(seconds, Date.parse(day)),
          );
          return {
            client_id: clientId,
            client_name: clientName,
            calls,
            used_seconds: usedSeconds,
            ...sumsOf([...client.costs, ...inOne(line)], usedSeconds, client.receivedPerSecond),
          };
        });
      },
    );

    app.get(
      '/api/conversations/:conversation_id/costs',
      {
        schema: {
          tags,
          summary: 'Cost and revenue of a call or chat',
          description: 'For administrators. By vendor, at the prices of its day.',
          security: signedIn,
          params: Type.Object({ conversation_id: Id }),
          response: { 200: CallMargin, ...errors(401, 404) },
        },
      },
      async (request) => {
        found(userOf(request).role === 'admin' || undefined);
        const { conversation_id: id } = request.params;
        const call = found(await findConversationMoney(sql, id));
        const { clientId, channel, billedSeconds, startedAt } = call;
        const line = channel === 'phone' ? [costOfLine(billedSeconds, startedAt.getTime())] : [];
        return {
          conversation_id: id,
          client_id: clientId,
          billed_seconds: billedSeconds,
          ...sumsOf([...call.costs, ...inOne(line)], billedSeconds, call.receivedPerSecond),
        };
      },
    );
  };
  return routes;
}

function sumsOf(costs: readonly Cost[], seconds: number, receivedPerSecond: number | null) {
  const cost = totalOf(costs);
  const received = receivedPerSecond === null ? null : Math.round(seconds * receivedPerSecond);
  return {
    costs: costs.map((each) => ({ ...each })),
    cost_microdollars: cost,
    revenue_microdollars: received,
    margin_microdollars: received === null ? null : received - cost,
  };
}

/** Days of the carrier as one item; none without any. */
function inOne(costs: readonly Cost[]): Cost[] {
  const [first] = costs;
  const quantity = costs.reduce((sum, each) => sum + each.quantity, 0);
  return first && quantity > 0 ? [{ ...first, quantity, microdollars: totalOf(costs) }] : [];
}
