-- What is no longer of use goes: stored speech that nobody needs, transfers of deleted conversations, old notices and messages of Stripe.

-- When a client was last seen to need the clip.
ALTER TABLE clips ADD COLUMN used_at timestamptz NOT NULL DEFAULT now();
CREATE INDEX clips_used_at ON clips (used_at);

CREATE INDEX transfers_left ON transfers (created_at) WHERE conversation_id IS NULL;
CREATE INDEX notices_created ON notices (created_at);
CREATE INDEX stripe_events_done ON stripe_events (received_at) WHERE outcome IN ('applied', 'ignored');
