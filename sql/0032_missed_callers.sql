-- Callers who wanted a person and reached nobody are told apart from those who were put through.

ALTER TABLE conversations DROP CONSTRAINT conversations_outcome_check;
ALTER TABLE conversations ADD CONSTRAINT conversations_outcome_check CHECK (outcome IN ('booked', 'rescheduled', 'cancelled',
  'message', 'transferred', 'missed', 'answered', 'abandoned', 'no_credit', 'failed'));

-- abandoned: the caller hung up before the person had decided.
ALTER TABLE transfers DROP CONSTRAINT transfers_state_check;
ALTER TABLE transfers ADD CONSTRAINT transfers_state_check
  CHECK (state IN ('dialling', 'accepted', 'declined', 'unanswered', 'failed', 'abandoned'));

-- Of old ones nobody knows any more how they ended, and nobody is told.
UPDATE transfers SET over_at = clock_timestamp()
  WHERE state = 'dialling' AND over_at IS NULL AND created_at < clock_timestamp() - interval '10 minutes';
CREATE INDEX transfers_dialling ON transfers (created_at) WHERE state = 'dialling' AND over_at IS NULL;
