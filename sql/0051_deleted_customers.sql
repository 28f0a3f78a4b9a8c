-- Customers at Stripe whose clients were deleted: when they are gone there as well, with their cards, and when that is tried next.

ALTER TABLE billing_accounts ADD COLUMN customer_deleted_at timestamptz, ADD COLUMN customer_try_at timestamptz;
CREATE INDEX billing_accounts_to_delete ON billing_accounts (customer_try_at)
  WHERE stripe_customer IS NOT NULL AND customer_deleted_at IS NULL;
