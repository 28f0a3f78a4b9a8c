// Buying talk time: an order and the page where it is paid; and what has become of all orders.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { startCheckout } from '../../../billing/payments/checkout.ts';
import type { Till } from '../../../billing/payments/till.ts';
import type { User } from '../../../store/accounts/users.ts';
import { findOrder, listOrders } from '../../../store/money/orders.ts';
import type { Order } from '../../../store/money/orders.ts';
import { findOwnedClient } from '../../../store/clients/owned-clients.ts';
import type { OwnedClient } from '../../../store/clients/owned-clients.ts';
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
import { writable } from '../../schemas/fields.ts';
import { pageHeaders, pageQuery, parsePage, tellPage } from '../../schemas/page.ts';
import { requireClient } from '../../every-request/require-client.ts';
import { errors, Id, nullable, optional, signedIn, Timestamp } from '../../schemas/schemas.ts';

const OrderAnswer = Type.Object({
  id: Id,
  client_id: Id,
  package_id: Id,
  package_name: Type.String(),
  kind: Type.Union([
    Type.Literal('top_up'),
    Type.Literal('auto_top_up'),
    Type.Literal('plan'),
    Type.Literal('plan_change'),
  ]),
  currency: Currency,
  amount: Amount,
  seconds: Type.Integer({ description: 'Of a plan, each month.' }),
  state: Type.Union(
    [
      Type.Literal('open'),
      Type.Literal('processing'),
      Type.Literal('paid'),
      Type.Literal('failed'),
      Type.Literal('expired'),
      Type.Literal('mismatch'),
    ],
    {
      description:
        'processing: a bank takes days to answer. mismatch: the payment did not fit the order, and support has to look.',
    },
  ),
  failure: nullable(Type.String({ description: 'Why it failed, as card_declined.' })),
  created_at: Timestamp,
  paid_at: nullable(Timestamp),
});
export const CheckoutAnswer = Type.Object({
  order: OrderAnswer,
  url: Type.String({ format: 'uri', description: 'Where to send the owner to pay.' }),
});
const NewTopUp = Type.Object(
  {
    package_id: Id,
    save_payment_method: optional(
      Type.Boolean({ description: 'Keep the card for automatic top-up.', default: false }),
    ),
    return_path: optional(ReturnPath),
  },
  { examples: [{ package_id: exampleId, save_payment_method: true }] },
);

export function topUpRoutes(parts: BillingRouteParts): FastifyPluginAsync {
  const { sql } = parts;
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);
    app.addHook('onRequest', requireClient(sql));

    app.post(
      '/api/clients/:client_id/top-ups',
      {
        schema: {
          tags,
          summary: 'Buy talk time',
          description:
            'Makes an order and a page of the payment service. The seconds are added when the payment has arrived, whether the owner comes back or not.',
          security: signedIn,
          params: ofClient,
          body: NewTopUp,
          response: { 201: CheckoutAnswer, ...errors(401, 403, 404, 502, 503) },
        },
      },
      async (request, reply) => {
        const body = writable(NewTopUp, request.body);
        const ready = { ...parts, till: requireTill(parts.till) };
        const user = userOf(request);
        const client = found(await findOwnedClient(sql, reachOf(user), request.params.client_id));
        reply.code(201);
        return openCheckout(ready, { user, client, kind: 'top_up' }, body);
      },
    );

    app.get(
      '/api/clients/:client_id/top-ups',
      {
        schema: {
          tags,
          summary: 'List the orders of a client',
          description: `Newest first: what was bought by hand and automatically, and plans. ${pageHeaders}`,
          security: signedIn,
          params: ofClient,
          querystring: Type.Object(pageQuery),
          response: { 200: Type.Array(OrderAnswer), ...errors(401, 404) },
        },
      },
      async (request, reply) => {
        const { client_id: clientId } = request.params;
        const page = await listOrders(sql, clientId, parsePage(request.query));
        tellPage(request, reply, page);
        return page.rows.map((order) => orderAnswer(order));
      },
    );

    app.get(
      '/api/clients/:client_id/top-ups/:order_id',
      {
        schema: {
          tags,
          summary: 'Get an order',
          security: signedIn,
          params: Type.Object({ client_id: Id, order_id: Id }),
          response: { 200: OrderAnswer, ...errors(401, 404) },
        },
      },
      async (request) => {
        const order = await findOrder(sql, request.params.order_id);
        return orderAnswer(found(order?.clientId === request.params.client_id ? order : undefined));
      },
    );
  };
  return routes;
}

/** Makes the order and its page, for `client`, which must be within the user's reach. */
export async function openCheckout(
  parts: BillingRouteParts & { readonly till: Till },
  { user, client, kind }: { user: User; client: OwnedClient; kind: 'top_up' | 'plan' },
  body: Static<typeof NewTopUp>,
): Promise<Static<typeof CheckoutAnswer>> {
  const { order, url } = await startCheckout(parts, {
    clientId: client.id,
    clientName: client.name,
    packageId: body.package_id,
    kind,
    userId: user.id,
    // What is paid each month needs a card that is kept.
    saveMethod: kind === 'plan' || (body.save_payment_method ?? false),
    returnPath: body.return_path ?? '/',
  });
  return { order: orderAnswer(order), url };
}

function orderAnswer(order: Omit<Order, 'sessionId' | 'paymentIntent' | 'subscriptionId'>) {
  return {
    id: order.id,
    client_id: order.clientId,
    package_id: order.packageId,
    package_name: order.packageName,
    kind: order.kind,
    currency: order.currency,
    amount: order.amount,
    seconds: order.seconds,
    state: order.state,
    failure: order.failure,
    created_at: order.createdAt.toISOString(),
    paid_at: order.paidAt?.toISOString() ?? null,
  };
}
