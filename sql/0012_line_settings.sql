-- How a client's line behaves beyond the call itself: who is told of messages, what callers are sent, who may be dialled.

CREATE TABLE line_settings (
  client_id uuid PRIMARY KEY REFERENCES clients (id),
  -- Get each message as a text message. E.164.
  notify_numbers text[] NOT NULL DEFAULT '{}' CHECK (cardinality(notify_numbers) <= 5),
  -- Whether callers get a text message about what was booked, moved or cancelled.
  sms_to_callers boolean NOT NULL DEFAULT false,
  -- Warm: the person hears who is calling and decides. Cold: the caller is put through at once.
  transfer_mode text NOT NULL DEFAULT 'warm' CHECK (transfer_mode IN ('warm', 'cold')),
  -- ISO 3166 codes of the countries that may be dialled and texted; empty: the one of the client's own number.
  allowed_countries text[] NOT NULL DEFAULT '{}' CHECK (cardinality(allowed_countries) <= 50),
  -- Whether callers get to a person by pressing 0.
  keypad_exit boolean NOT NULL DEFAULT true,
  outbound_enabled boolean NOT NULL DEFAULT false,
  -- Local times between which people may be called.
  outbound_from time NOT NULL DEFAULT '09:00',
  outbound_until time NOT NULL DEFAULT '20:00',
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK (outbound_from < outbound_until)
);

-- What has happened to appointments and is not told yet: read, told and deleted by whichever process takes it.
CREATE TABLE booking_changes (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  booking_id uuid NOT NULL REFERENCES bookings (id) ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('booked', 'rescheduled', 'cancelled')),
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX booking_changes_booking ON booking_changes (booking_id);

CREATE FUNCTION bookings_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  was text := CASE WHEN TG_OP = 'UPDATE' THEN OLD.status END;
BEGIN
  IF NEW.status = 'confirmed' AND was IS DISTINCT FROM 'confirmed' THEN
    INSERT INTO booking_changes (booking_id, kind) VALUES (NEW.id, 'booked');
  ELSIF NEW.status = 'confirmed' AND NEW.shown <> OLD.shown THEN
    INSERT INTO booking_changes (booking_id, kind) VALUES (NEW.id, 'rescheduled');
  ELSIF NEW.status = 'cancelled' AND was = 'confirmed' THEN
    INSERT INTO booking_changes (booking_id, kind) VALUES (NEW.id, 'cancelled');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER bookings_changes AFTER INSERT OR UPDATE OF status, shown ON bookings
  FOR EACH ROW EXECUTE FUNCTION bookings_note_change();
