-- Payments: what is sold, what was ordered, what Stripe says about the money, and the only functions that turn it into seconds.
--
-- Rules that make every order and number of messages end in the same state:
--  1. An order is written before anybody is asked for money; only what fits its order is credited.
--  2. What is known about a payment only ever grows: a refund has failed or not yet, a dispute counts how often money was
--     withdrawn and given back. No message is newer or older than another, so none has to be ordered by its time.
--  3. The seconds that follow are computed anew, and only the difference to what was posted is posted.
--  4. Lock order: payment row, order row, client row, then inserts.

-- What is sold: seconds once, or every month.
CREATE TABLE billing_packages (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('top_up', 'plan')),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  description text NOT NULL DEFAULT '' CHECK (length(description) <= 500),
  currency text NOT NULL CHECK (currency ~ '^[a-z]{3}$'),
  -- In the smallest unit of the currency.
  amount bigint NOT NULL CHECK (amount BETWEEN 1 AND 99999999),
  -- Once, or each month.
  seconds bigint NOT NULL CHECK (seconds BETWEEN 1 AND 316224000),
  position int NOT NULL DEFAULT 0 CHECK (position BETWEEN 0 AND 1000),
  is_active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- What a client asked for, at the price of that moment. A plan's order pays many invoices.
CREATE TABLE orders (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL REFERENCES clients (id),
  package_id uuid NOT NULL REFERENCES billing_packages (id),
  kind text NOT NULL CHECK (kind IN ('top_up', 'auto_top_up', 'plan', 'plan_change')),
  currency text NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  seconds bigint NOT NULL CHECK (seconds > 0),
  -- processing: a bank takes days to answer. paid: also of a plan's change that holds. mismatch: somebody has to look.
  state text NOT NULL DEFAULT 'open'
    CHECK (state IN ('open', 'processing', 'paid', 'failed', 'expired', 'mismatch')),
  -- Stripe's word for why, such as card_declined.
  failure text CHECK (length(failure) <= 200),
  session_id text UNIQUE,
  payment_intent text,
  subscription_id text,
  -- Null for what was bought automatically.
  created_by uuid REFERENCES users (id),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  paid_at timestamptz
);
CREATE INDEX orders_client ON orders (client_id, created_at DESC, id DESC);
CREATE INDEX orders_waiting ON orders (created_at) WHERE state IN ('open', 'processing');
CREATE INDEX orders_subscription ON orders (subscription_id) WHERE subscription_id IS NOT NULL;
-- At most one automatic purchase of a client is under way.
CREATE UNIQUE INDEX orders_one_automatic ON orders (client_id)
  WHERE kind = 'auto_top_up' AND state IN ('open', 'processing');

CREATE FUNCTION order_terms_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what was ordered does not change' USING ERRCODE = '55000';
END $$;
CREATE TRIGGER orders_terms BEFORE UPDATE ON orders
  FOR EACH ROW WHEN ((OLD.id, OLD.client_id, OLD.package_id, OLD.kind, OLD.currency, OLD.amount, OLD.seconds)
    IS DISTINCT FROM (NEW.id, NEW.client_id, NEW.package_id, NEW.kind, NEW.currency, NEW.amount, NEW.seconds))
  EXECUTE FUNCTION order_terms_kept();
CREATE TRIGGER orders_no_delete BEFORE DELETE ON orders FOR EACH ROW EXECUTE FUNCTION order_terms_kept();

