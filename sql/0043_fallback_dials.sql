-- A fallback number that the carrier dials by itself is known as such, once for a call: what comes of it, and whether it leads back to us.

ALTER TABLE transfers ADD COLUMN is_fallback boolean NOT NULL DEFAULT false;
CREATE UNIQUE INDEX transfers_fallback ON transfers (call_sid) WHERE is_fallback;
