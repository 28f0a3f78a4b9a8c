-- What a business lets its receptionist know: sections as the owner writes them, and passages of them that can be searched.

CREATE TABLE knowledge (
  id uuid PRIMARY KEY,
  client_id uuid NOT NULL REFERENCES clients (id),
  title text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
  text text NOT NULL CHECK (length(text) BETWEEN 1 AND 20000),
  position int NOT NULL DEFAULT 0 CHECK (position BETWEEN 0 AND 1000),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX knowledge_client ON knowledge (client_id, position, id);

CREATE TABLE knowledge_passages (
  knowledge_id uuid NOT NULL REFERENCES knowledge (id) ON DELETE CASCADE,
  number int NOT NULL,
  client_id uuid NOT NULL REFERENCES clients (id),
  title text NOT NULL,
  text text NOT NULL,
  words tsvector NOT NULL,
  PRIMARY KEY (knowledge_id, number)
);
CREATE INDEX knowledge_passages_words ON knowledge_passages USING gin (client_id, words);

-- Word stems and words too common to look for, by the language of the client.
CREATE FUNCTION knowledge_config(p_language text) RETURNS regconfig LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE split_part(lower(p_language), '-', 1)
    WHEN 'en' THEN 'english' WHEN 'es' THEN 'spanish' WHEN 'fr' THEN 'french' WHEN 'de' THEN 'german'
    WHEN 'it' THEN 'italian' WHEN 'pt' THEN 'portuguese' WHEN 'nl' THEN 'dutch' WHEN 'sv' THEN 'swedish'
    WHEN 'da' THEN 'danish' WHEN 'nb' THEN 'norwegian' WHEN 'no' THEN 'norwegian' WHEN 'fi' THEN 'finnish'
    ELSE 'simple' END::regconfig;
$$;

CREATE FUNCTION knowledge_index_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.words := to_tsvector(
    (SELECT knowledge_config(language) FROM clients WHERE id = NEW.client_id), NEW.title || ' ' || NEW.text);
  RETURN NEW;
END $$;
CREATE TRIGGER knowledge_words BEFORE INSERT OR UPDATE ON knowledge_passages FOR EACH ROW
  EXECUTE FUNCTION knowledge_index_words();

CREATE FUNCTION clients_index_knowledge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE knowledge_passages SET number = number WHERE client_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER clients_knowledge AFTER UPDATE OF language ON clients FOR EACH ROW
  WHEN (NEW.language <> OLD.language) EXECUTE FUNCTION clients_index_knowledge();
