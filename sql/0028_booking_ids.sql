-- A booking that comes back to an outside calendar where its id is used up gets another one: what is told of it goes along.

ALTER TABLE booking_changes
  DROP CONSTRAINT booking_changes_booking_id_fkey,
  ADD CONSTRAINT booking_changes_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES bookings (id)
    ON UPDATE CASCADE ON DELETE CASCADE;
