-- What owners set and look for beyond a call: recording, alerts, people to transfer to, and words to search by.

CREATE EXTENSION IF NOT EXISTS btree_gin;

ALTER TABLE clients
  ADD COLUMN recording_enabled boolean NOT NULL DEFAULT false,
  -- Said before a recording begins.
  ADD COLUMN recording_notice text NOT NULL DEFAULT '' CHECK (length(recording_notice) <= 500),
  ADD COLUMN recording_days int NOT NULL DEFAULT 30 CHECK (recording_days BETWEEN 1 AND 3650),
  -- Below this balance the owner is told; null for never.
  ADD COLUMN alert_below_seconds bigint CHECK (alert_below_seconds BETWEEN 0 AND 31536000),
  ADD COLUMN alert_email text CHECK (length(alert_email) <= 320);

DO $$
BEGIN
  PERFORM grant_application();
EXCEPTION WHEN undefined_object OR insufficient_privilege THEN NULL;
END $$;

-- People of the business that a caller may be put through to, in the order in which they are tried.
CREATE TABLE transfer_targets (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL REFERENCES clients (id),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  phone_number text NOT NULL CHECK (phone_number ~ '^\+[1-9][0-9]{6,14}$'),
  -- When to choose this one, in the owner's words, for the model.
  description text NOT NULL DEFAULT '' CHECK (length(description) <= 500),
  position int NOT NULL DEFAULT 0 CHECK (position BETWEEN 0 AND 1000),
  is_active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (client_id, phone_number)
);
CREATE INDEX transfer_targets_client ON transfer_targets (client_id, position, id);

CREATE INDEX contacts_client ON contacts (client_id, created_at DESC, id DESC);
CREATE INDEX messages_conversation ON messages (conversation_id) WHERE conversation_id IS NOT NULL;
CREATE INDEX messages_unread ON messages (client_id) WHERE read_at IS NULL;

-- All words of an ended conversation. With the client in the index a search reads only what belongs to the client.
ALTER TABLE conversations ADD COLUMN search tsvector;
CREATE INDEX conversations_search ON conversations USING gin (client_id, search);
CREATE INDEX conversations_outcome ON conversations (client_id, outcome, created_at DESC, id DESC);
DROP INDEX conversations_contact;
CREATE INDEX conversations_contact ON conversations (contact_id, created_at DESC, id DESC);

-- The first 200,000 characters, an hour of fast talk: a tsvector ends at one megabyte.
CREATE FUNCTION conversation_words(p_id uuid) RETURNS tsvector LANGUAGE sql STABLE AS $$
  SELECT to_tsvector('simple', left(coalesce(string_agg(u.content, ' ' ORDER BY u.id), ''), 200000))
  FROM utterances u WHERE u.conversation_id = p_id;
$$;

CREATE FUNCTION conversations_index_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.search := conversation_words(NEW.id);
  RETURN NEW;
END $$;
CREATE TRIGGER conversations_words BEFORE UPDATE OF ended_at ON conversations FOR EACH ROW
  WHEN (NEW.ended_at IS NOT NULL) EXECUTE FUNCTION conversations_index_words();

-- Turns that reach the database after the end of their call.
CREATE FUNCTION utterances_late() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE conversations c SET search = conversation_words(c.id)
  WHERE c.ended_at IS NOT NULL AND c.id IN (SELECT conversation_id FROM added);
  RETURN NULL;
END $$;
CREATE TRIGGER utterances_words AFTER INSERT ON utterances REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION utterances_late();

UPDATE conversations c SET search = conversation_words(c.id) WHERE ended_at IS NOT NULL;
