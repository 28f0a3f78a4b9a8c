-- Prepaid metering: the ledger, the leases of running calls, and the only functions that move seconds.
--
-- Rules that make the functions free of races at READ COMMITTED:
--  1. Lock order: client row, then lease row, then inserts. Nobody takes them in another order.
--  2. FOR NO KEY UPDATE on clients, never FOR UPDATE: a foreign key to the row takes KEY SHARE, and raising that to
--     FOR UPDATE deadlocks.
--  3. One statement after another, never one large statement: each sees what was committed before its lock was granted.
--  4. Every function may be repeated blindly: used seconds are cumulative, grants are "up to a target", postings have keys.
--  5. The CHECK constraints and triggers are assertions that stay on in production.

CREATE TABLE ledger (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  client_id uuid NOT NULL REFERENCES clients (id) ON DELETE RESTRICT,
  kind text NOT NULL CHECK (kind IN ('topup', 'refund', 'dispute', 'reinstate', 'call', 'adjust')),
  delta_seconds bigint NOT NULL CHECK (delta_seconds <> 0),
  idem_key text NOT NULL UNIQUE CHECK (length(idem_key) BETWEEN 1 AND 200),
  meta jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK (kind <> 'call' OR delta_seconds < 0),
  CHECK (kind <> 'topup' OR delta_seconds > 0)
);
CREATE INDEX ledger_client ON ledger (client_id, id DESC);

-- A call that may go on: what it was granted, what it has used, until when its owner is believed to live.
CREATE TABLE call_leases (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL REFERENCES clients (id),
  call_sid text NOT NULL CHECK (length(call_sid) BETWEEN 1 AND 200),
  stream_sid text NOT NULL CHECK (length(stream_sid) BETWEEN 1 AND 200),
  -- Counts the leases of one stream: a lease lost to the reaper is followed by the next segment.
  segment int NOT NULL DEFAULT 1,
  owner text NOT NULL,
  -- Fences: settling raises it, so that no late word of the former owner counts.
  epoch int NOT NULL DEFAULT 1,
  state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'settled')),
  granted_seconds bigint NOT NULL CHECK (granted_seconds >= 0),
  used_seconds bigint NOT NULL DEFAULT 0 CHECK (used_seconds >= 0),
  -- Served beyond what was granted: only while the database did not answer.
  overrun_seconds bigint NOT NULL DEFAULT 0 CHECK (overrun_seconds >= 0),
  billed_seconds bigint CHECK (billed_seconds >= 0),
  reason text CHECK (reason IN ('stop', 'closed', 'credit', 'max', 'drain', 'superseded', 'orphan', 'error')),
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  beat_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL,
  settled_at timestamptz,
  CHECK (used_seconds <= granted_seconds),
  CHECK ((state = 'settled') = (billed_seconds IS NOT NULL)),
  CHECK ((state = 'settled') = (reason IS NOT NULL)),
  CHECK (billed_seconds IS NULL OR billed_seconds <= granted_seconds),
  UNIQUE (stream_sid, segment)
);
CREATE UNIQUE INDEX call_leases_one_per_call ON call_leases (call_sid) WHERE state = 'active';
CREATE INDEX call_leases_call ON call_leases (call_sid);
CREATE INDEX call_leases_expiry ON call_leases (expires_at) WHERE state = 'active';
CREATE INDEX call_leases_live ON call_leases (client_id) WHERE state = 'active';

-- Guards for every role, the owner of the tables included. The functions below name themselves in their search_path, by a
-- schema that does not exist: a setting of our own is something that only superusers may give to a function.

CREATE FUNCTION ledger_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = '55000';
END $$;
CREATE TRIGGER ledger_no_update BEFORE UPDATE OR DELETE ON ledger
  FOR EACH ROW EXECUTE FUNCTION ledger_frozen();
CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON ledger
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_frozen();

CREATE FUNCTION metering_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('search_path') NOT LIKE '%frontdesk_metering%' THEN
    RAISE EXCEPTION 'only the metering functions may write here' USING ERRCODE = '42501', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_metering_only BEFORE INSERT ON ledger
  FOR EACH ROW EXECUTE FUNCTION metering_only();
