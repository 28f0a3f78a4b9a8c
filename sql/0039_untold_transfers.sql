-- A cold transfer of which the carrier tells nothing is known as one: nobody knows whether they spoke.

ALTER TABLE transfers DROP CONSTRAINT transfers_state_check;
ALTER TABLE transfers ADD CONSTRAINT transfers_state_check
  CHECK (state IN ('dialling', 'accepted', 'declined', 'unanswered', 'failed', 'abandoned', 'untold'));

-- The carrier was not asked to tell who answers until now: of old ones nobody is told anything.
UPDATE transfers SET state = 'untold', over_at = clock_timestamp()
  WHERE state = 'dialling' AND mode = 'cold' AND over_at IS NULL AND created_at < clock_timestamp() - interval '10 minutes';
