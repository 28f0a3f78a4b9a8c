// What is sold: read by everybody who is signed in, set by administrators.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { newId } from '../../../lib/ids.ts';
import { listOddEvents } from '../../../store/money/payments.ts';
import { insertPackage, listPackages, updatePackage } from '../../../store/money/packages.ts';
import type { Package } from '../../../store/money/packages.ts';
import { found, requireRole, requireUser, userOf } from '../../identity/auth.ts';
import { Amount, Currency, exampleId, tags } from '../../billing-parts.ts';
import type { BillingRouteParts } from '../../billing-parts.ts';
import { writable } from '../../schemas/fields.ts';
import { errors, Id, optional, signedIn, Timestamp } from '../../schemas/schemas.ts';
import { toWire } from '../../schemas/wire.ts';

const kind = Type.Union([Type.Literal('top_up'), Type.Literal('plan')], {
  description: 'top_up: seconds once. plan: seconds every month.',
});
const fields = {
  name: Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' }),
  description: Type.String({ maxLength: 500 }),
  currency: Currency,
  amount: Amount,
  seconds: Type.Integer({ minimum: 1, maximum: 316_224_000 }),
  position: Type.Integer({ minimum: 0, maximum: 1000, description: 'Lower ones come first.' }),
  is_active: Type.Boolean({ description: 'Whether it can be bought.' }),
};
const example = {
  kind: 'top_up',
  name: '5 hours',
  description: 'Talk time that never expires.',
  currency: 'usd',
  amount: 6000,
  seconds: 18_000,
  position: 2,
  is_active: true,
} as const;
const PackageAnswer = Type.Object(
  { id: Id, kind, ...fields },
  { examples: [{ id: exampleId, ...example }] },
);
const NewPackage = Type.Object(
  {
    kind,
    ...fields,
    description: optional(fields.description),
    position: optional(fields.position),
    is_active: optional(fields.is_active),
  },
  { examples: [example] },
);
const PackageChange = Type.Partial(Type.Object(fields), { examples: [{ is_active: false }] });

const PROBLEMS_MAX = 100;
const Problem = Type.Object({
  id: Type.String({ description: "The payment service's name of the message." }),
  type: Type.String(),
  outcome: Type.Union([Type.Literal('mismatch'), Type.Literal('unknown')], {
    description: 'mismatch: does not fit its order. unknown: of no order of ours.',
  }),
  detail: Type.Record(Type.String(), Type.Unknown()),
  received_at: Timestamp,
});

export function packageRoutes({ sql, clock }: BillingRouteParts): FastifyPluginAsync {
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);

    app.get(
      '/api/billing/packages',
      {
        schema: {
          tags,
          summary: 'List what is sold',
          description:
            'Packages of talk time, then monthly plans, in the order in which they are offered. Administrators also see those that are no longer sold.',
          security: signedIn,
          response: { 200: Type.Array(PackageAnswer), ...errors(401) },
        },
      },
      async (request) => {
        const packages = await listPackages(sql, { all: userOf(request).role === 'admin' });
        return packages.map((each) => toWire(each));
      },
    );

    app.get(
      '/api/billing/problems',
      {
        onRequest: requireRole('admin'),
        schema: {
          tags,
          summary: 'List payments that do not fit',
          description: `For administrators. Money that came in and was not credited, newest first, at most ${PROBLEMS_MAX}.`,
          security: signedIn,
          response: { 200: Type.Array(Problem), ...errors(401, 403) },
        },
      },
      async () => {
        const odd = await listOddEvents(sql, PROBLEMS_MAX);
        return odd.map(({ id, type, outcome, detail, receivedAt }) => ({
          id,
          type,
          outcome,
          detail: { ...detail },
          received_at: receivedAt.toISOString(),
        }));
      },
    );

    app.post(
      '/api/billing/packages',
      {
        onRequest: requireRole('admin'),
        schema: {
          tags,
          summary: 'Sell something new',
          description: 'For administrators.',
          security: signedIn,
          body: NewPackage,
          response: { 201: PackageAnswer, ...errors(401, 403) },
        },
      },
      async (request, reply) => {
        const body = writable(NewPackage, request.body);
        const { description = '', position = 0, is_active: isActive = true, ...rest } = body;
        const added: Package = { id: newId(clock.now()), ...rest, description, position, isActive };
        await insertPackage(sql, added);
        reply.code(201);
        return toWire(added);
      },
    );

    app.patch(
      '/api/billing/packages/:package_id',
      {
        schema: {
          tags,
          summary: 'Change what is sold',
          description: 'For administrators. What was ordered before keeps its price and seconds.',
          security: signedIn,
          params: Type.Object({ package_id: Id }),
          body: PackageChange,
          response: { 200: PackageAnswer, ...errors(401, 403, 404) },
        },
      },
      async (request) => {
        found(userOf(request).role === 'admin' || undefined);
        const { is_active: isActive, ...rest } = writable(PackageChange, request.body);
        const changes = { ...rest, ...(isActive === undefined ? {} : { isActive }) };
        return toWire(found(await updatePackage(sql, request.params.package_id, changes)));
      },
    );
  };
  return routes;
}
