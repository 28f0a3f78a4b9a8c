-- Clients and users that were deleted: when what was theirs is gone as well, and when that is tried next.

ALTER TABLE clients ADD COLUMN erased_at timestamptz, ADD COLUMN erase_try_at timestamptz;
CREATE INDEX clients_to_erase ON clients (erase_try_at) WHERE deleted_at IS NOT NULL AND erased_at IS NULL;

-- A deleted user has no name, no address and nothing that signs them in: only what the books refer to.
ALTER TABLE users ADD COLUMN deleted_at timestamptz, ADD COLUMN erased_at timestamptz, ADD COLUMN erase_try_at timestamptz;
CREATE INDEX users_to_erase ON users (erase_try_at) WHERE deleted_at IS NOT NULL AND erased_at IS NULL;

DO $$
BEGIN
  PERFORM grant_application();
EXCEPTION WHEN undefined_object OR insufficient_privilege THEN NULL;
END $$;
