-- What the business is told and what callers are sent: notices for the owner, text messages and webhooks waiting to go out.

-- Something the owner should know. Told once for each key.
CREATE TABLE notices (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  client_id uuid NOT NULL REFERENCES clients (id),
  kind text NOT NULL CHECK (kind ~ '^[a-z][a-z0-9_.]{0,59}$'),
  severity text NOT NULL CHECK (severity IN ('info', 'warning', 'error')),
  text text NOT NULL CHECK (length(text) BETWEEN 1 AND 1000),
  data jsonb NOT NULL DEFAULT '{}',
  dedupe_key text NOT NULL CHECK (length(dedupe_key) BETWEEN 1 AND 200),
  read_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (client_id, dedupe_key)
);
CREATE INDEX notices_client ON notices (client_id, created_at DESC, id DESC);
CREATE INDEX notices_unread ON notices (client_id, created_at DESC) WHERE read_at IS NULL;

-- Where a client wants to be told. Secrets are sealed; the one before still signs until `previous_until`.
CREATE TABLE webhook_endpoints (
  client_id uuid PRIMARY KEY REFERENCES clients (id),
  url text NOT NULL CHECK (length(url) BETWEEN 1 AND 2048),
  secret_sealed text NOT NULL,
  previous_sealed text,
  previous_until timestamptz,
  is_active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Written in the transaction of what it tells of; delivered by whichever process takes it. `not_before` is both when it
-- is due and, while somebody delivers it, until when nobody else may.
CREATE TABLE outbox (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  client_id uuid NOT NULL REFERENCES clients (id),
  kind text NOT NULL CHECK (kind IN ('sms', 'webhook')),
  -- E.164; a webhook goes to where the client's endpoint is by then.
  recipient text CHECK (recipient ~ '^\+[1-9][0-9]{6,14}$'),
  -- The name of a webhook's event, or what a text message is about.
  event text NOT NULL CHECK (event ~ '^[a-z][a-z0-9_.]{0,59}$'),
  body text CHECK (length(body) BETWEEN 1 AND 1600),
  payload jsonb,
  dedupe_key text NOT NULL CHECK (length(dedupe_key) BETWEEN 1 AND 200),
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'failed', 'dropped')),
  attempts int NOT NULL DEFAULT 0,
  not_before timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- What went wrong last, in words for the owner.
  last_error text CHECK (length(last_error) <= 300),
  -- The carrier's name for a text message.
  carrier_sid text,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  settled_at timestamptz,
  UNIQUE (client_id, kind, dedupe_key),
  CHECK ((kind = 'sms') = (recipient IS NOT NULL AND body IS NOT NULL)),
  CHECK ((kind = 'webhook') = (payload IS NOT NULL)),
  CHECK ((state = 'waiting') = (settled_at IS NULL))
);
CREATE INDEX outbox_due ON outbox (not_before) WHERE state = 'waiting';
CREATE INDEX outbox_client ON outbox (client_id, created_at DESC, id DESC);
CREATE INDEX outbox_settled ON outbox (settled_at) WHERE state <> 'waiting';

-- Who has asked a number of ours to send nothing more.
CREATE TABLE sms_opt_outs (
  sender text NOT NULL CHECK (sender ~ '^\+[1-9][0-9]{6,14}$'),
  recipient text NOT NULL CHECK (recipient ~ '^\+[1-9][0-9]{6,14}$'),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (sender, recipient)
);
