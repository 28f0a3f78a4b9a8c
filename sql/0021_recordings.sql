-- Sound that is kept of calls: where it is, how long it is, until when it is kept.

CREATE TABLE recordings (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL REFERENCES clients (id),
  -- Null when the conversation was deleted: then the sound is, too.
  conversation_id uuid REFERENCES conversations (id) ON DELETE SET NULL,
  -- disk: a file of the process that made it, or of a folder all processes share. s3: an object by the row's id.
  place text NOT NULL DEFAULT 'disk' CHECK (place IN ('disk', 's3')),
  sample_rate int NOT NULL CHECK (sample_rate BETWEEN 8000 AND 48000),
  -- Two channels of one byte each.
  bytes bigint NOT NULL DEFAULT 0 CHECK (bytes >= 0),
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Null while it runs.
  ended_at timestamptz,
  keep_until timestamptz NOT NULL
);
CREATE INDEX recordings_conversation ON recordings (conversation_id, started_at);
CREATE INDEX recordings_kept ON recordings (keep_until);
CREATE INDEX recordings_lost ON recordings (id) WHERE conversation_id IS NULL;
CREATE INDEX recordings_unfinished ON recordings (started_at) WHERE ended_at IS NULL OR place = 'disk';
