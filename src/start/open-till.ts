// The payment service of the configuration, where one is configured.

import { openStripe } from '../billing/payments/stripe.ts';
import type { Till } from '../billing/payments/till.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../lib/clock.ts';

export async function openTill({ stripe }: Config, clock: Clock): Promise<Till | undefined> {
  const { key, webhookSecret, url } = stripe;
  return key === undefined ? undefined : openStripe({ key, webhookSecret, url }, clock);
}
