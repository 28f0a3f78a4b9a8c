-- When a business is open, what it books, and the one constraint that decides between two callers.

CREATE EXTENSION IF NOT EXISTS btree_gist;

-- A client's own calendar, or one real outside calendar that several clients may share: those must meet in one row.
CREATE TABLE calendars (
  id uuid PRIMARY KEY,
  client_id uuid UNIQUE REFERENCES clients (id),
  -- The canonical id of the outside calendar, never an alias such as `primary`.
  google_id text UNIQUE CHECK (length(google_id) BETWEEN 1 AND 1024),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK (num_nonnulls(client_id, google_id) = 1)
);

-- Chairs, rooms or staff of a calendar, tried in the order of their numbers.
CREATE TABLE resources (
  calendar_id uuid NOT NULL REFERENCES calendars (id),
  number int NOT NULL CHECK (number >= 0),
  name text NOT NULL DEFAULT '' CHECK (length(name) <= 100),
  is_active boolean NOT NULL DEFAULT true,
  PRIMARY KEY (calendar_id, number)
);

CREATE TABLE booking_rules (
  client_id uuid PRIMARY KEY REFERENCES clients (id),
  slot_minutes int NOT NULL DEFAULT 30 CHECK (slot_minutes BETWEEN 5 AND 480),
  -- Kept free around an appointment, unseen by the caller.
  buffer_before_minutes int NOT NULL DEFAULT 0 CHECK (buffer_before_minutes BETWEEN 0 AND 240),
  buffer_after_minutes int NOT NULL DEFAULT 0 CHECK (buffer_after_minutes BETWEEN 0 AND 240),
  -- How long before its start an appointment can still be booked, and how many days ahead.
  lead_minutes int NOT NULL DEFAULT 60 CHECK (lead_minutes BETWEEN 0 AND 43200),
  horizon_days int NOT NULL DEFAULT 60 CHECK (horizon_days BETWEEN 1 AND 366),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Local clock times of the client's zone. A break is what lies between two ranges of a day; `closes` may be 24:00, and
-- hours past midnight are two ranges on two days.
CREATE TABLE opening_hours (
  client_id uuid NOT NULL REFERENCES clients (id),
  -- ISO: 1 is Monday.
  weekday int NOT NULL CHECK (weekday BETWEEN 1 AND 7),
  opens time NOT NULL,
  closes time NOT NULL,
  PRIMARY KEY (client_id, weekday, opens),
  CHECK (opens < closes)
);

-- Days with hours of their own. Without a range in `special_hours` the day is closed.
CREATE TABLE special_days (
  client_id uuid NOT NULL REFERENCES clients (id),
  day date NOT NULL,
  name text NOT NULL DEFAULT '' CHECK (length(name) <= 100),
  PRIMARY KEY (client_id, day)
);
CREATE TABLE special_hours (
  client_id uuid NOT NULL,
  day date NOT NULL,
  opens time NOT NULL,
  closes time NOT NULL,
  PRIMARY KEY (client_id, day, opens),
  FOREIGN KEY (client_id, day) REFERENCES special_days (client_id, day) ON DELETE CASCADE,
  CHECK (opens < closes)
);

-- `shown` is what the caller is told; `during` is `shown` with its buffers, and what must not overlap.
CREATE TABLE bookings (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL REFERENCES clients (id),
  calendar_id uuid NOT NULL,
  resource int NOT NULL DEFAULT 0,
  shown tstzrange NOT NULL CHECK (NOT isempty(shown) AND lower_inc(shown) AND NOT upper_inc(shown) AND NOT lower_inf(shown) AND NOT upper_inf(shown)),
  during tstzrange NOT NULL CHECK (lower_inc(during) AND NOT upper_inc(during) AND NOT lower_inf(during) AND NOT upper_inf(during)),
  status text NOT NULL CHECK (status IN ('held', 'confirmed', 'cancelled', 'expired')),
  -- Call and slot: the same request made twice finds its own row.
  idem_key text NOT NULL CHECK (length(idem_key) BETWEEN 1 AND 200),
  hold_until timestamptz,
  -- Set when an outside calendar may have the event: then only the reconciler may give the hold up.
  submitted_at timestamptz,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  phone text CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
  reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 500),
  conversation_id uuid REFERENCES conversations (id) ON DELETE SET NULL,
  contact_id uuid REFERENCES contacts (id) ON DELETE SET NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (calendar_id, resource) REFERENCES resources (calendar_id, number),
  CHECK (during @> shown),
  CHECK (status <> 'held' OR hold_until IS NOT NULL),
  CONSTRAINT no_double_booking EXCLUDE USING gist (calendar_id WITH =, resource WITH =, during WITH &&)
    WHERE (status IN ('held', 'confirmed'))
);
CREATE UNIQUE INDEX bookings_idem_key ON bookings (idem_key) WHERE status IN ('held', 'confirmed');
CREATE INDEX bookings_client ON bookings (client_id, lower(shown));
CREATE INDEX bookings_conversation ON bookings (conversation_id) WHERE conversation_id IS NOT NULL;
CREATE INDEX bookings_contact ON bookings (contact_id) WHERE contact_id IS NOT NULL;

