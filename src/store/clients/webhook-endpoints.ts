// Where clients are told of what happens. Secrets are sealed before they come here.

import type { Sql } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

export interface WebhookEndpoint {
  readonly clientId: string;
  readonly url: string;
  readonly isActive: boolean;
  readonly secretSealed: string;
  /** The secret before, while it still signs. */
  readonly previousSealed: string | null;
  readonly previousUntil: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export async function findWebhook(
  sql: Sql,
  clientId: string,
): Promise<WebhookEndpoint | undefined> {
  const [row] = await idempotent(
    () => sql<WebhookEndpoint[]>`
      SELECT client_id AS "clientId", url, is_active AS "isActive", secret_sealed AS "secretSealed",
        CASE WHEN previous_until > clock_timestamp() THEN previous_sealed END AS "previousSealed",
        CASE WHEN previous_until > clock_timestamp() THEN previous_until END AS "previousUntil",
        created_at AS "createdAt", updated_at AS "updatedAt"
      FROM webhook_endpoints WHERE client_id = ${clientId}`,
  );
  return row;
}

/** Sets where the client is told. The secret is taken only when there is none yet: false then for a changed address. */
export async function saveWebhook(
  sql: Sql,
  {
    clientId,
    url,
    isActive,
    secretSealed,
  }: Pick<WebhookEndpoint, 'clientId' | 'url' | 'isActive' | 'secretSealed'>,
): Promise<boolean> {
  const [row] = await idempotent(
    () => sql<{ secretSealed: string }[]>`
      INSERT INTO webhook_endpoints (client_id, url, is_active, secret_sealed)
      VALUES (${clientId}, ${url}, ${isActive}, ${secretSealed})
      ON CONFLICT (client_id) DO UPDATE SET url = excluded.url, is_active = excluded.is_active,
        updated_at = clock_timestamp()
      RETURNING secret_sealed AS "secretSealed"`,
  );
  return row?.secretSealed === secretSealed;
}

/** A new secret; the one before goes on signing beside it for `hours`. False when the client has no webhook. */
export async function rotateWebhookSecret(
  sql: Sql,
  { clientId, secretSealed, hours }: { clientId: string; secretSealed: string; hours: number },
): Promise<boolean> {
  const rows = await sql`
    UPDATE webhook_endpoints SET previous_sealed = secret_sealed, secret_sealed = ${secretSealed},
      previous_until = clock_timestamp() + make_interval(hours => ${hours}), updated_at = clock_timestamp()
    WHERE client_id = ${clientId} RETURNING client_id`;
  return rows.length > 0;
}

export async function deleteWebhook(sql: Sql, clientId: string): Promise<boolean> {
  const rows = await idempotent(
    () => sql`DELETE FROM webhook_endpoints WHERE client_id = ${clientId} RETURNING client_id`,
  );
  return rows.length > 0;
}
