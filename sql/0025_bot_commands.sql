-- What an administrator has answered without asking a model: a name, words that trigger it, and a reply or a tool.

CREATE TABLE bot_commands (
  id uuid PRIMARY KEY,
  name text NOT NULL CHECK (name ~ '^[a-z0-9][a-z0-9_-]{0,59}$'),
  description text NOT NULL DEFAULT '' CHECK (length(description) <= 500),
  -- Of one client; null for all.
  client_id uuid REFERENCES clients (id) ON DELETE CASCADE,
  triggers text[] NOT NULL CHECK (cardinality(triggers) BETWEEN 1 AND 20),
  reply text CHECK (length(reply) BETWEEN 1 AND 1000),
  tool text CHECK (length(tool) BETWEEN 1 AND 100),
  is_active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK ((reply IS NULL) <> (tool IS NULL))
);
CREATE UNIQUE INDEX bot_commands_name ON bot_commands (name);
