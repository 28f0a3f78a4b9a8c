// Accounts that their users delete: what stands against it, the deletion in one transaction, and what is erased after it.

import { revokeFamiliesOf } from './refresh-tokens.ts';
import { deleteSessionsOf } from './sessions.ts';
import { endedStatuses } from '../money/subscriptions.ts';
import type { Sql, SqlRunner } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

/** Chats deleted by one statement. */
const AT_ONCE = 200;
/** Before another try, of what is busy or whose process died. */
const AGAIN_SECONDS = 60;
/** The name of a user whom the books, or the record of settings, show. */
const NAME = 'Deleted user';

/** What an account has that its user should know of before it goes. */
export interface AccountStock {
  readonly clients: number;
  /** Calls of its clients that run now. */
  readonly runningCalls: number;
  /** Talk time of all its clients, which is lost. */
  readonly seconds: number;
  /** Clients with a monthly plan that is not over. */
  readonly plans: number;
  /** Nobody else could administer this server. */
  readonly lastAdministrator: boolean;
  readonly hasPassword: boolean;
}

export async function findAccountStock(sql: SqlRunner, userId: string): Promise<AccountStock> {
  const [row] = await idempotent(
    () => sql<AccountStock[]>`
      SELECT held.clients, held.seconds, held.running AS "runningCalls", held.plans,
        u.role = 'admin' AND NOT EXISTS (SELECT 1 FROM users o WHERE o.id <> u.id AND ${administers(sql)})
          AS "lastAdministrator",
        u.password_hash IS NOT NULL AS "hasPassword"
      FROM users u CROSS JOIN LATERAL (
        SELECT count(*) AS clients, coalesce(sum(c.balance_seconds), 0)::bigint AS seconds,
          count(*) FILTER (WHERE EXISTS (
            SELECT 1 FROM subscriptions s WHERE s.client_id = c.id AND NOT s.status = ANY (${[...endedStatuses]}::text[]))) AS plans,
          coalesce(sum((SELECT count(*) FROM call_leases l WHERE l.client_id = c.id AND l.state = 'active')), 0)::bigint
            AS running
        FROM clients c WHERE ${living(sql, userId)}
      ) held
      WHERE u.id = ${userId}`,
  );
  if (!row) throw new Error('a user who has logged in has a row');
  return row;
}

export async function listClientIdsOf(sql: Sql, userId: string): Promise<string[]> {
  const rows = await idempotent(
    () =>
      sql<{ id: string }[]>`SELECT c.id FROM clients c WHERE ${living(sql, userId)} ORDER BY id`,
  );
  return rows.map(({ id }) => id);
}

/**
 * From its commit on nobody signs in or calls, and the address is free. `refuses` sees what the account has when nothing of it can
 * change any more, and throws to keep it. The clients that went with it are told, so that their accounts elsewhere can be left.
 */
export async function deleteAccount(
  sql: Sql,
  userId: string,
  refuses: (stock: AccountStock) => void,
): Promise<readonly string[]> {
  return idempotent(() =>
    sql.begin(async (tx) => {
      // Of two administrators who go at once the second finds itself the last.
      await tx`SELECT 1 FROM users o WHERE ${administers(tx)} OR o.id = ${userId} ORDER BY id FOR UPDATE`;
      await tx`SELECT 1 FROM clients c WHERE ${living(tx, userId)} ORDER BY id FOR NO KEY UPDATE`;
      refuses(await findAccountStock(tx, userId));
      const clientIds = await deleteClientsOf(tx, userId);
      await forgetUser(tx, userId);
      return clientIds;
    }),
  );
}

async function deleteClientsOf(sql: SqlRunner, userId: string): Promise<readonly string[]> {
  const gone = await sql<{ id: string }[]>`
    UPDATE clients c SET deleted_at = clock_timestamp(), is_active = false, updated_at = clock_timestamp()
    WHERE ${living(sql, userId)} RETURNING id`;
  return gone.map(({ id }) => id);
}

async function forgetUser(sql: SqlRunner, userId: string): Promise<void> {
  await sql`
    UPDATE users SET deleted_at = clock_timestamp(), is_active = false, email = NULL, username = 'deleted:' || id,
      name = ${NAME}, password_hash = NULL, google_subject = NULL, role = 'user', preferred_voice = 'alloy',
      preferred_language = 'en', favorite_topics = '{}', system_prompt_override = '', updated_at = clock_timestamp()
    WHERE id = ${userId}`;
  await sql`UPDATE settings_history SET changed_by_name = ${NAME} WHERE changed_by = ${userId}`;
  await deleteSessionsOf(sql, userId);
  await revokeFamiliesOf(sql, userId);
}

/** The deleted user that is to be erased now, for this process alone until it is tried again. */
export async function claimUserErasure(sql: Sql): Promise<string | undefined> {
  const [row] = await sql<{ id: string }[]>`
    UPDATE users SET erase_try_at = clock_timestamp() + make_interval(secs => ${AGAIN_SECONDS})
    WHERE id = (
      SELECT id FROM users WHERE deleted_at IS NOT NULL AND erased_at IS NULL
        AND (erase_try_at IS NULL OR erase_try_at <= clock_timestamp())
      ORDER BY erase_try_at NULLS FIRST LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING id`;
  return row?.id;
}

/** Takes away what there is of a deleted user; the row stays while the books name it. False while a session of theirs still runs. */
export async function eraseUser(sql: Sql, userId: string): Promise<boolean> {
  // Of a request that was let in before.
  await deleteClientsOf(sql, userId);
  for (;;) {
    const chats = await sql`
      DELETE FROM conversations WHERE id = ANY (ARRAY(
        SELECT id FROM conversations WHERE user_id = ${userId} AND ended_at IS NOT NULL LIMIT ${AT_ONCE})) RETURNING 1`;
    if (chats.length < AT_ONCE) break;
  }
  await sql`DELETE FROM token_families WHERE user_id = ${userId}`;
  await sql`DELETE FROM tickets WHERE user_id = ${userId}`;
  await sql`DELETE FROM calendar_oauth_states WHERE user_id = ${userId}`;
  await sql`DELETE FROM idempotency_keys WHERE user_id = ${userId}`;
  const erased = await sql`
    UPDATE users SET erased_at = clock_timestamp(), erase_try_at = NULL
    WHERE id = ${userId} AND deleted_at IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM conversations WHERE user_id = ${userId}) RETURNING 1`;
  if (erased.length === 0) return false;
  await sql`
    DELETE FROM users WHERE id = ${userId} AND erased_at IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM clients WHERE owner_id = ${userId})
      AND NOT EXISTS (SELECT 1 FROM orders WHERE created_by = ${userId})`;
  return true;
}

/** Of `clients c`. */
function living(sql: SqlRunner, userId: string) {
  return sql`c.owner_id = ${userId} AND c.deleted_at IS NULL`;
}

/** Of `users o`. */
function administers(sql: SqlRunner) {
  return sql`o.role = 'admin' AND o.is_active AND o.blocked_at IS NULL`;
}
