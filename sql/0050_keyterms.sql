-- Names and words that a client's callers are likely to say: recognisers hear them better when they are told.

ALTER TABLE clients
  ADD COLUMN keyterms text[] NOT NULL DEFAULT '{}' CHECK (cardinality(keyterms) <= 100);
