-- What calls and chats cost us, by vendor: kept when a conversation is deleted, since the money is gone all the same.

CREATE TABLE conversation_costs (
  -- No reference: the row outlives its conversation, and says nothing about anybody.
  conversation_id uuid NOT NULL,
  client_id uuid REFERENCES clients (id),
  -- The model or voice as it is priced.
  vendor text NOT NULL CHECK (length(vendor) BETWEEN 1 AND 200),
  unit text NOT NULL CHECK (unit IN ('input_tokens', 'output_tokens', 'characters', 'milliseconds')),
  quantity bigint NOT NULL CHECK (quantity >= 0),
  -- At the prices of the days on which it was used.
  microdollars bigint NOT NULL CHECK (microdollars >= 0),
  first_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (conversation_id, vendor, unit)
);
CREATE INDEX conversation_costs_client ON conversation_costs (client_id, first_at);
