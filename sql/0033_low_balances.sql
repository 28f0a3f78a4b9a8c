-- A low balance is told of without being asked for: measured by what was used lately, told once until talk time is added.

-- What was left when it was told.
ALTER TABLE billing_accounts ADD COLUMN low_told_seconds bigint;

CREATE INDEX ledger_used ON ledger (client_id, created_at) INCLUDE (delta_seconds) WHERE kind IN ('call', 'chat');
