// Buying talk time without being asked: when the balance falls below a threshold, with the saved card.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { findSold } from '../../../billing/payments/checkout.ts';
import { AppError } from '../../../lib/errors.ts';
import {
  findAutoTopUp,
  findCustomer,
  saveAutoTopUp,
} from '../../../store/money/billing-accounts.ts';
import type { AutoTopUp } from '../../../store/money/billing-accounts.ts';
import { requireUser } from '../../identity/auth.ts';
import { ofClient, requireTill, tags } from '../../billing-parts.ts';
import type { BillingRouteParts } from '../../billing-parts.ts';
import { invalid, writable } from '../../schemas/fields.ts';
import { requireClient } from '../../every-request/require-client.ts';
import { errors, Id, nullable, optional, signedIn, Timestamp } from '../../schemas/schemas.ts';

const threshold = Type.Integer({
  minimum: 0,
  maximum: 316_224_000,
  description: 'Below this balance the package is bought.',
});
const AutoTopUpAnswer = Type.Object({
  enabled: Type.Boolean(),
  threshold_seconds: threshold,
  package_id: nullable(Id),
  failure: nullable(Type.String({ description: 'Why it was turned off, as card_declined.' })),
  failed_at: nullable(Timestamp),
});
const AutoTopUpChange = Type.Object(
  {
    enabled: optional(Type.Boolean()),
    threshold_seconds: optional(threshold),
    package_id: optional(Id),
  },
  { examples: [{ enabled: false, threshold_seconds: 1800 }] },
);

export function autoTopUpRoutes(parts: BillingRouteParts): FastifyPluginAsync {
  const { sql } = parts;
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);
    app.addHook('onRequest', requireClient(sql));

    app.get(
      '/api/clients/:client_id/auto-top-up',
      {
        schema: {
          tags,
          summary: 'Get the automatic top-up of a client',
          security: signedIn,
          params: ofClient,
          response: { 200: AutoTopUpAnswer, ...errors(401, 404) },
        },
      },
      async (request) => answerOf(await findAutoTopUp(sql, request.params.client_id)),
    );

    app.patch(
      '/api/clients/:client_id/auto-top-up',
      {
        schema: {
          tags,
          summary: 'Set the automatic top-up of a client',
          description:
            'To turn it on, a package and a saved card are needed: buy something with save_payment_method first. A refused payment turns it off.',
          security: signedIn,
          params: ofClient,
          body: AutoTopUpChange,
          response: { 200: AutoTopUpAnswer, ...errors(401, 403, 404, 409, 502, 503) },
        },
      },
      async (request) => {
        const body = writable(AutoTopUpChange, request.body);
        const { client_id: clientId } = request.params;
        const { enabled, threshold_seconds: thresholdSeconds, package_id: packageId } = body;
        const now = await findAutoTopUp(sql, clientId);
        if (packageId !== undefined) await findSold(sql, packageId, 'top_up');
        if (enabled ?? now.enabled) await requireReady(clientId, packageId ?? now.packageId);
        const change = { enabled, thresholdSeconds, packageId };
        return answerOf(await saveAutoTopUp(sql, clientId, change));
      },
    );
  };
  return routes;

  async function requireReady(clientId: string, packageId: string | null): Promise<void> {
    if (packageId === null) throw invalid('package_id', 'Choose what to buy.');
    await findSold(sql, packageId, 'top_up');
    const till = requireTill(parts.till);
    const customer = await findCustomer(sql, clientId);
    const ready = customer !== undefined && (await till.hasMethod(customer).catch(forgotten));
    if (ready) return;
    throw new AppError('conflict', 'no method of payment is saved', {
      publicMessage: 'No card is saved yet. Buy talk time once with a card first.',
    });
  }
}

/** A customer that the payment service no longer has has no card. */
function forgotten(error: unknown): false {
  if (error instanceof AppError && error.code === 'not_found') return false;
  throw error;
}

function answerOf({ enabled, thresholdSeconds, packageId, failure, failedAt }: AutoTopUp) {
  return {
    enabled,
    threshold_seconds: thresholdSeconds,
    package_id: packageId,
    failure,
    failed_at: failedAt?.toISOString() ?? null,
  };
}
