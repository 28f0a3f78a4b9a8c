-- What was promised to a caller can be moved too, as long as no outside calendar has been told of it.

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
      WHERE x.id = p_id AND x.client_id = p_client AND x.calendar_id = p_calendar
        AND (x.status = 'confirmed' OR x.status = 'held' AND x.promised_at IS NOT NULL AND x.submitted_at IS NULL);
    status := CASE WHEN FOUND THEN 'moved' ELSE 'gone' END;
  EXCEPTION WHEN exclusion_violation OR unique_violation THEN
    status := 'taken';
  END;
END $$;
