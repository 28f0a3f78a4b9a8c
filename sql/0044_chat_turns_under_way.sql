-- A chat's message is kept from before the model is asked, with what was taken for its answer: where the process dies it is given back.

-- paid_turn: names the charge. paid_by: whose allowance of the day; null: the client's balance.
ALTER TABLE turns_under_way ADD COLUMN paid_turn uuid, ADD COLUMN paid_seconds int CHECK (paid_seconds >= 0),
  ADD COLUMN paid_by text CHECK (length(paid_by) <= 200),
  ADD CHECK ((paid_turn IS NULL) = (paid_seconds IS NULL));
