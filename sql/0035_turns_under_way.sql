-- What is known of the turns that are not over, written down every second or two: all that is left of them when their process dies.

CREATE TABLE turns_under_way (
  conversation_id uuid NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  number int NOT NULL CHECK (number >= 0),
  kind text NOT NULL CHECK (kind IN ('greeting', 'reply', 'prompt', 'apology', 'notice')),
  -- Both empty, and no tools: words that came to nothing.
  caller text NOT NULL,
  -- Of what we say, the words that the caller has heard by then.
  heard text NOT NULL,
  tools jsonb NOT NULL DEFAULT '[]',
  caller_at timestamptz NOT NULL,
  heard_at timestamptz NOT NULL,
  PRIMARY KEY (conversation_id, number)
)
-- Rows are written over many times in their short lives.
WITH (fillfactor = 50);
