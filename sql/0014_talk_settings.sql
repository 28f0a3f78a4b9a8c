-- How a client's receptionist takes turns, hears and pronounces; and what thinking ahead has cost for nothing.

ALTER TABLE clients
  ADD COLUMN patience text NOT NULL DEFAULT 'normal' CHECK (patience IN ('quick', 'normal', 'patient')),
  ADD COLUMN speculation boolean NOT NULL DEFAULT true,
  ADD COLUMN noise_suppression boolean NOT NULL DEFAULT false,
  -- [{"written": "Nguyen", "spoken": "win"}]
  ADD COLUMN pronunciations jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(pronunciations) = 'array');

ALTER TABLE turns
  ADD COLUMN wasted_input_tokens integer NOT NULL DEFAULT 0 CHECK (wasted_input_tokens >= 0),
  ADD COLUMN wasted_output_tokens integer NOT NULL DEFAULT 0 CHECK (wasted_output_tokens >= 0);
