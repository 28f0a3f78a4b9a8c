-- Who takes over where a client's first choice of a service fails; null means those that suit.
ALTER TABLE clients
  ADD COLUMN stt_fallbacks text[],
  ADD COLUMN llm_fallbacks text[],
  ADD COLUMN tts_fallbacks text[];