-- Gives up holds of the range that ran out and that no outside calendar knows. The caller has locked the calendar.
CREATE FUNCTION expire_holds(p_calendar uuid, p_during tstzrange) RETURNS void
LANGUAGE sql AS $$
  UPDATE bookings SET status = 'expired', updated_at = clock_timestamp()
  WHERE calendar_id = p_calendar AND status = 'held' AND submitted_at IS NULL
    AND hold_until < clock_timestamp() AND during && p_during;
$$;

-- Holds the range for one caller: `held`, `same` (this request holds or has it already; name, phone and reason are
-- brought up to date, since a second request is often a correction), or `taken`.
-- The row lock comes first: the loser of a race then fails with 23P01 and not with a deadlock.
CREATE FUNCTION book_hold(
  p_id uuid, p_client uuid, p_calendar uuid, p_resource int, p_shown tstzrange, p_during tstzrange,
  p_key text, p_hold interval, p_name text, p_phone text, p_reason text, p_conversation uuid, p_contact uuid,
  OUT status text, OUT booking uuid)
LANGUAGE plpgsql AS $$
DECLARE
  b bookings;
BEGIN
  PERFORM 1 FROM calendars WHERE id = p_calendar FOR NO KEY UPDATE;
  SELECT * INTO b FROM bookings x WHERE x.idem_key = p_key AND x.status IN ('held', 'confirmed');
  IF FOUND THEN
    UPDATE bookings x SET name = p_name, phone = coalesce(p_phone, x.phone),
        reason = CASE WHEN p_reason = '' THEN x.reason ELSE p_reason END,
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
        p_name, p_phone, p_reason, p_conversation, p_contact);
  EXCEPTION WHEN exclusion_violation THEN
    status := 'taken'; RETURN;
  END;
  status := 'held'; booking := p_id;
END $$;

-- Moves a confirmed booking in one UPDATE, so that the constraint checks the new place before the old one is given up:
-- `moved`, `taken`, or `gone` when there is no such confirmed booking of this client. The booking then answers to the
-- request that moved it, and the request that made it would book anew.
CREATE FUNCTION book_move(
  p_id uuid, p_client uuid, p_calendar uuid, p_resource int, p_shown tstzrange, p_during tstzrange, p_key text,
  OUT status text)
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM calendars WHERE id = p_calendar FOR NO KEY UPDATE;
  PERFORM expire_holds(p_calendar, p_during);
  BEGIN
    UPDATE bookings x SET resource = p_resource, shown = p_shown, during = p_during, idem_key = p_key,
        updated_at = clock_timestamp()
      WHERE x.id = p_id AND x.client_id = p_client AND x.calendar_id = p_calendar AND x.status = 'confirmed';
    status := CASE WHEN FOUND THEN 'moved' ELSE 'gone' END;
  EXCEPTION WHEN exclusion_violation OR unique_violation THEN
    status := 'taken';
  END;
END $$;
