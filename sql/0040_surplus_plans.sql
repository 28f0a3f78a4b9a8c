-- A client that paid for two plans at once keeps the first; the other is ended and its money goes back.

-- surplus_at: when it was found beside another plan that bills. surplus_try_at: when it is to be ended at Stripe, or asked about
-- again; null when that is done.
ALTER TABLE subscriptions ADD COLUMN surplus_at timestamptz, ADD COLUMN surplus_try_at timestamptz,
  ADD CHECK (surplus_try_at IS NULL OR surplus_at IS NOT NULL);
CREATE INDEX subscriptions_surplus ON subscriptions (surplus_try_at) WHERE surplus_try_at IS NOT NULL;
