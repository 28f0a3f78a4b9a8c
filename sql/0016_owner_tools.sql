-- Tools that owners bring themselves: addresses to ask during a call, and servers that offer tools (Model Context Protocol).

CREATE TABLE owner_tools (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL REFERENCES clients (id),
  -- What the model calls it by.
  name text NOT NULL CHECK (name ~ '^[a-z][a-z0-9_]{0,47}$'),
  description text NOT NULL CHECK (length(description) BETWEEN 1 AND 1000),
  -- JSON Schema of an object.
  parameters jsonb NOT NULL,
  method text NOT NULL CHECK (method IN ('GET', 'POST', 'PUT', 'PATCH', 'DELETE')),
  -- With {names} of parameters in its path and query.
  url text NOT NULL CHECK (length(url) BETWEEN 1 AND 2000),
  header_names text[] NOT NULL DEFAULT '{}',
  -- All headers as one JSON text; null without any.
  headers_sealed text,
  timeout_ms int NOT NULL DEFAULT 5000 CHECK (timeout_ms BETWEEN 500 AND 5000),
  is_active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT owner_tools_name UNIQUE (client_id, name)
);

CREATE TABLE mcp_servers (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL REFERENCES clients (id),
  -- Stands before the names of its tools.
  name text NOT NULL CHECK (name ~ '^[a-z][a-z0-9_]{0,23}$'),
  url text NOT NULL CHECK (length(url) BETWEEN 1 AND 2000),
  header_names text[] NOT NULL DEFAULT '{}',
  headers_sealed text,
  -- What it offered when it was last asked: [{name, description, parameters}].
  tools jsonb NOT NULL DEFAULT '[]',
  tools_at timestamptz,
  -- The names the owner allows; null for all.
  allowed text[],
  is_active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT mcp_servers_name UNIQUE (client_id, name)
);
