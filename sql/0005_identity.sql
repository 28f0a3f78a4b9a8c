-- How users prove who they are, and what they prefer: sessions, refresh tokens, sign-ins under way, request limits.

ALTER TABLE users
  ADD COLUMN google_subject text UNIQUE,
  ADD COLUMN blocked_at timestamptz,
  ADD COLUMN preferred_voice text NOT NULL DEFAULT 'alloy' CHECK (length(preferred_voice) <= 200),
  ADD COLUMN preferred_language text NOT NULL DEFAULT 'en' CHECK (length(preferred_language) <= 35),
  ADD COLUMN favorite_topics text[] NOT NULL DEFAULT '{}' CHECK (cardinality(favorite_topics) <= 50),
  ADD COLUMN system_prompt_override text NOT NULL DEFAULT '' CHECK (length(system_prompt_override) <= 20000);
-- Addresses and names differ by more than the size of their letters.
CREATE UNIQUE INDEX users_email_lower ON users (lower(email));
CREATE UNIQUE INDEX users_username_lower ON users (lower(username));
CREATE INDEX users_created ON users (created_at DESC, id DESC);

-- A browser that has logged in. Only the hash of its cookie is kept.
CREATE TABLE sessions (
  token_hash bytea PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- One login of a program, and every refresh token that descends from it. Its access tokens name it.
CREATE TABLE token_families (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz
);
CREATE INDEX token_families_user ON token_families (user_id);
CREATE INDEX token_families_expiry ON token_families (expires_at);

CREATE TABLE refresh_tokens (
  token_hash bytea PRIMARY KEY,
  family_id uuid NOT NULL REFERENCES token_families (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  used_at timestamptz
);
CREATE INDEX refresh_tokens_family ON refresh_tokens (family_id);

-- A consent screen that somebody was sent to. `browser_hash`: the cookie of the browser that may come back.
CREATE TABLE oauth_states (
  state_hash bytea PRIMARY KEY,
  browser_hash bytea NOT NULL,
  -- Asked for by a page, not by a program: then nothing but that browser may come back.
  bound boolean NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL
);
CREATE INDEX oauth_states_expiry ON oauth_states (expires_at);

-- What each user or address has used of its allowance in the running window. Processes take several requests at once.
CREATE UNLOGGED TABLE rate_windows (
  key text PRIMARY KEY CHECK (length(key) <= 200),
  ends_at timestamptz NOT NULL,
  used int NOT NULL CHECK (used >= 0),
  -- What the last claim was given.
  granted int NOT NULL CHECK (granted >= 0)
);
CREATE INDEX rate_windows_end ON rate_windows (ends_at);

-- Answers to creating requests, so that asking again gives the same one. `status` is null while the first still runs.
CREATE TABLE idempotency_keys (
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
  request_hash bytea NOT NULL,
  status int,
  content_type text,
  body text,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
