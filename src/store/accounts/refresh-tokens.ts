// Logins of programs: refresh tokens that are good once, in families that end together when one is used again.

import { createHash } from 'node:crypto';
import type { Sql, SqlRunner } from '../database/sql.ts';
import { userColumns } from './users.ts';
import type { User } from './users.ts';

/** A family ends this long after the login, however often it was refreshed. */
const FAMILY_SECONDS = 30 * 24 * 3600;
/** Two tabs of a browser may use one token this close together; both get the same new one. */
const RACE_SECONDS = 10;

/** Starts a family with its first refresh token. */
export async function createTokenFamily(
  sql: Sql,
  { id, userId, token }: { id: string; userId: string; token: string },
): Promise<void> {
  await sql`
    WITH family AS (
      INSERT INTO token_families (id, user_id, expires_at)
      VALUES (${id}, ${userId}, clock_timestamp() + make_interval(secs => ${FAMILY_SECONDS}))
      RETURNING id
    )
    INSERT INTO refresh_tokens (token_hash, family_id) SELECT ${hash(token)}, id FROM family`;
}

export interface Refreshed {
  readonly user: User;
  readonly familyId: string;
  /** When the token was first used: the same for all who use it in the race. */
  readonly usedAt: Date;
}

/**
 * Uses `token` up and puts `successor` in its place. Undefined when it is unknown, its family has ended or its user may
 * not log in; and when it was used before the race's seconds: then somebody has copied it, and the whole family ends.
 */
export async function useRefreshToken(
  sql: Sql,
  token: string,
  successor: string,
): Promise<Refreshed | undefined> {
  return sql.begin(async (tx) => {
    const [row] = await tx<(Refreshed & { late: boolean })[]>`
      WITH used AS (
        UPDATE refresh_tokens SET used_at = coalesce(used_at, clock_timestamp())
        WHERE token_hash = ${hash(token)}
        RETURNING family_id, used_at
      )
      SELECT used.family_id AS "familyId", used.used_at AS "usedAt",
        used.used_at < clock_timestamp() - make_interval(secs => ${RACE_SECONDS}) AS late,
        (SELECT row_to_json(found) FROM (
          SELECT u.id FROM token_families f JOIN users u ON u.id = f.user_id
          WHERE f.id = used.family_id AND f.revoked_at IS NULL AND f.expires_at > clock_timestamp()
            AND u.is_active AND u.blocked_at IS NULL) found) AS user
      FROM used`;
    if (!row?.user) return undefined;
    const { familyId, usedAt, late } = row;
    if (late) {
      await tx`UPDATE token_families SET revoked_at = clock_timestamp() WHERE id = ${familyId}`;
      return undefined;
    }
    await tx`
      INSERT INTO refresh_tokens (token_hash, family_id) VALUES (${hash(successor)}, ${familyId})
      ON CONFLICT DO NOTHING`;
    const [user] = await tx<User[]>`
      SELECT ${userColumns(tx as unknown as Sql)} FROM users u WHERE u.id = ${row.user.id}`;
    return user && { user, familyId, usedAt };
  });
}

/** Who an access token of this family stands for; undefined once the family has ended or the user may not log in. */
export async function findFamilyUser(
  sql: Sql,
  familyId: string,
  userId: string,
): Promise<User | undefined> {
  const [row] = await sql<User[]>`
    SELECT ${userColumns(sql)} FROM token_families f JOIN users u ON u.id = f.user_id
    WHERE f.id = ${familyId} AND f.user_id = ${userId} AND f.revoked_at IS NULL
      AND f.expires_at > clock_timestamp() AND u.is_active AND u.blocked_at IS NULL`;
  return row;
}

/** Ends the family that the token belongs to, used or not. */
export async function revokeFamilyOf(sql: Sql, token: string): Promise<void> {
  await sql`
    UPDATE token_families SET revoked_at = clock_timestamp()
    WHERE revoked_at IS NULL
      AND id = (SELECT family_id FROM refresh_tokens WHERE token_hash = ${hash(token)})`;
}

export async function revokeFamilyById(sql: Sql, id: string): Promise<void> {
  await sql`
    UPDATE token_families SET revoked_at = clock_timestamp() WHERE id = ${id} AND revoked_at IS NULL`;
}

/** Ends the user's families, but for `exceptId`. */
export async function revokeFamiliesOf(
  sql: SqlRunner,
  userId: string,
  exceptId?: string,
): Promise<void> {
  await sql`
    UPDATE token_families SET revoked_at = clock_timestamp()
    WHERE user_id = ${userId} AND revoked_at IS NULL AND id IS DISTINCT FROM ${exceptId ?? null}::uuid`;
}

/** Forgets families that are over, with their tokens. */
export async function deleteEndedFamilies(sql: Sql): Promise<void> {
  await sql`
    DELETE FROM token_families
    WHERE expires_at < clock_timestamp() OR revoked_at < clock_timestamp() - interval '1 day'`;
}

function hash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
