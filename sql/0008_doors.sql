-- The other doors: single-use tickets for sockets, chats that are answered turn by turn and paid for by the turn.

-- What opens one socket: made by an authenticated request, used up by the socket's first message. Only the hash is kept.
CREATE TABLE tickets (
  token_hash bytea PRIMARY KEY,
  -- Which kind of socket, and what it is about.
  purpose text NOT NULL CHECK (length(purpose) BETWEEN 1 AND 40),
  subject text NOT NULL CHECK (length(subject) <= 200),
  user_id uuid REFERENCES users (id) ON DELETE CASCADE,
  expires_at timestamptz NOT NULL
);
CREATE INDEX tickets_expiry ON tickets (expires_at);
CREATE INDEX tickets_user ON tickets (user_id) WHERE user_id IS NOT NULL;

-- Until when a chat's present turn is believed to run: one process answers at a time.
ALTER TABLE conversations ADD COLUMN busy_until timestamptz;

-- A turn of a chat: taken before it is answered, given back when there is no answer.
ALTER TABLE ledger
  DROP CONSTRAINT ledger_kind_check,
  ADD CONSTRAINT ledger_kind_check
    CHECK (kind IN ('topup', 'refund', 'dispute', 'reinstate', 'call', 'adjust', 'chat'));

-- Takes p_seconds for one turn where they are free. status: ok | duplicate | no_credit | inactive.
CREATE FUNCTION meter_charge_chat(p_client uuid, p_seconds bigint, p_key text, p_meta jsonb) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp, frontdesk_metering AS $$
DECLARE c clients;
BEGIN
  SELECT * INTO c FROM clients WHERE id = p_client FOR NO KEY UPDATE;
  IF NOT FOUND OR NOT c.is_active OR c.deleted_at IS NOT NULL OR c.audit_failed_at IS NOT NULL THEN
    RETURN 'inactive';
  END IF;
  PERFORM 1 FROM ledger WHERE idem_key = p_key;
  IF FOUND THEN RETURN 'duplicate'; END IF;
  IF c.debt_seconds > 0 OR c.balance_seconds - c.reserved_seconds < p_seconds THEN RETURN 'no_credit'; END IF;
  INSERT INTO ledger (client_id, kind, delta_seconds, idem_key, meta)
  VALUES (p_client, 'chat', -p_seconds, p_key, p_meta);
  UPDATE clients SET balance_seconds = balance_seconds - p_seconds WHERE id = p_client;
  RETURN 'ok';
END $$;
