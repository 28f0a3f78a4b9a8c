-- What callers left as sound, when no recogniser could hear them: kept with the message, and heard later.

CREATE TABLE message_audio (
  message_id uuid PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
  -- Mu-law, 8 kHz, mono: a minute at most.
  audio bytea NOT NULL CHECK (length(audio) BETWEEN 1 AND 480000),
  -- Null once its words are in the message, or it was given up.
  hear_at timestamptz DEFAULT clock_timestamp(),
  attempts int NOT NULL DEFAULT 0
);
CREATE INDEX message_audio_due ON message_audio (hear_at) WHERE hear_at IS NOT NULL;
