-- A text message that the carrier was asked to send, and whose answer nobody has noted, is looked for there before it is sent again.

-- Since when it is not known whether the carrier has taken it.
ALTER TABLE outbox ADD COLUMN asked_at timestamptz, ADD CHECK (asked_at IS NULL OR kind = 'sms');
-- Two deliveries of the same words are two messages there.
CREATE UNIQUE INDEX outbox_carrier_sid ON outbox (carrier_sid) WHERE carrier_sid IS NOT NULL;
-- What was being sent when this version began.
UPDATE outbox SET asked_at = clock_timestamp() WHERE kind = 'sms' AND state = 'waiting' AND sending;
