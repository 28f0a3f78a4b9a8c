-- What callers ask us to pass on.

CREATE TABLE messages (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL REFERENCES clients (id),
  conversation_id uuid REFERENCES conversations (id) ON DELETE SET NULL,
  name text NOT NULL CHECK (length(name) <= 200),
  phone text NOT NULL CHECK (length(phone) <= 40),
  text text NOT NULL CHECK (length(text) BETWEEN 1 AND 2000),
  urgent boolean NOT NULL DEFAULT false,
  read_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX messages_client ON messages (client_id, created_at DESC);
