-- Settings that an administrator changes while the system runs, with their history; and what users without a business use for nothing.

-- Only what differs from the defaults, which are in the code.
CREATE TABLE settings (
  scope text NOT NULL CHECK (scope IN ('system', 'bot')),
  key text NOT NULL CHECK (length(key) BETWEEN 1 AND 100),
  value jsonb NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (scope, key)
);

CREATE TABLE settings_history (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  scope text NOT NULL,
  key text NOT NULL,
  -- Null: the default.
  before jsonb,
  after jsonb,
  -- The name stays when the user goes.
  changed_by uuid REFERENCES users (id) ON DELETE SET NULL,
  changed_by_name text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX settings_history_scope ON settings_history (scope, id DESC);

-- Seconds that somebody has used on a day (of UTC) without a client that pays.
CREATE TABLE daily_usage (
  subject text NOT NULL CHECK (length(subject) BETWEEN 1 AND 200),
  day date NOT NULL,
  used_seconds bigint NOT NULL DEFAULT 0 CHECK (used_seconds >= 0),
  PRIMARY KEY (subject, day)
);
CREATE INDEX daily_usage_day ON daily_usage (day);

CREATE INDEX conversations_open_chats ON conversations (busy_until) WHERE channel = 'chat' AND ended_at IS NULL;
