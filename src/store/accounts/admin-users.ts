// Users as administrators see them: found, counted, made, changed, removed.

import { COUNTED_MAX, keyText, toPage } from '../database/keyset.ts';
import type { Page, PageQuery } from '../database/keyset.ts';
import { revokeFamiliesOf } from './refresh-tokens.ts';
import { deleteSessionsOf } from './sessions.ts';
import { containing } from '../database/search-text.ts';
import type { Sql, SqlRunner } from '../database/sql.ts';
import { idempotent, violatedConstraint } from '../database/store-error.ts';
import type { Role, UserType } from './users.ts';

export type UserStatus = 'active' | 'blocked' | 'inactive';

export interface ListedUser {
  readonly id: string;
  readonly username: string;
  readonly email: string | null;
  readonly role: Role;
  readonly type: UserType;
  readonly status: UserStatus;
  readonly createdAt: Date;
}

/** Newest first; with `q` those that have it in their name or e-mail address. */
export async function listUsers(
  sql: Sql,
  { limit, offset, after, q }: PageQuery & { readonly q?: string | undefined },
): Promise<Page<ListedUser>> {
  const pattern = q === undefined ? '%' : containing(q);
  const found = sql`u.deleted_at IS NULL AND (u.username ILIKE ${pattern} OR u.email ILIKE ${pattern})`;
  const beyond = after
    ? sql`AND (u.created_at, u.id) < (${after.at}::text::timestamptz, ${after.id}::uuid)`
    : sql``;
  const [rows, [counted]] = await idempotent(() =>
    Promise.all([
      sql<(ListedUser & { key: string })[]>`
        SELECT ${columns(sql)}, ${keyText(sql, sql`u.created_at`)} AS key FROM users u WHERE ${found} ${beyond}
        ORDER BY u.created_at DESC, u.id DESC LIMIT ${limit + 1} OFFSET ${offset}`,
      sql<
        { total: number }[]
      >`SELECT count(*) AS total FROM (SELECT 1 FROM users u WHERE ${found} LIMIT ${COUNTED_MAX}) counted`,
    ]),
  );
  return toPage(rows, counted?.total ?? 0, limit);
}

export async function countUsers(
  sql: Sql,
): Promise<Readonly<Record<UserStatus | 'total', number>>> {
  const [row] = await idempotent(
    () => sql<[Record<UserStatus | 'total', number>]>`
      SELECT count(*) AS total, count(*) FILTER (WHERE status = 'active') AS active,
        count(*) FILTER (WHERE status = 'blocked') AS blocked, count(*) FILTER (WHERE status = 'inactive') AS inactive
      FROM (SELECT ${status(sql)} AS status FROM users u WHERE deleted_at IS NULL) s`,
  );
  return row;
}

export async function findUser(sql: Sql, id: string): Promise<ListedUser | undefined> {
  const [row] = await idempotent(
    () =>
      sql<
        ListedUser[]
      >`SELECT ${columns(sql)} FROM users u WHERE id = ${id} AND deleted_at IS NULL`,
  );
  return row;
}

export interface UserSettings {
  readonly username: string;
  readonly email: string | null;
  readonly role: Role;
  readonly type: UserType;
  readonly status: UserStatus;
  readonly passwordHash: string | undefined;
}

/** Which of the two is somebody else's. */
export type Taken = 'username' | 'email';

export async function insertUser(
  sql: Sql,
  id: string,
  given: UserSettings,
): Promise<ListedUser | Taken> {
  return guarded(async () => {
    const [row] = await sql<ListedUser[]>`
      INSERT INTO users AS u (id, username, email, name, role, type, password_hash, is_active, blocked_at)
      VALUES (${id}, ${given.username}, ${given.email?.toLowerCase() ?? null}, ${given.username.slice(0, 200)},
        ${given.role}, ${given.type}, ${given.passwordHash ?? null}, ${given.status === 'active'},
        CASE WHEN ${given.status === 'blocked'} THEN clock_timestamp() END)
      RETURNING ${columns(sql)}`;
    return row!;
  });
}

/** Changes what is given. Who is no longer active, or has a new password or role, is logged out everywhere. */
export async function updateUser(
  sql: Sql,
  id: string,
  given: { [Name in keyof UserSettings]?: UserSettings[Name] | undefined },
): Promise<ListedUser | Taken | undefined> {
  return guarded(() =>
    sql.begin(async (tx) => {
      const { username = null, email, role = null, type = null, passwordHash = null } = given;
      const { status: wanted = null } = given;
      const [before] = await tx<{ role: Role }[]>`
        SELECT role FROM users WHERE id = ${id} AND deleted_at IS NULL FOR NO KEY UPDATE`;
      if (!before) return undefined;
      const [row] = await tx<ListedUser[]>`
        UPDATE users AS u SET username = coalesce(${username}, username),
          email = CASE WHEN ${email !== undefined} THEN ${email?.toLowerCase() ?? null} ELSE email END,
          role = coalesce(${role}, role), type = coalesce(${type}, type),
          password_hash = coalesce(${passwordHash}, password_hash),
          is_active = CASE WHEN ${wanted}::text IS NULL THEN is_active ELSE ${wanted} = 'active' END,
          blocked_at = CASE WHEN ${wanted}::text IS NULL THEN blocked_at
            WHEN ${wanted} = 'blocked' THEN coalesce(blocked_at, clock_timestamp()) END,
          updated_at = clock_timestamp()
        WHERE id = ${id} RETURNING ${columns(tx)}`;
      const changed = role !== null && role !== before.role;
      if (passwordHash !== null || changed || (wanted !== null && wanted !== 'active')) {
        await deleteSessionsOf(tx, id, undefined);
        await revokeFamiliesOf(tx, id, undefined);
      }
      return row;
    }),
  );
}

/** `in the books` when clients belong to the user, or were paid for by them. Their own chats and sessions go with them. */
export async function deleteUser(
  sql: Sql,
  id: string,
): Promise<'deleted' | 'in the books' | 'none'> {
  return idempotent(() =>
    sql.begin(async (tx) => {
      const [found] =
        await tx`SELECT 1 FROM users WHERE id = ${id} AND deleted_at IS NULL FOR UPDATE`;
      if (!found) return 'none';
      const [named] = await tx`
        SELECT 1 WHERE EXISTS (SELECT 1 FROM clients WHERE owner_id = ${id})
          OR EXISTS (SELECT 1 FROM orders WHERE created_by = ${id})`;
      if (named) return 'in the books';
      await tx`DELETE FROM users WHERE id = ${id}`;
      return 'deleted';
    }),
  );
}

async function guarded<T>(act: () => PromiseLike<T>): Promise<T | Taken> {
  try {
    return await act();
  } catch (error) {
    const constraint = violatedConstraint(error) ?? '';
    if (constraint.startsWith('users_username')) return 'username';
    if (constraint.startsWith('users_email')) return 'email';
    throw error;
  }
}

function status(sql: SqlRunner) {
  return sql`
    CASE WHEN u.blocked_at IS NOT NULL THEN 'blocked' WHEN u.is_active THEN 'active' ELSE 'inactive' END`;
}

function columns(sql: SqlRunner) {
  return sql`
    u.id, u.username, u.email, u.role, u.type, ${status(sql)} AS status, u.created_at AS "createdAt"`;
}