CREATE TRIGGER call_leases_metering_only BEFORE INSERT OR UPDATE ON call_leases
  FOR EACH ROW EXECUTE FUNCTION metering_only();
CREATE TRIGGER clients_metering_only BEFORE UPDATE OF balance_seconds, reserved_seconds, debt_seconds ON clients
  FOR EACH ROW WHEN ((OLD.balance_seconds, OLD.reserved_seconds, OLD.debt_seconds)
    IS DISTINCT FROM (NEW.balance_seconds, NEW.reserved_seconds, NEW.debt_seconds))
  EXECUTE FUNCTION metering_only();
CREATE TRIGGER clients_start_empty BEFORE INSERT ON clients
  FOR EACH ROW WHEN (NEW.balance_seconds <> 0 OR NEW.reserved_seconds <> 0 OR NEW.debt_seconds <> 0)
  EXECUTE FUNCTION metering_only();

CREATE FUNCTION call_lease_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'leases are kept, and settled ones do not change' USING ERRCODE = '55000';
END $$;
CREATE TRIGGER call_leases_settled BEFORE UPDATE ON call_leases
  FOR EACH ROW WHEN (OLD.state = 'settled') EXECUTE FUNCTION call_lease_kept();
CREATE TRIGGER call_leases_no_delete BEFORE DELETE ON call_leases
  FOR EACH ROW EXECUTE FUNCTION call_lease_kept();
CREATE TRIGGER call_leases_no_truncate BEFORE TRUNCATE ON call_leases
  FOR EACH STATEMENT EXECUTE FUNCTION call_lease_kept();

-- Tops up the quota of a lease to p_target where the credit allows it. The caller holds the client and the lease.
CREATE FUNCTION meter_extend(p_lease uuid, p_client uuid, p_target bigint, OUT granted bigint, OUT free bigint)
LANGUAGE plpgsql AS $$
DECLARE more bigint;
BEGIN
  SELECT granted_seconds INTO granted FROM call_leases WHERE id = p_lease;
  SELECT balance_seconds - reserved_seconds INTO free FROM clients WHERE id = p_client;
  more := GREATEST(0, LEAST(p_target - granted, free));
  IF more > 0 THEN
    UPDATE clients SET reserved_seconds = reserved_seconds + more WHERE id = p_client;
    UPDATE call_leases SET granted_seconds = granted_seconds + more WHERE id = p_lease;
  END IF;
  granted := granted + more;
  free := free - more;
END $$;

