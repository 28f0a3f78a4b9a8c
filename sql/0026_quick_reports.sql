-- Reports and phrase searches that stay quick for a client with ten thousand calls: what they need of a conversation is gathered when it ends.

-- Of replies, last word of the caller to our first sound, in milliseconds; and what turns and review have cost.
ALTER TABLE conversations
  ADD COLUMN reply_ms real[] NOT NULL DEFAULT '{}',
  ADD COLUMN cost_microdollars bigint NOT NULL DEFAULT 0;

-- Whatever in an ended conversation follows from its turns, utterances and review.
CREATE FUNCTION conversation_figures(p_id uuid, OUT reply_ms real[], OUT cost bigint) LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(t.response_ms) FILTER (WHERE t.kind = 'reply' AND t.response_ms IS NOT NULL), '{}'),
    (coalesce(sum(t.cost_microdollars), 0)
      + coalesce((SELECT r.cost_microdollars FROM reviews r WHERE r.conversation_id = p_id), 0))::bigint
  FROM turns t WHERE t.conversation_id = p_id;
$$;

CREATE OR REPLACE FUNCTION conversations_index_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.search := conversation_words(NEW.id);
  SELECT f.reply_ms, f.cost INTO NEW.reply_ms, NEW.cost_microdollars FROM conversation_figures(NEW.id) f;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION utterances_late() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE conversations c SET search = conversation_words(c.id), reply_ms = f.reply_ms, cost_microdollars = f.cost
  FROM (SELECT DISTINCT conversation_id AS id FROM added) a, LATERAL conversation_figures(a.id) f
  WHERE c.id = a.id AND c.ended_at IS NOT NULL;
  RETURN NULL;
END $$;

UPDATE conversations c SET reply_ms = f.reply_ms, cost_microdollars = f.cost
FROM (SELECT id FROM conversations WHERE ended_at IS NOT NULL) e, LATERAL conversation_figures(e.id) f WHERE c.id = e.id;

-- Words that stand side by side, each two as a number of 16 bits. Two frequent words are in half of all conversations, next to
-- each other in few: the index of pairs finds these, and a handful more, before any words are read.
-- The cost keeps the planner from working them out for row after row where it could look them up.
CREATE FUNCTION word_pairs(p_words tsvector) RETURNS int[] LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 5000 AS $$
  SELECT coalesce(array_agg(DISTINCT hashtext(word || ' ' || next) & 65535), '{}') FROM (
    SELECT w.lexeme AS word, p.position AS at, lead(w.lexeme) OVER (ORDER BY p.position) AS next,
      lead(p.position) OVER (ORDER BY p.position) AS next_at
    FROM unnest(p_words) w, unnest(w.positions) AS p (position)
  ) one_after_the_other WHERE next_at = at + 1;
$$;
CREATE INDEX conversations_pairs ON conversations USING gin (client_id, word_pairs(search)) WHERE search IS NOT NULL;
