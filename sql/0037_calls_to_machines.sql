-- Calls that a business made are told apart by what they reached: a machine with our message, a machine without it, or people.

ALTER TABLE conversations DROP CONSTRAINT conversations_outcome_check;
ALTER TABLE conversations ADD CONSTRAINT conversations_outcome_check CHECK (outcome IN ('booked', 'rescheduled', 'cancelled',
  'message', 'transferred', 'missed', 'left_message', 'machine', 'answered', 'abandoned', 'no_credit', 'failed'));
