-- Lists of everybody's conversations, read from the newest on; and searches that never read a client's conversations one by one.

CREATE INDEX conversations_created ON conversations (created_at DESC, id DESC);
CREATE INDEX conversations_problems ON conversations (created_at DESC, id DESC) WHERE outcome = 'failed' OR flags <> '{}';

-- For the planner only: beside a condition that an index answers, where it is never called. To read what was said costs a
-- hundred times what the planner believes, and this is what it believes then. In plpgsql, so that it is not taken apart, and
-- without the word that it may run in parallel: nothing that is worth it remains.
CREATE FUNCTION read_one_by_one(p_words tsvector) RETURNS boolean LANGUAGE plpgsql IMMUTABLE COST 100000 AS $$
BEGIN
  RETURN p_words IS NULL;
END $$;
