-- What was given to the voice in a turn that was broken off, and did not reach the caller: for those who read the conversation
-- afterwards, never for the model. Not in `utterances`: of some turns nothing was heard.
ALTER TABLE turns ADD COLUMN unheard text CHECK (length(unheard) <= 2000);
