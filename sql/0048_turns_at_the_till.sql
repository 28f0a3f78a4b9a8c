-- When the payment service was last asked about an order or a plan: each gets its turn, also behind many that stay as they are.

ALTER TABLE orders ADD COLUMN asked_at timestamptz;
ALTER TABLE subscriptions ADD COLUMN asked_at timestamptz;