-- The money of one payment. Its refund or dispute may be known before the payment is.
CREATE TABLE payments (
  payment_intent text PRIMARY KEY CHECK (length(payment_intent) BETWEEN 1 AND 200),
  -- Null until it is known to be paid, and to fit its order.
  order_id uuid REFERENCES orders (id),
  client_id uuid REFERENCES clients (id),
  currency text,
  amount bigint CHECK (amount > 0),
  seconds bigint CHECK (seconds > 0),
  invoice_id text,
  paid_at timestamptz,
  -- What the ledger holds of it, in how many entries.
  applied_seconds bigint NOT NULL DEFAULT 0 CHECK (applied_seconds >= 0),
  version int NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK ((seconds IS NULL) = (client_id IS NULL) AND (seconds IS NULL) = (order_id IS NULL)
    AND (seconds IS NULL) = (amount IS NULL)),
  CHECK (applied_seconds <= COALESCE(seconds, 0))
);
CREATE INDEX payments_client ON payments (client_id, paid_at DESC) WHERE client_id IS NOT NULL;
CREATE INDEX payments_order ON payments (order_id) WHERE order_id IS NOT NULL;

CREATE TABLE payment_refunds (
  id text PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 200),
  payment_intent text NOT NULL REFERENCES payments (payment_intent),
  amount bigint NOT NULL CHECK (amount >= 0),
  -- Failed or cancelled: the money is ours again. Never taken back.
  failed boolean NOT NULL
);
CREATE INDEX payment_refunds_payment ON payment_refunds (payment_intent);

CREATE TABLE payment_disputes (
  id text PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 200),
  payment_intent text NOT NULL REFERENCES payments (payment_intent),
  amount bigint NOT NULL CHECK (amount >= 0),
  -- How often money was taken from us, and given back. An inquiry has neither.
  withdrawals int NOT NULL CHECK (withdrawals >= 0),
  reinstatements int NOT NULL CHECK (reinstatements >= 0)
);
CREATE INDEX payment_disputes_payment ON payment_disputes (payment_intent);

CREATE TRIGGER payments_functions_only BEFORE INSERT OR UPDATE OR DELETE ON payments
  FOR EACH ROW EXECUTE FUNCTION metering_only();
CREATE TRIGGER payment_refunds_functions_only BEFORE INSERT OR UPDATE OR DELETE ON payment_refunds
  FOR EACH ROW EXECUTE FUNCTION metering_only();
CREATE TRIGGER payment_disputes_functions_only BEFORE INSERT OR UPDATE OR DELETE ON payment_disputes
  FOR EACH ROW EXECUTE FUNCTION metering_only();

-- A plan as Stripe last described it, by the time of the message that made us look.
CREATE TABLE subscriptions (
  id text PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 200),
  client_id uuid NOT NULL REFERENCES clients (id),
  order_id uuid NOT NULL REFERENCES orders (id),
  -- Stripe's word; new ones may come.
  status text NOT NULL CHECK (length(status) <= 100),
  cancel_at_period_end boolean NOT NULL DEFAULT false,
  current_period_end timestamptz,
  as_of bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX subscriptions_client ON subscriptions (client_id, created_at DESC);

-- How a client pays: its customer at Stripe, and what is bought without asking.
CREATE TABLE billing_accounts (
  client_id uuid PRIMARY KEY REFERENCES clients (id),
  stripe_customer text UNIQUE,
  auto_enabled boolean NOT NULL DEFAULT false,
  auto_threshold_seconds bigint NOT NULL DEFAULT 600 CHECK (auto_threshold_seconds BETWEEN 0 AND 316224000),
  auto_package_id uuid REFERENCES billing_packages (id),
  -- Why it is off although the owner had it on.
  auto_failure text CHECK (length(auto_failure) <= 200),
  auto_failed_at timestamptz,
  -- Told that the balance is low, and not above the threshold since.
  low_told_at timestamptz,
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK (NOT auto_enabled OR auto_package_id IS NOT NULL)
);
CREATE INDEX billing_accounts_automatic ON billing_accounts (client_id) WHERE auto_enabled;

-- Every message of Stripe that was acted upon, and those in which something did not fit.
CREATE TABLE stripe_events (
  id text PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 200),
  type text NOT NULL CHECK (length(type) <= 200),
  -- Unix time, Stripe's.
  created bigint NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('applied', 'ignored', 'mismatch', 'unknown')),
  detail jsonb NOT NULL DEFAULT '{}',
  received_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX stripe_events_odd ON stripe_events (received_at) WHERE outcome IN ('mismatch', 'unknown');

