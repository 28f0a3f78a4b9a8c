// The monthly plan of a client, the payment service's own pages about it, and the receipts.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { withCustomer } from '../../../billing/payments/checkout.ts';
import { cancelPlan, changePlan, requireNoPlan } from '../../../billing/payments/plans.ts';
import { closePlanPages } from '../../../billing/payments/surplus-plans.ts';
import { findCustomer } from '../../../store/money/billing-accounts.ts';
import { findOwnedClient } from '../../../store/clients/owned-clients.ts';
import { findSubscription } from '../../../store/money/subscriptions.ts';
import type { Subscription } from '../../../store/money/subscriptions.ts';
import { found, reachOf, requireUser, userOf } from '../../identity/auth.ts';
import {
  Amount,
  Currency,
  exampleId,
  ofClient,
  requireTill,
  ReturnPath,
  tags,
} from '../../billing-parts.ts';
import type { BillingRouteParts } from '../../billing-parts.ts';
import { invalid, writable } from '../../schemas/fields.ts';
import { requireClient } from '../../every-request/require-client.ts';
import { errors, Id, nullable, optional, signedIn, Timestamp } from '../../schemas/schemas.ts';
import { CheckoutAnswer, openCheckout } from './top-ups.ts';

const RECEIPTS_MAX = 100;

const Plan = Type.Object({
  id: Type.String(),
  package_id: Id,
  package_name: Type.String(),
  currency: Currency,
  amount: Amount,
  seconds: Type.Integer({ description: 'Each month; what is left is kept.' }),
  status: Type.String({
    description: "The payment service's word.",
    examples: ['active', 'past_due', 'canceled'],
  }),
  cancel_at_period_end: Type.Boolean(),
  current_period_end: nullable(Timestamp),
});
const PlanAnswer = Type.Object({ plan: nullable(Plan) });
const NewPlan = Type.Object(
  { package_id: Id, return_path: optional(ReturnPath) },
  { examples: [{ package_id: exampleId }] },
);
const PlanChange = Type.Object(
  {
    package_id: optional(Id),
    cancel_at_period_end: optional(
      Type.Boolean({
        description: 'true ends the plan with the month that is paid; false takes it back.',
      }),
    ),
  },
  { examples: [{ cancel_at_period_end: true }] },
);
const PortalVisit = Type.Object(
  { return_path: optional(ReturnPath) },
  { examples: [{ return_path: '/billing' }] },
);
const Receipt = Type.Object({
  kind: Type.Union([Type.Literal('payment'), Type.Literal('invoice')]),
  id: Type.String(),
  at: Timestamp,
  amount: Type.Integer(),
  refunded: Type.Integer(),
  currency: Type.String(),
  status: Type.String(),
  url: nullable(Type.String({ description: 'A page of the payment service.' })),
  pdf_url: nullable(Type.String()),
});

