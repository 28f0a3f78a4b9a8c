// Clients that would dial each other for ever: found when a number is saved, as far as they are ours.

import type { Sql } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

/** Longer chains are told when they ring. */
const STEPS_MAX = 10;

/**
 * Whether a call to one of `targets` could come back to `ownNumber`: by the fallback numbers and the active transfer targets
 * of the clients on the way. All E.164. `clientId`: whose numbers are about to change, so that those it has now do not count.
 */
export async function findsCircle(
  sql: Sql,
  asked: {
    readonly clientId: string | null;
    readonly ownNumber: string;
    readonly targets: readonly string[];
  },
): Promise<boolean> {
  const { clientId, ownNumber, targets } = asked;
  const [row] = await idempotent(
    () => sql<[{ found: boolean }]>`
      WITH RECURSIVE dials AS (
        SELECT c.id, c.phone_number AS own, c.fallback_number AS other FROM clients c
        WHERE c.deleted_at IS NULL AND c.phone_number IS NOT NULL AND c.fallback_number IS NOT NULL
        UNION ALL
        SELECT c.id, c.phone_number, t.phone_number FROM clients c JOIN transfer_targets t ON t.client_id = c.id
        WHERE c.deleted_at IS NULL AND c.phone_number IS NOT NULL AND t.is_active
      ), reached AS (
        SELECT unnest(${[...targets]}::text[]) AS number, 0 AS steps
        UNION
        SELECT d.other, r.steps + 1 FROM reached r JOIN dials d ON d.own = r.number AND d.id IS DISTINCT FROM ${clientId}::uuid
        WHERE r.steps < ${STEPS_MAX} AND r.number <> ${ownNumber}
      )
      SELECT EXISTS (SELECT 1 FROM reached WHERE number = ${ownNumber}) AS found`,
  );
  return row.found;
}
