// What the routes about money share: their parts, their schemas, and what they say where no payments are configured.

import { Type } from 'typebox';
import type { Till } from '../billing/payments/till.ts';
import type { Clock } from '../lib/clock.ts';
import { AppError } from '../lib/errors.ts';
import type { Sql } from '../store/database/sql.ts';
import { Id } from './schemas/schemas.ts';

export interface BillingRouteParts {
  readonly sql: Sql;
  readonly clock: Clock;
  /** Undefined where no payments are configured. */
  readonly till: Till | undefined;
  readonly publicUrl: string;
}

/** The payment service. Throws `not_configured` naming the key. */
export function requireTill(till: Till | undefined): Till {
  if (till) return till;
  throw new AppError('not_configured', 'no payments are configured', {
    publicMessage: 'Payments are not configured: STRIPE_SECRET_KEY is not set.',
  });
}

export const tags = ['Billing'];
export const ofClient = Type.Object({ client_id: Id });

export const Currency = Type.String({
  pattern: '^[a-z]{3}$',
  description: 'ISO 4217, in small letters.',
  examples: ['usd'],
});
export const Amount = Type.Integer({
  minimum: 1,
  maximum: 99_999_999,
  description: "In the currency's smallest unit.",
  examples: [2500],
});

/** A page of ours: nobody is sent elsewhere after paying. */
export const ReturnPath = Type.String({
  pattern: '^/(?![/\\\\])[\\x21-\\x5b\\x5d-\\x7e]{0,299}$',
  description:
    'The page of this server to come back to; `checkout` (done or cancelled) and `order` are added to its query.',
  'x-messages': { pattern: 'Must be a path of this server, such as /billing.' },
  examples: ['/billing'],
});

/** For examples of bodies. */
export const exampleId = '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5a';