-- Posts the charge of an active lease and gives back what is left. The caller holds the client and the lease.
-- p_used: cumulative seconds of this lease; what earlier beats reported counts even if it is less.
CREATE FUNCTION meter_close(l call_leases, p_used bigint, p_reason text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE asked bigint; quota bigint; bill bigint;
BEGIN
  asked := GREATEST(p_used, l.used_seconds + l.overrun_seconds);
  SELECT granted INTO quota FROM meter_extend(l.id, l.client_id, asked);
  bill := LEAST(asked, quota);
  IF bill > 0 THEN
    INSERT INTO ledger (client_id, kind, delta_seconds, idem_key, meta)
    VALUES (l.client_id, 'call', -bill, 'call:' || l.id,
      jsonb_build_object('call_sid', l.call_sid, 'stream_sid', l.stream_sid, 'segment', l.segment, 'reason', p_reason));
  END IF;
  -- What is given back pays a debt first; in one statement, so that the constraints hold at every moment.
  UPDATE clients SET
    reserved_seconds = reserved_seconds - quota,
    balance_seconds = balance_seconds - bill - LEAST(debt_seconds, quota - bill),
    debt_seconds = debt_seconds - LEAST(debt_seconds, quota - bill)
  WHERE id = l.client_id;
  UPDATE call_leases SET state = 'settled', used_seconds = bill, billed_seconds = bill, overrun_seconds = asked - bill,
    reason = p_reason, epoch = epoch + 1, settled_at = clock_timestamp()
  WHERE id = l.id;
  RETURN bill;
END $$;

-- Lets a stream in, before any audio: reserves the first quota.
-- status: ok | no_credit | inactive | too_many | duplicate (the stream has a lease) | ended (it had one).
-- A stream whose lease was lost to the reaper goes on as the next segment, whatever became of the client since:
-- a running call is not cut by a switch. Asking again with the same p_id gives the same answer.
CREATE FUNCTION meter_admit(p_id uuid, p_client uuid, p_call_sid text, p_stream_sid text, p_owner text,
  p_headroom bigint, p_min bigint, p_lease interval,
  OUT status text, OUT granted bigint, OUT free bigint, OUT epoch int, OUT already_billed bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp, frontdesk_metering AS $$
DECLARE c clients; l call_leases; seg int := 1; live int;
BEGIN
  granted := 0;
  free := 0;
  already_billed := 0;
  SELECT * INTO c FROM clients WHERE id = p_client FOR NO KEY UPDATE;
  IF NOT FOUND THEN status := 'inactive'; RETURN; END IF;
  SELECT * INTO l FROM call_leases WHERE stream_sid = p_stream_sid ORDER BY segment DESC LIMIT 1;
  IF FOUND THEN
    IF l.client_id <> p_client OR l.call_sid <> p_call_sid THEN status := 'duplicate'; RETURN; END IF;
    SELECT COALESCE(sum(billed_seconds), 0) INTO already_billed FROM call_leases WHERE stream_sid = p_stream_sid;
    IF l.state = 'active' THEN
      IF l.id <> p_id THEN status := 'duplicate'; RETURN; END IF;
      status := 'ok';
      granted := l.granted_seconds;
      free := c.balance_seconds - c.reserved_seconds;
      epoch := l.epoch;
      RETURN;
    END IF;
    IF l.reason <> 'orphan' THEN status := 'ended'; RETURN; END IF;
    -- A newer stream of the call has taken over: the old one may not take it back.
    PERFORM 1 FROM call_leases o WHERE o.call_sid = p_call_sid AND o.stream_sid <> p_stream_sid
      AND (o.state = 'active' OR o.started_at > l.started_at);
    IF FOUND THEN status := 'ended'; RETURN; END IF;
    seg := l.segment + 1;
  ELSE
    IF NOT c.is_active OR c.deleted_at IS NOT NULL OR c.audit_failed_at IS NOT NULL THEN
      status := 'inactive';
      RETURN;
    END IF;
    -- An older stream of the same call is superseded, and paid for now.
    FOR l IN SELECT * FROM call_leases WHERE call_sid = p_call_sid AND client_id = p_client AND state = 'active'
      FOR NO KEY UPDATE
    LOOP
      PERFORM meter_close(l, 0, 'superseded');
    END LOOP;
    SELECT count(*) INTO live FROM call_leases WHERE client_id = p_client AND state = 'active';
    IF live >= c.concurrency_max THEN status := 'too_many'; RETURN; END IF;
    SELECT * INTO c FROM clients WHERE id = p_client;
  END IF;
  granted := LEAST(p_headroom, c.balance_seconds - c.reserved_seconds);
  -- What a running call has left is worth granting, however little.
  IF seg > 1 THEN p_min := 1; END IF;
  IF c.debt_seconds > 0 OR granted < p_min THEN
    status := 'no_credit';
    granted := 0;
    RETURN;
  END IF;
  INSERT INTO call_leases (id, client_id, call_sid, stream_sid, segment, owner, granted_seconds, expires_at)
  VALUES (p_id, p_client, p_call_sid, p_stream_sid, seg, p_owner, granted, clock_timestamp() + p_lease)
  ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN status := 'duplicate'; granted := 0; RETURN; END IF;
  UPDATE clients SET reserved_seconds = reserved_seconds + granted WHERE id = p_client;
  status := 'ok';
  free := c.balance_seconds - c.reserved_seconds - granted;
  epoch := 1;
END $$;

-- The owner reports cumulative used seconds; quota and lease are renewed. status: ok | lost | unknown.
-- free: what the client has left beside all quotas. With nothing free the grant is the final one, and the owner of the
-- lease knows the end in advance.
CREATE FUNCTION meter_beat(p_id uuid, p_epoch int, p_used bigint, p_headroom bigint, p_lease interval,
  OUT status text, OUT granted bigint, OUT free bigint, OUT used bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp, frontdesk_metering AS $$
DECLARE cid uuid; l call_leases; asked bigint;
BEGIN
  SELECT client_id INTO cid FROM call_leases WHERE id = p_id;
  IF NOT FOUND THEN status := 'unknown'; RETURN; END IF;
  PERFORM 1 FROM clients WHERE id = cid FOR NO KEY UPDATE;
  SELECT * INTO l FROM call_leases WHERE id = p_id FOR NO KEY UPDATE;
  IF l.state <> 'active' OR l.epoch <> p_epoch THEN
    status := 'lost';
    granted := l.granted_seconds;
    used := l.used_seconds;
    RETURN;
  END IF;
  asked := GREATEST(p_used, l.used_seconds + l.overrun_seconds);
  SELECT e.granted, e.free INTO granted, free FROM meter_extend(p_id, cid, asked + p_headroom) e;
  used := LEAST(asked, granted);
  UPDATE call_leases SET used_seconds = used, overrun_seconds = asked - used,
    beat_at = clock_timestamp(), expires_at = clock_timestamp() + p_lease
  WHERE id = p_id;
  status := 'ok';
END $$;

-- The end, by the owner. status: ok | already (with the reason it was settled for) | lost | unknown.
CREATE FUNCTION meter_settle(p_id uuid, p_epoch int, p_used bigint, p_reason text,
  OUT status text, OUT billed bigint, OUT reason text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp, frontdesk_metering AS $$
DECLARE cid uuid; l call_leases;
BEGIN
  SELECT client_id INTO cid FROM call_leases WHERE id = p_id;
  IF NOT FOUND THEN status := 'unknown'; RETURN; END IF;
  PERFORM 1 FROM clients WHERE id = cid FOR NO KEY UPDATE;
  SELECT * INTO l FROM call_leases WHERE id = p_id FOR NO KEY UPDATE;
  IF l.state = 'settled' THEN status := 'already'; billed := l.billed_seconds; reason := l.reason; RETURN; END IF;
  IF l.epoch <> p_epoch THEN status := 'lost'; RETURN; END IF;
  billed := meter_close(l, p_used, p_reason);
  reason := p_reason;
  status := 'ok';
END $$;

-- One orphan, by anybody: charged up to its last beat. Looks again under the locks: the owner may have come back.
-- Settles when the lease has expired, or when its last beat is older than p_silent, or whenever with p_force.
CREATE FUNCTION meter_reap_one(p_id uuid, p_force boolean, p_silent interval DEFAULT NULL,
  OUT status text, OUT billed bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp, frontdesk_metering AS $$
DECLARE cid uuid; l call_leases;
BEGIN
  status := 'skip';
  SELECT client_id INTO cid FROM call_leases WHERE id = p_id;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM 1 FROM clients WHERE id = cid FOR NO KEY UPDATE;
  SELECT * INTO l FROM call_leases WHERE id = p_id FOR NO KEY UPDATE;
  IF l.state <> 'active' THEN RETURN; END IF;
  IF p_force OR l.expires_at <= clock_timestamp() OR l.beat_at <= clock_timestamp() - p_silent THEN
    billed := meter_close(l, 0, 'orphan');
    status := 'ok';
  END IF;
END $$;

-- Every movement that is not a call. status: ok | duplicate | conflict (the key was used for something else) | no_client.
-- What a client no longer has becomes a debt; a debt is paid first.
CREATE FUNCTION meter_post(p_client uuid, p_kind text, p_delta bigint, p_key text, p_meta jsonb) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp, frontdesk_metering AS $$
DECLARE c clients; take bigint;
BEGIN
  IF p_kind = 'call' THEN
    RAISE EXCEPTION 'calls are posted by settling their lease' USING ERRCODE = '22023';
  END IF;
  SELECT * INTO c FROM clients WHERE id = p_client FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN 'no_client'; END IF;
  INSERT INTO ledger (client_id, kind, delta_seconds, idem_key, meta)
  VALUES (p_client, p_kind, p_delta, p_key, p_meta)
  ON CONFLICT (idem_key) DO NOTHING;
  IF NOT FOUND THEN
    PERFORM 1 FROM ledger WHERE idem_key = p_key
      AND client_id = p_client AND kind = p_kind AND delta_seconds = p_delta;
    RETURN CASE WHEN FOUND THEN 'duplicate' ELSE 'conflict' END;
  END IF;
  IF p_delta > 0 THEN
    take := LEAST(c.debt_seconds, p_delta);
    UPDATE clients SET debt_seconds = debt_seconds - take, balance_seconds = balance_seconds + p_delta - take
    WHERE id = p_client;
  ELSE
    take := LEAST(-p_delta, c.balance_seconds - c.reserved_seconds);
    UPDATE clients SET balance_seconds = balance_seconds - take, debt_seconds = debt_seconds + (-p_delta - take)
    WHERE id = p_client;
  END IF;
  RETURN 'ok';
END $$;

-- What must agree, per client: net with ledger_sum, reserved with lease_sum.
CREATE VIEW meter_audit AS
SELECT c.id,
  c.balance_seconds - c.debt_seconds AS net,
  COALESCE((SELECT sum(l.delta_seconds) FROM ledger l WHERE l.client_id = c.id), 0)::bigint AS ledger_sum,
  c.reserved_seconds AS reserved,
  COALESCE((SELECT sum(q.granted_seconds) FROM call_leases q WHERE q.client_id = c.id AND q.state = 'active'), 0)::bigint
    AS lease_sum
FROM clients c;

-- Bars new calls of every client whose books disagree, and names those barred now. Nothing is repaired.
CREATE FUNCTION meter_audit_mark() RETURNS SETOF meter_audit
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE a meter_audit;
BEGIN
  FOR a IN SELECT * FROM meter_audit v WHERE v.net <> v.ledger_sum OR v.reserved <> v.lease_sum LOOP
    UPDATE clients SET audit_failed_at = clock_timestamp() WHERE id = a.id AND audit_failed_at IS NULL;
    IF FOUND THEN RETURN NEXT a; END IF;
  END LOOP;
END $$;

-- Internal steps: they trust their caller to hold the locks.
REVOKE EXECUTE ON FUNCTION meter_extend(uuid, uuid, bigint), meter_close(call_leases, bigint, text) FROM PUBLIC;

-- The role the application works under. It may read the books but not write them: only the functions do.
-- A migration that adds a column to clients calls grant_application() again; other tables need nothing.
CREATE FUNCTION grant_application() RETURNS void LANGUAGE plpgsql AS $$
DECLARE writable text;
BEGIN
  SELECT string_agg(quote_ident(column_name::text), ', ') INTO writable FROM information_schema.columns
  WHERE table_schema = 'public' AND table_name = 'clients'
    AND column_name NOT IN ('balance_seconds', 'reserved_seconds', 'debt_seconds', 'audit_failed_at');
  GRANT USAGE ON SCHEMA public TO frontdesk_app;
  GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO frontdesk_app;
  ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO frontdesk_app;
  REVOKE INSERT, UPDATE, DELETE ON ledger, call_leases, clients, meter_audit FROM frontdesk_app;
  EXECUTE format('GRANT INSERT (%1$s), UPDATE (%1$s) ON clients TO frontdesk_app', writable);
END $$;
REVOKE EXECUTE ON FUNCTION grant_application() FROM PUBLIC;

-- Where the migrating role may not make roles, the triggers above remain; the start says so.
DO $$
BEGIN
  BEGIN
    CREATE ROLE frontdesk_app NOLOGIN;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
  END;
  EXECUTE format('GRANT frontdesk_app TO %I', current_user);
  PERFORM grant_application();
EXCEPTION WHEN insufficient_privilege THEN
  RAISE WARNING 'this database role may not create frontdesk_app: the books are guarded by triggers only';
END $$;
