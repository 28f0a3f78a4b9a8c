-- Who uses the product, what the businesses have set up, and what was said.

CREATE TABLE users (
  id uuid PRIMARY KEY,
  email text UNIQUE CHECK (length(email) <= 320),
  username text NOT NULL UNIQUE CHECK (length(username) BETWEEN 1 AND 320),
  name text NOT NULL DEFAULT '' CHECK (length(name) <= 200),
  password_hash text,
  role text NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'moderator', 'admin')),
  type text NOT NULL DEFAULT 'owner' CHECK (type IN ('owner', 'patient')),
  is_active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE clients (
  id uuid PRIMARY KEY,
  owner_id uuid NOT NULL REFERENCES users (id),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  -- E.164. A deleted client gives its number back.
  phone_number text CHECK (phone_number ~ '^\+[1-9][0-9]{6,14}$'),
  zone text NOT NULL DEFAULT 'America/New_York',
  language text NOT NULL DEFAULT 'en-US',
  system_prompt text NOT NULL DEFAULT '' CHECK (length(system_prompt) <= 20000),
  initial_greeting text NOT NULL DEFAULT '' CHECK (length(initial_greeting) <= 1000),
  disclosure text NOT NULL DEFAULT '' CHECK (length(disclosure) <= 500),
  llm_model text NOT NULL,
  stt_model text NOT NULL,
  tts_provider text NOT NULL,
  tts_model text NOT NULL DEFAULT '',
  tts_voice_id text NOT NULL,
  enabled_tools text[] NOT NULL DEFAULT '{}',
  calendar_id text NOT NULL DEFAULT '',
  -- Where callers go when we cannot serve them. E.164 or null.
  fallback_number text CHECK (fallback_number ~ '^\+[1-9][0-9]{6,14}$'),
  concurrency_max int NOT NULL DEFAULT 10 CHECK (concurrency_max BETWEEN 1 AND 1000),
  call_seconds_max int NOT NULL DEFAULT 3600 CHECK (call_seconds_max BETWEEN 60 AND 14400),
  is_active boolean NOT NULL DEFAULT true,
  balance_seconds bigint NOT NULL DEFAULT 0 CHECK (balance_seconds >= 0),
  reserved_seconds bigint NOT NULL DEFAULT 0 CHECK (reserved_seconds >= 0),
  debt_seconds bigint NOT NULL DEFAULT 0 CHECK (debt_seconds >= 0),
  -- Set by the hourly audit when ledger and balance disagree: no new calls until a person has looked.
  audit_failed_at timestamptz,
  deleted_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK (reserved_seconds <= balance_seconds),
  CHECK (debt_seconds = 0 OR balance_seconds = reserved_seconds)
);
CREATE UNIQUE INDEX clients_phone_number ON clients (phone_number) WHERE deleted_at IS NULL;
CREATE INDEX clients_owner ON clients (owner_id, created_at);

CREATE TABLE contacts (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL REFERENCES clients (id),
  phone_number text NOT NULL CHECK (phone_number ~ '^\+[1-9][0-9]{6,14}$'),
  name text NOT NULL DEFAULT '' CHECK (length(name) <= 200),
  notes text NOT NULL DEFAULT '' CHECK (length(notes) <= 5000),
  last_call_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (client_id, phone_number)
);

-- A call or a chat. `call_sid` is the carrier's name for it.
CREATE TABLE conversations (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL REFERENCES clients (id),
  contact_id uuid REFERENCES contacts (id) ON DELETE SET NULL,
  channel text NOT NULL DEFAULT 'phone' CHECK (channel IN ('phone', 'browser', 'chat')),
  call_sid text UNIQUE,
  caller_phone text CHECK (caller_phone ~ '^\+[1-9][0-9]{6,14}$'),
  disclosure_version text,
  -- The process that owns the call; null when it has ended.
  owner text,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at timestamptz,
  end_reason text,
  outcome text CHECK (outcome IN ('booked', 'rescheduled', 'cancelled', 'message', 'transferred', 'answered', 'abandoned', 'no_credit', 'failed')),
  -- Something to look at: a booking was claimed that does not exist, money was tight, a vendor failed.
  flags text[] NOT NULL DEFAULT '{}',
  duration_ms bigint NOT NULL DEFAULT 0 CHECK (duration_ms >= 0),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX conversations_client ON conversations (client_id, created_at DESC, id DESC);
CREATE INDEX conversations_contact ON conversations (contact_id, created_at DESC);
CREATE INDEX conversations_live ON conversations (client_id) WHERE ended_at IS NULL;

-- One exchange, with what it cost in time, tokens and characters. Times in milliseconds.
CREATE TABLE turns (
  conversation_id uuid NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  number int NOT NULL CHECK (number >= 0),
  kind text NOT NULL CHECK (kind IN ('greeting', 'reply', 'prompt', 'apology', 'notice')),
  ending text NOT NULL CHECK (ending IN ('completed', 'interrupted', 'failed')),
  response_ms real,
  endpoint_ms real,
  hear_ms real,
  think_ms real,
  speak_ms real,
  play_ms real,
  input_tokens int NOT NULL DEFAULT 0,
  output_tokens int NOT NULL DEFAULT 0,
  characters int NOT NULL DEFAULT 0,
  cost_microdollars bigint NOT NULL DEFAULT 0,
  tools jsonb NOT NULL DEFAULT '[]',
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (conversation_id, number)
);

CREATE TABLE utterances (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  conversation_id uuid NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  turn_number int NOT NULL,
  role text NOT NULL CHECK (role IN ('user', 'assistant')),
  -- As heard: after an interruption only the words the caller heard.
  content text NOT NULL,
  interrupted boolean NOT NULL DEFAULT false,
  at timestamptz NOT NULL,
  UNIQUE (conversation_id, turn_number, role)
);

-- Stored speech, by a hash of everything that makes it sound as it does. Mu-law, 8 kHz.
CREATE TABLE clips (
  key text PRIMARY KEY,
  text text NOT NULL,
  audio bytea NOT NULL,
  words jsonb NOT NULL DEFAULT '[]',
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- What lets one media stream in: made by /voice, used up by the stream's start message. Only the hash is kept.
CREATE TABLE stream_tokens (
  token_hash bytea PRIMARY KEY,
  client_id uuid NOT NULL REFERENCES clients (id),
  call_sid text NOT NULL,
  caller_phone text,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX stream_tokens_expiry ON stream_tokens (expires_at);
