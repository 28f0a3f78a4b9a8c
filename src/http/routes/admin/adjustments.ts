// Seconds given or taken by an administrator, with a reason.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { adjustBalance } from '../../../billing/metering/adjust.ts';
import type { Clock } from '../../../lib/clock.ts';
import { newId } from '../../../lib/ids.ts';
import { findBalance } from '../../../store/money/ledger-entries.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { found, requireRole, requireUser, userOf } from '../../identity/auth.ts';
import { invalid, writable } from '../../schemas/fields.ts';
import { requireClient } from '../../every-request/require-client.ts';
import { errors, Id, signedIn } from '../../schemas/schemas.ts';

const Adjustment = Type.Object(
  {
    seconds: Type.Integer({
      minimum: -316_224_000,
      maximum: 316_224_000,
      description: 'Given if positive, taken if negative; not 0.',
    }),
    reason: Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' }),
  },
  { examples: [{ seconds: 600, reason: 'Goodwill after the outage of March 3.' }] },
);
const AdjustmentAnswer = Type.Object({
  client_id: Id,
  seconds: Type.Integer(),
  reason: Type.String(),
  balance_seconds: Type.Integer(),
  debt_seconds: Type.Integer(),
});

export function adjustmentRoutes({ sql, clock }: { sql: Sql; clock: Clock }): FastifyPluginAsync {
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);
    app.addHook('onRequest', requireClient(sql));
    app.addHook('onRequest', requireRole('admin'));

    app.post(
      '/api/clients/:client_id/adjustments',
      {
        schema: {
          tags: ['Clients'],
          summary: 'Adjust the balance of a client',
          description: 'For administrators. An entry of the books with a reason and a name.',
          security: signedIn,
          params: Type.Object({ client_id: Id }),
          body: Adjustment,
          response: { 201: AdjustmentAnswer, ...errors(401, 403, 404) },
        },
      },
      async (request, reply) => {
        const { seconds, reason } = writable(Adjustment, request.body);
        if (seconds === 0) throw invalid('seconds', 'Must not be 0.');
        const clientId = request.params.client_id;
        await adjustBalance(sql, {
          clientId,
          deltaSeconds: seconds,
          reason,
          by: userOf(request).id,
          idemKey: newId(clock.now()),
        });
        const balance = found(await findBalance(sql, clientId));
        reply.code(201);
        return {
          client_id: clientId,
          seconds,
          reason,
          balance_seconds: balance.liveSeconds,
          debt_seconds: balance.debtSeconds,
        };
      },
    );
  };
  return routes;
}
