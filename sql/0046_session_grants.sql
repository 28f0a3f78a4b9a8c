-- What a session may take of the allowance of the day is kept with it while it runs, so that a process that dies does not keep it.

CREATE TABLE session_grants (
  conversation_id uuid PRIMARY KEY REFERENCES conversations (id) ON DELETE CASCADE,
  -- As in daily_usage.
  subject text NOT NULL CHECK (length(subject) <= 200),
  day date NOT NULL,
  granted_seconds bigint NOT NULL CHECK (granted_seconds >= 0),
  used_seconds bigint NOT NULL DEFAULT 0 CHECK (used_seconds >= 0 AND used_seconds <= granted_seconds),
  beat_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX session_grants_beat ON session_grants (beat_at);
