-- Google's calendars: who is connected how, what is watched, a copy of what is taken there, and what bookings need of it.

-- What opens a client's calendars. Sealed: useless without the server's key, and for any other client.
CREATE TABLE calendar_credentials (
  client_id uuid PRIMARY KEY REFERENCES clients (id),
  kind text NOT NULL CHECK (kind IN ('oauth', 'service_account')),
  sealed text NOT NULL CHECK (length(sealed) <= 20000),
  -- The address that the owner knows it by.
  account text NOT NULL DEFAULT '' CHECK (length(account) <= 320),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_used_at timestamptz
);

-- An owner who was sent to Google's consent screen. Good once, for ten minutes, for that user and browser.
CREATE TABLE calendar_oauth_states (
  state_hash bytea PRIMARY KEY,
  client_id uuid NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  browser_hash bytea NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX calendar_oauth_states_expiry ON calendar_oauth_states (expires_at);

-- The calendar at Google that a client's appointments are written to, and how well that goes. Its id is in `calendars`.
CREATE TABLE calendar_links (
  client_id uuid PRIMARY KEY REFERENCES clients (id),
  calendar_id uuid NOT NULL REFERENCES calendars (id),
  via text NOT NULL CHECK (via IN ('own', 'fallback')),
  name text NOT NULL DEFAULT '' CHECK (length(name) <= 1024),
  -- IANA; whole days are days of this zone.
  zone text NOT NULL,
  -- Where the copy stands: what asks Google for the changes since, and how far ahead it reaches.
  sync_token text,
  copied_until timestamptz,
  copied_at timestamptz,
  synced_at timestamptz,
  sync_due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Google has not answered since; Google has refused us until the owner does something.
  failing_since timestamptz,
  broken_at timestamptz,
  fault text CHECK (length(fault) <= 200)
);
CREATE INDEX calendar_links_calendar ON calendar_links (calendar_id);
CREATE INDEX calendar_links_due ON calendar_links (sync_due_at);

-- Further calendars in which the business is busy: for all its chairs or staff, or for one of them.
CREATE TABLE watched_calendars (
  client_id uuid NOT NULL REFERENCES clients (id),
  google_id text NOT NULL CHECK (length(google_id) BETWEEN 1 AND 1024),
  resource int CHECK (resource >= 0),
  PRIMARY KEY (client_id, google_id)
);

-- When the calendars of a client are busy. No titles, no names: nothing but times.
CREATE TABLE google_busy (
  client_id uuid NOT NULL REFERENCES clients (id),
  google_id text NOT NULL,
  event_id text NOT NULL CHECK (length(event_id) <= 1200),
  during tstzrange NOT NULL CHECK (NOT isempty(during)),
  -- Where the event's id is one that we make: it may be an appointment of ours.
  booking_id uuid,
  PRIMARY KEY (client_id, google_id, event_id)
);
CREATE INDEX google_busy_during ON google_busy USING gist (client_id, during);

ALTER TABLE bookings
  -- The caller was told that the business will confirm by message: the hold stays until Google has answered.
  ADD COLUMN promised_at timestamptz,
  ADD COLUMN event_etag text CHECK (length(event_etag) <= 200),
  -- What Google has not been told yet.
  ADD COLUMN event_due text CHECK (event_due IN ('insert', 'patch', 'delete')),
  -- When somebody may look after it next.
  ADD COLUMN retry_at timestamptz,
  -- Since when Google does not know the event of a hold that it may have been given.
  ADD COLUMN missing_since timestamptz,
  ADD COLUMN reminded_at timestamptz;
CREATE INDEX bookings_unfinished ON bookings (hold_until)
  WHERE status = 'held' OR event_due IS NOT NULL;
CREATE INDEX bookings_to_remind ON bookings (lower(shown)) WHERE status = 'confirmed' AND reminded_at IS NULL;

-- The address of a client's feed: its token follows from this number, so that a new number makes the old one worthless.
CREATE TABLE calendar_feeds (
  client_id uuid PRIMARY KEY REFERENCES clients (id),
  generation int NOT NULL DEFAULT 1,
  token_hash bytea NOT NULL UNIQUE,
  is_active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- A client's appointments to come follow it to another calendar; those for which there is no room there stay where they
-- are. Each row by itself, so that one conflict stops none of the others.
CREATE FUNCTION calendar_adopt(p_client uuid, p_from uuid, p_to uuid, OUT moved int, OUT left_over int)
LANGUAGE plpgsql AS $$
DECLARE
  b uuid;
  outside boolean;
BEGIN
  moved := 0; left_over := 0;
  IF p_from = p_to THEN RETURN; END IF;
  -- One at a time, in the order of their ids: two that swap calendars would wait for each other.
  PERFORM 1 FROM calendars WHERE id IN (p_from, p_to) ORDER BY id FOR NO KEY UPDATE;
  SELECT google_id IS NOT NULL INTO outside FROM calendars WHERE id = p_to;
  INSERT INTO resources (calendar_id, number, name, is_active)
    SELECT p_to, number, name, is_active FROM resources WHERE calendar_id = p_from ON CONFLICT DO NOTHING;
  FOR b IN SELECT id FROM bookings WHERE client_id = p_client AND calendar_id = p_from
      AND status IN ('held', 'confirmed') AND upper(during) > clock_timestamp() LOOP
    BEGIN
      UPDATE bookings SET calendar_id = p_to, event_etag = NULL, retry_at = NULL,
          event_due = CASE WHEN outside AND status = 'confirmed' THEN 'insert' END
        WHERE id = b;
      moved := moved + 1;
    EXCEPTION WHEN exclusion_violation THEN
      left_over := left_over + 1;
    END;
  END LOOP;
END $$;

-- Gives up holds of the range that ran out, that no outside calendar knows, and that nobody was promised. The caller has
-- locked the calendar.
CREATE OR REPLACE FUNCTION expire_holds(p_calendar uuid, p_during tstzrange) RETURNS void
LANGUAGE sql AS $$
  UPDATE bookings SET status = 'expired', updated_at = clock_timestamp()
  WHERE calendar_id = p_calendar AND status = 'held' AND submitted_at IS NULL AND promised_at IS NULL
    AND hold_until < clock_timestamp() AND during && p_during;
$$;

-- As before; besides, whoever books by telephone number is a contact of the business, known from the call or made here.
CREATE OR REPLACE FUNCTION book_hold(
  p_id uuid, p_client uuid, p_calendar uuid, p_resource int, p_shown tstzrange, p_during tstzrange,
  p_key text, p_hold interval, p_name text, p_phone text, p_reason text, p_conversation uuid, p_contact uuid,
  OUT status text, OUT booking uuid)
LANGUAGE plpgsql AS $$
DECLARE
  b bookings;
  k uuid := p_contact;
BEGIN
  PERFORM 1 FROM calendars WHERE id = p_calendar FOR NO KEY UPDATE;
  SELECT * INTO b FROM bookings x WHERE x.idem_key = p_key AND x.status IN ('held', 'confirmed');
  IF p_phone IS NOT NULL AND k IS NULL THEN
    SELECT c.id INTO k FROM contacts c WHERE c.client_id = p_client AND c.phone_number = p_phone;
    IF NOT FOUND THEN
      INSERT INTO contacts (id, client_id, phone_number, name)
        VALUES (gen_random_uuid(), p_client, p_phone, p_name)
        ON CONFLICT (client_id, phone_number) DO UPDATE SET updated_at = contacts.updated_at
        RETURNING id INTO k;
    END IF;
  END IF;
  IF b.id IS NOT NULL THEN
    UPDATE bookings x SET name = p_name, phone = coalesce(p_phone, x.phone),
        reason = CASE WHEN p_reason = '' THEN x.reason ELSE p_reason END,
        contact_id = coalesce(k, x.contact_id),
        hold_until = CASE WHEN x.status = 'held' THEN clock_timestamp() + p_hold ELSE x.hold_until END,
        updated_at = clock_timestamp()
      WHERE x.id = b.id;
    status := 'same'; booking := b.id; RETURN;
  END IF;
  PERFORM expire_holds(p_calendar, p_during);
  BEGIN
    INSERT INTO bookings (id, client_id, calendar_id, resource, shown, during, status, idem_key, hold_until,
        name, phone, reason, conversation_id, contact_id)
      VALUES (p_id, p_client, p_calendar, p_resource, p_shown, p_during, 'held', p_key, clock_timestamp() + p_hold,
        p_name, p_phone, p_reason, p_conversation, k);
  EXCEPTION WHEN exclusion_violation THEN
    status := 'taken'; RETURN;
  END;
  status := 'held'; booking := p_id;
END $$;

-- As before; besides, an appointment that was moved is reminded of anew.
CREATE OR REPLACE FUNCTION book_move(
  p_id uuid, p_client uuid, p_calendar uuid, p_resource int, p_shown tstzrange, p_during tstzrange, p_key text,
  OUT status text)
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM calendars WHERE id = p_calendar FOR NO KEY UPDATE;
  PERFORM expire_holds(p_calendar, p_during);
  BEGIN
    UPDATE bookings x SET resource = p_resource, shown = p_shown, during = p_during, idem_key = p_key,
        reminded_at = CASE WHEN x.shown = p_shown THEN x.reminded_at END, updated_at = clock_timestamp()
      WHERE x.id = p_id AND x.client_id = p_client AND x.calendar_id = p_calendar AND x.status = 'confirmed';
    status := CASE WHEN FOUND THEN 'moved' ELSE 'gone' END;
  EXCEPTION WHEN exclusion_violation OR unique_violation THEN
    status := 'taken';
  END;
END $$;

-- What callers are sent about their appointments; null hours: no reminder.
ALTER TABLE clients
  ADD COLUMN confirm_by_sms boolean NOT NULL DEFAULT true,
  ADD COLUMN remind_hours int DEFAULT 24 CHECK (remind_hours BETWEEN 1 AND 336);
DO $$
BEGIN
  PERFORM grant_application();
EXCEPTION WHEN insufficient_privilege OR undefined_object THEN
  NULL;
END $$;
