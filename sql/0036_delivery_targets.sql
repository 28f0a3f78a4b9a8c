-- Where a webhook went: the client's address may be another by the time its owner looks. And whether something is being sent
-- at this moment, so that asking for another try does not send it twice.

ALTER TABLE outbox ADD COLUMN target_host text CHECK (length(target_host) BETWEEN 1 AND 300);
ALTER TABLE outbox ADD COLUMN sending boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN outbox.target_host IS 'Host of the last attempt of a webhook, with its port if it has one of its own.';
COMMENT ON COLUMN outbox.sending IS 'Somebody has taken it, until not_before.';
