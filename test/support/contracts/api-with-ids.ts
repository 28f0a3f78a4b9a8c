// An API with payments, users of each kind and a business, and the ids that paths name: for those who ask every route.

import { startStripe } from '../../../sandbox/vendors/stripe/stripe.ts';
import { startTestApi } from '../product/api.ts';
import type { TestApi, TestUser } from '../product/api.ts';
import { startBusiness } from '../product/business.ts';

export interface ApiWithIds {
  readonly api: TestApi;
  readonly owner: TestUser;
  readonly admin: TestUser;
  /** Of the owner's business, by the names that paths give them; `user_id` is a third user's. */
  readonly ids: Readonly<Record<string, string>>;
}

export async function startApiWithIds(t: {
  after(act: () => Promise<void>): void;
}): Promise<ApiWithIds> {
  const stripe = await startStripe({ key: 'sk_test_x', webhookSecret: 'whsec_x' });
  t.after(() => stripe.close());
  const env = { STRIPE_SECRET_KEY: 'sk_test_x', STRIPE_WEBHOOK_SECRET: 'whsec_x' };
  const api = await startTestApi(t, { env: { ...env, STRIPE_BASE_URL: stripe.url } });
  const [owner, admin, third] = [
    await api.user(),
    await api.user({ role: 'admin' }),
    await api.user(),
  ];
  const business = await startBusiness(api, owner);
  const ids = {
    ...business,
    session_id: business.conversation_id,
    token: 'unknown',
    user_id: third.id,
    command_id: business.message_id,
  };
  return { api, owner, admin, ids };
}
