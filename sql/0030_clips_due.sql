-- Clients whose stored speech could not be made when they were saved or called: tried again until it is there. While it is
-- missing, and no voice can be had, callers hear spare recordings, which are in English.
CREATE TABLE clips_due (
  client_id uuid PRIMARY KEY REFERENCES clients(id),
  since timestamptz NOT NULL DEFAULT clock_timestamp(),
  try_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0)
);
CREATE INDEX clips_due_try_at ON clips_due (try_at);