-- When work that any one of the processes does was last begun.
CREATE TABLE job_runs (
  name text PRIMARY KEY,
  started_at timestamptz NOT NULL
);

-- Posts the difference between the seconds a payment is worth now and those it has brought. The caller holds the payment.
-- p_loss: what a loss is called.
CREATE FUNCTION pay_apply(p_pi text, p_loss text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE p payments; gone bigint; want bigint; change bigint;
BEGIN
  SELECT * INTO p FROM payments WHERE payment_intent = p_pi;
  IF p.seconds IS NULL THEN RETURN 0; END IF;
  SELECT COALESCE(sum(amount), 0) INTO gone FROM payment_refunds WHERE payment_intent = p_pi AND NOT failed;
  gone := gone + COALESCE((SELECT sum(amount) FROM payment_disputes
    WHERE payment_intent = p_pi AND withdrawals > reinstatements), 0);
  -- Rounded once, on the sum: in the client's favour, and all seconds for all the money.
  want := p.seconds - (LEAST(gone, p.amount) * p.seconds) / p.amount;
  change := want - p.applied_seconds;
  IF change = 0 THEN RETURN 0; END IF;
  PERFORM meter_post(p.client_id,
    CASE WHEN change < 0 THEN p_loss WHEN p.version = 0 THEN 'topup' ELSE 'reinstate' END,
    change, 'stripe:' || p_pi || ':' || (p.version + 1),
    jsonb_build_object('payment', p_pi, 'order_id', p.order_id));
  UPDATE payments SET applied_seconds = want, version = version + 1 WHERE payment_intent = p_pi;
  RETURN change;
END $$;

CREATE FUNCTION pay_lock(p_pi text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO payments (payment_intent) VALUES (p_pi) ON CONFLICT DO NOTHING;
  PERFORM 1 FROM payments WHERE payment_intent = p_pi FOR NO KEY UPDATE;
END $$;

-- Money has come in for an order, or for an invoice of the subscription (p_subscription) that the order began.
-- status: ok | duplicate | mismatch (not what was ordered: nothing is credited) | unknown (no such order).
CREATE FUNCTION pay_paid(p_pi text, p_order uuid, p_client uuid, p_amount bigint, p_currency text,
  p_subscription text DEFAULT NULL, p_invoice text DEFAULT NULL, OUT status text, OUT change bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp, frontdesk_metering AS $$
DECLARE p payments; o orders; terms orders;
BEGIN
  change := 0;
  PERFORM pay_lock(p_pi);
  SELECT * INTO p FROM payments WHERE payment_intent = p_pi;
  SELECT * INTO o FROM orders WHERE id = p_order FOR NO KEY UPDATE;
  IF NOT FOUND THEN status := 'unknown'; RETURN; END IF;
  terms := o;
  IF p_subscription IS NOT NULL THEN
    -- A plan may have changed since: the newest of its terms that the invoice was made by.
    SELECT * INTO terms FROM orders t
    WHERE t.client_id = o.client_id AND t.amount = p_amount AND t.currency = p_currency
      AND (t.id = o.id AND o.kind IN ('plan', 'plan_change')
        OR t.subscription_id = p_subscription AND (t.kind = 'plan' OR t.kind = 'plan_change' AND t.state = 'paid'))
    ORDER BY t.created_at DESC LIMIT 1;
    IF NOT FOUND THEN terms := o; END IF;
  END IF;
  IF p.seconds IS NOT NULL THEN
    status := CASE WHEN p.client_id = p_client AND p.amount = p_amount AND p.currency = p_currency
      AND (p.order_id = p_order OR p_subscription IS NOT NULL) THEN 'duplicate' ELSE 'mismatch' END;
    RETURN;
  END IF;
  IF terms.client_id IS DISTINCT FROM p_client OR terms.amount IS DISTINCT FROM p_amount
    OR terms.currency IS DISTINCT FROM p_currency
    OR (p_subscription IS NOT NULL) <> (o.kind IN ('plan', 'plan_change'))
    -- Paid already, by another payment.
    OR o.kind IN ('top_up', 'auto_top_up') AND o.state = 'paid'
  THEN
    UPDATE orders SET state = 'mismatch', updated_at = clock_timestamp()
    WHERE id = o.id AND state IN ('open', 'processing', 'failed', 'expired');
    status := 'mismatch';
    RETURN;
  END IF;
  UPDATE payments SET order_id = terms.id, client_id = terms.client_id, currency = terms.currency, amount = terms.amount,
    seconds = terms.seconds, invoice_id = p_invoice, paid_at = clock_timestamp()
  WHERE payment_intent = p_pi;
  UPDATE orders SET state = 'paid', failure = NULL, paid_at = COALESCE(paid_at, clock_timestamp()),
    payment_intent = COALESCE(payment_intent, p_pi), subscription_id = COALESCE(subscription_id, p_subscription),
    updated_at = clock_timestamp()
  WHERE id IN (terms.id, o.id);
  change := pay_apply(p_pi, 'refund');
  status := 'ok';
END $$;

-- A refund as it is known: pending ones count, as they do in Stripe's own sums.
CREATE FUNCTION pay_refund(p_refund text, p_pi text, p_amount bigint, p_failed boolean) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp, frontdesk_metering AS $$
BEGIN
  PERFORM pay_lock(p_pi);
  INSERT INTO payment_refunds AS r (id, payment_intent, amount, failed) VALUES (p_refund, p_pi, p_amount, p_failed)
  ON CONFLICT (id) DO UPDATE SET failed = r.failed OR excluded.failed;
  RETURN pay_apply(p_pi, 'refund');
END $$;

-- A dispute as it is known: how often its money was taken from us and given back so far.
CREATE FUNCTION pay_dispute(p_dispute text, p_pi text, p_amount bigint, p_withdrawals int, p_reinstatements int)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp, frontdesk_metering AS $$
BEGIN
  PERFORM pay_lock(p_pi);
  INSERT INTO payment_disputes AS d (id, payment_intent, amount, withdrawals, reinstatements)
  VALUES (p_dispute, p_pi, p_amount, p_withdrawals, p_reinstatements)
  ON CONFLICT (id) DO UPDATE SET amount = GREATEST(d.amount, excluded.amount),
    withdrawals = GREATEST(d.withdrawals, excluded.withdrawals),
    reinstatements = GREATEST(d.reinstatements, excluded.reinstatements);
  RETURN pay_apply(p_pi, 'dispute');
END $$;

-- Internal steps: they trust their caller to hold the locks.
REVOKE EXECUTE ON FUNCTION pay_apply(text, text), pay_lock(text) FROM PUBLIC;

-- As before, and the payments beside the books.
CREATE OR REPLACE FUNCTION grant_application() RETURNS void LANGUAGE plpgsql AS $$
DECLARE writable text;
BEGIN
  SELECT string_agg(quote_ident(column_name::text), ', ') INTO writable FROM information_schema.columns
  WHERE table_schema = 'public' AND table_name = 'clients'
    AND column_name NOT IN ('balance_seconds', 'reserved_seconds', 'debt_seconds', 'audit_failed_at');
  GRANT USAGE ON SCHEMA public TO frontdesk_app;
  GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO frontdesk_app;
  ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO frontdesk_app;
  REVOKE INSERT, UPDATE, DELETE ON ledger, call_leases, clients, meter_audit, payments, payment_refunds, payment_disputes
    FROM frontdesk_app;
  REVOKE DELETE ON orders FROM frontdesk_app;
  EXECUTE format('GRANT INSERT (%1$s), UPDATE (%1$s) ON clients TO frontdesk_app', writable);
END $$;

DO $$
BEGIN
  PERFORM grant_application();
EXCEPTION WHEN undefined_object OR insufficient_privilege THEN NULL;
END $$;
