-- A conversation that is deleted is looked for in all transfers, which are kept for ever.

CREATE INDEX transfers_conversation ON transfers (conversation_id) WHERE conversation_id IS NOT NULL;