export function planRoutes(parts: BillingRouteParts): FastifyPluginAsync {
  const { sql } = parts;
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);
    app.addHook('onRequest', requireClient(sql));

    app.get(
      '/api/clients/:client_id/plan',
      {
        schema: {
          tags,
          summary: 'Get the monthly plan of a client',
          description: 'The running one, or the last one that ran; null without any.',
          security: signedIn,
          params: ofClient,
          response: { 200: PlanAnswer, ...errors(401, 404) },
        },
      },
      async (request) => {
        const plan = await findSubscription(sql, request.params.client_id);
        return { plan: plan ? planAnswer(plan) : null };
      },
    );

    app.post(
      '/api/clients/:client_id/plan',
      {
        schema: {
          tags,
          summary: 'Begin a monthly plan',
          description:
            'Makes an order and a page of the payment service, and closes earlier pages for a plan of this client; each paid month adds its seconds. Of two plans that were paid for all the same, the second is cancelled and refunded.',
          security: signedIn,
          params: ofClient,
          body: NewPlan,
          response: { 201: CheckoutAnswer, ...errors(401, 403, 404, 409, 502, 503) },
        },
      },
      async (request, reply) => {
        const body = writable(NewPlan, request.body);
        const ready = { ...parts, till: requireTill(parts.till) };
        const user = userOf(request);
        const client = found(await findOwnedClient(sql, reachOf(user), request.params.client_id));
        await requireNoPlan(sql, client.id);
        await closePlanPages(ready, client.id);
        reply.code(201);
        return openCheckout(ready, { user, client, kind: 'plan' }, body);
      },
    );

    app.patch(
      '/api/clients/:client_id/plan',
      {
        schema: {
          tags,
          summary: 'Change or cancel the monthly plan',
          description: 'Another plan, its price and its seconds, hold from the next month on.',
          security: signedIn,
          params: ofClient,
          body: PlanChange,
          response: { 200: PlanAnswer, ...errors(401, 403, 404, 502, 503) },
        },
      },
      async (request) => {
        const body = writable(PlanChange, request.body);
        const { package_id: packageId, cancel_at_period_end: cancel } = body;
        if ((packageId === undefined) === (cancel === undefined)) {
          throw invalid('package_id', 'Either this or cancel_at_period_end is needed.');
        }
        const ready = { ...parts, till: requireTill(parts.till) };
        const { client_id: clientId } = request.params;
        const plan =
          packageId === undefined
            ? await cancelPlan(ready, clientId, cancel ?? false)
            : await changePlan(ready, { clientId, packageId, userId: userOf(request).id });
        return { plan: planAnswer(plan) };
      },
    );

    app.post(
      '/api/clients/:client_id/portal',
      {
        schema: {
          tags,
          summary: "Open the payment service's customer portal",
          description: 'For cards, invoices and the plan. The address is good for a few minutes.',
          security: signedIn,
          params: ofClient,
          body: PortalVisit,
          response: {
            201: Type.Object({
              url: Type.String({
                format: 'uri',
                examples: ['https://billing.stripe.com/p/session/x'],
              }),
            }),
            ...errors(401, 403, 404, 502, 503),
          },
        },
      },
      async (request, reply) => {
        const till = requireTill(parts.till);
        const reach = reachOf(userOf(request));
        const client = found(await findOwnedClient(sql, reach, request.params.client_id));
        const { return_path: path = '/' } = writable(PortalVisit, request.body);
        const back = new URL(path, parts.publicUrl).href;
        const who = { clientId: client.id, clientName: client.name };
        const url = await withCustomer({ sql, till }, who, (customer) =>
          till.openPortal(customer, back),
        );
        reply.code(201);
        return { url };
      },
    );

    app.get(
      '/api/clients/:client_id/receipts',
      {
        schema: {
          tags,
          summary: 'List receipts and invoices of a client',
          description: `As the payment service has them, newest first, at most ${RECEIPTS_MAX}.`,
          security: signedIn,
          params: ofClient,
          response: { 200: Type.Array(Receipt), ...errors(401, 404, 502, 503) },
        },
      },
      async (request) => {
        const customer = await findCustomer(sql, request.params.client_id);
        // Who never bought anything has none, wherever payments are configured.
        if (customer === undefined) return [];
        const receipts = await requireTill(parts.till).listReceipts(customer, RECEIPTS_MAX);
        return receipts.map(({ at, pdfUrl, ...rest }) => ({
          ...rest,
          at: at.toISOString(),
          pdf_url: pdfUrl,
        }));
      },
    );
  };
  return routes;
}

function planAnswer(plan: Subscription) {
  return {
    id: plan.id,
    package_id: plan.packageId,
    package_name: plan.packageName,
    currency: plan.currency,
    amount: plan.amount,
    seconds: plan.seconds,
    status: plan.status,
    cancel_at_period_end: plan.cancelAtPeriodEnd,
    current_period_end: plan.currentPeriodEnd?.toISOString() ?? null,
  };
}
