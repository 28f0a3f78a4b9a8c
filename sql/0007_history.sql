-- Conversations of users with the voice agent itself, in a browser: they belong to a user, and to a client only if it was asked for.

ALTER TABLE conversations
  ALTER COLUMN client_id DROP NOT NULL,
  ADD COLUMN user_id uuid REFERENCES users (id) ON DELETE CASCADE,
  ADD COLUMN room text NOT NULL DEFAULT '' CHECK (length(room) <= 200),
  ADD COLUMN system_prompt text NOT NULL DEFAULT '' CHECK (length(system_prompt) <= 20000),
  ADD COLUMN metadata jsonb NOT NULL DEFAULT '{}',
  ADD CHECK (client_id IS NOT NULL OR channel <> 'phone');
CREATE INDEX conversations_user ON conversations (user_id, started_at DESC, id DESC) WHERE user_id IS NOT NULL;
