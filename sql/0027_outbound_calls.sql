-- Calls that a business makes: who may be called, and what came of each.

-- What people have said about being called by this business. Without a row nobody has said anything.
CREATE TABLE call_consents (
  client_id uuid NOT NULL REFERENCES clients (id),
  phone_number text NOT NULL CHECK (phone_number ~ '^\+[1-9][0-9]{6,14}$'),
  state text NOT NULL CHECK (state IN ('given', 'refused')),
  -- Who wrote it down: the owner, or a call in which it was said.
  source text NOT NULL CHECK (source IN ('owner', 'call')),
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (client_id, phone_number)
);

CREATE TABLE outbound_calls (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL REFERENCES clients (id),
  phone_number text NOT NULL CHECK (phone_number ~ '^\+[1-9][0-9]{6,14}$'),
  purpose text NOT NULL CHECK (purpose IN ('reminder', 'callback', 'other')),
  -- What it is about, as it is said.
  text text NOT NULL CHECK (length(text) BETWEEN 1 AND 1000),
  -- What is left on an answering machine; empty: the same, with who called.
  voicemail_text text NOT NULL DEFAULT '' CHECK (length(voicemail_text) <= 1000),
  state text NOT NULL DEFAULT 'queued'
    CHECK (state IN ('queued', 'ringing', 'in-progress', 'completed', 'busy', 'no-answer', 'failed', 'canceled')),
  -- As the carrier's answering-machine detection says.
  answered_by text NOT NULL DEFAULT 'unknown' CHECK (answered_by IN ('human', 'machine', 'fax', 'unknown')),
  call_sid text UNIQUE,
  duration_seconds int,
  created_by uuid REFERENCES users (id) ON DELETE SET NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at timestamptz
);
CREATE INDEX outbound_calls_client ON outbound_calls (client_id, created_at DESC, id DESC);
CREATE INDEX outbound_calls_number ON outbound_calls (client_id, phone_number, created_at DESC);
