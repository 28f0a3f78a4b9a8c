-- Callers put through to a person: to whom, why, and what came of it.

CREATE TABLE transfers (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL REFERENCES clients (id),
  conversation_id uuid REFERENCES conversations (id) ON DELETE SET NULL,
  call_sid text NOT NULL,
  caller_phone text CHECK (caller_phone ~ '^\+[1-9][0-9]{6,14}$'),
  target_id uuid REFERENCES transfer_targets (id) ON DELETE SET NULL,
  target_name text NOT NULL CHECK (length(target_name) <= 200),
  phone_number text NOT NULL CHECK (phone_number ~ '^\+[1-9][0-9]{6,14}$'),
  mode text NOT NULL CHECK (mode IN ('warm', 'cold')),
  -- What the caller wants, as the person hears it.
  reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 300),
  -- dialling: nobody knows yet. Only a transfer in this state may change, and each changes once.
  state text NOT NULL DEFAULT 'dialling' CHECK (state IN ('dialling', 'accepted', 'declined', 'unanswered', 'failed')),
  -- When the caller went on with the person, or came back to us.
  over_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX transfers_call ON transfers (call_sid, created_at DESC);
CREATE INDEX transfers_caller ON transfers (client_id, caller_phone, created_at DESC);
