-- What a call came to, as the client's model sees it afterwards: one review for each ended conversation, made by whichever process gets to it.

-- What an owner wants to know of every call.
CREATE TABLE review_settings (
  client_id uuid PRIMARY KEY REFERENCES clients (id),
  is_enabled boolean NOT NULL DEFAULT true,
  -- [{name, type: text | number | boolean, description}]
  fields jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(fields) = 'array'),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE reviews (
  conversation_id uuid PRIMARY KEY REFERENCES conversations (id) ON DELETE CASCADE,
  client_id uuid NOT NULL REFERENCES clients (id),
  -- skipped: nobody said anything, or the owner wants no reviews. failed: given up.
  state text NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'done', 'skipped', 'failed')),
  attempts int NOT NULL DEFAULT 0,
  -- Of a due review: when it may be begun, or, while a process works on it, begun again by another.
  due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  summary text NOT NULL DEFAULT '' CHECK (length(summary) <= 2000),
  -- Whether the caller got what they called for.
  resolved text CHECK (resolved IN ('yes', 'partly', 'no')),
  fields jsonb NOT NULL DEFAULT '{}',
  follow_up boolean NOT NULL DEFAULT false,
  follow_up_reason text NOT NULL DEFAULT '' CHECK (length(follow_up_reason) <= 500),
  input_tokens int NOT NULL DEFAULT 0,
  output_tokens int NOT NULL DEFAULT 0,
  cost_microdollars bigint NOT NULL DEFAULT 0,
  finished_at timestamptz
);
CREATE INDEX reviews_due ON reviews (due_at) WHERE state = 'due';
CREATE INDEX reviews_follow_up ON reviews (client_id) WHERE follow_up;

-- In the transaction that ends the conversation, so that no death of a process loses one. A call that came back is reviewed again.
CREATE FUNCTION conversations_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO reviews (conversation_id, client_id) VALUES (NEW.id, NEW.client_id)
  ON CONFLICT (conversation_id) DO UPDATE SET state = 'due', due_at = clock_timestamp(), attempts = 0;
  RETURN NULL;
END $$;
CREATE TRIGGER conversations_reviewed AFTER UPDATE OF ended_at ON conversations FOR EACH ROW
  WHEN (NEW.ended_at IS NOT NULL AND OLD.ended_at IS NULL AND NEW.client_id IS NOT NULL)
  EXECUTE FUNCTION conversations_review();

-- The words of the summary are found like those that were said.
CREATE OR REPLACE FUNCTION conversation_words(p_id uuid) RETURNS tsvector LANGUAGE sql STABLE AS $$
  SELECT to_tsvector('simple', left(coalesce(string_agg(u.content, ' ' ORDER BY u.id), ''), 200000)
    || coalesce((SELECT ' ' || r.summary FROM reviews r WHERE r.conversation_id = p_id), ''))
  FROM utterances u WHERE u.conversation_id = p_id;
$$;
