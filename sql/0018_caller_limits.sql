-- Who calls too often, too long, or not at all: limits for callers, numbers that are turned away, and the one place where a ringing call passes them.

CREATE TABLE caller_limits (
  client_id uuid PRIMARY KEY REFERENCES clients (id),
  -- Of one caller: calls at once, and calls in ten minutes.
  concurrent_max int NOT NULL DEFAULT 3 CHECK (concurrent_max BETWEEN 1 AND 1000),
  calls_max int NOT NULL DEFAULT 10 CHECK (calls_max BETWEEN 1 AND 100000),
  -- Within 24 hours; null for no limit.
  caller_seconds_max int DEFAULT 7200 CHECK (caller_seconds_max BETWEEN 60 AND 86400),
  client_seconds_max int CHECK (client_seconds_max BETWEEN 60 AND 8640000),
  block_withheld boolean NOT NULL DEFAULT false,
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE blocked_callers (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL REFERENCES clients (id),
  -- E.164; a star at the end stands for whatever follows.
  phone_number text NOT NULL CHECK (phone_number ~ '^\+[1-9][0-9]{0,14}\*?$'),
  note text NOT NULL DEFAULT '' CHECK (length(note) <= 500),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT blocked_callers_number UNIQUE (client_id, phone_number)
);

CREATE INDEX stream_tokens_caller ON stream_tokens (client_id, caller_phone, expires_at);
CREATE INDEX conversations_caller ON conversations (client_id, caller_phone, created_at DESC)
  WHERE caller_phone IS NOT NULL;

-- Why a call may not come in, null when it may. To be asked in the transaction that stores its token: calls of one caller
-- take turns, so that no two of them pass the last place together. Tokens last p_valid and are kept longer than ten minutes.
CREATE FUNCTION caller_obstacle(p_client uuid, p_call text, p_phone text, p_valid interval)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_now timestamptz := clock_timestamp();
  v_limits caller_limits;
  v_used bigint;
BEGIN
  SELECT * INTO v_limits FROM caller_limits WHERE client_id = p_client;
  IF NOT FOUND THEN
    v_limits.concurrent_max := 3;
    v_limits.calls_max := 10;
    v_limits.caller_seconds_max := 7200;
    v_limits.block_withheld := false;
  END IF;
  IF p_phone IS NULL AND v_limits.block_withheld THEN RETURN 'blocked'; END IF;
  IF EXISTS (SELECT 1 FROM blocked_callers b WHERE b.client_id = p_client
      AND (b.phone_number = p_phone
        OR (right(b.phone_number, 1) = '*' AND starts_with(p_phone, rtrim(b.phone_number, '*'))))) THEN
    RETURN 'blocked';
  END IF;
  IF v_limits.client_seconds_max IS NOT NULL THEN
    SELECT coalesce(sum(duration_ms), 0) / 1000 INTO v_used FROM conversations
    WHERE client_id = p_client AND created_at > v_now - interval '24 hours';
    IF v_used >= v_limits.client_seconds_max THEN RETURN 'client-daily'; END IF;
  END IF;
  IF p_phone IS NULL THEN RETURN NULL; END IF;

  PERFORM pg_advisory_xact_lock(7462005, hashtext(p_client::text || p_phone));
  -- Calls that run, and those that were let in and have not come yet.
  SELECT count(*) INTO v_used FROM (
    SELECT call_sid FROM conversations
    WHERE client_id = p_client AND caller_phone = p_phone AND ended_at IS NULL AND channel = 'phone'
      AND created_at > v_now - interval '24 hours'
    UNION
    SELECT call_sid FROM stream_tokens
    WHERE client_id = p_client AND caller_phone = p_phone AND used_at IS NULL AND expires_at > v_now
  ) at_once WHERE call_sid <> p_call;
  IF v_used >= v_limits.concurrent_max THEN RETURN 'caller-at-once'; END IF;
  SELECT count(DISTINCT call_sid) INTO v_used FROM stream_tokens
  WHERE client_id = p_client AND caller_phone = p_phone AND call_sid <> p_call
    AND expires_at > v_now + p_valid - interval '10 minutes';
  IF v_used >= v_limits.calls_max THEN RETURN 'caller-often'; END IF;
  IF v_limits.caller_seconds_max IS NOT NULL THEN
    SELECT coalesce(sum(duration_ms), 0) / 1000 INTO v_used FROM conversations
    WHERE client_id = p_client AND caller_phone = p_phone AND created_at > v_now - interval '24 hours';
    IF v_used >= v_limits.caller_seconds_max THEN RETURN 'caller-daily'; END IF;
  END IF;
  RETURN NULL;
END $$;
