// Owners, moderators and administrators: who they are, what opens their account, what they prefer.

import type { Sql } from '../database/sql.ts';
import { violatedConstraint } from '../database/store-error.ts';

export type Role = 'user' | 'moderator' | 'admin';
export type UserType = 'owner' | 'patient';

/** Somebody who may log in. */
export interface User {
  readonly id: string;
  /** Null for users that an administrator made without one. */
  readonly email: string | null;
  readonly username: string;
  readonly name: string;
  readonly role: Role;
  readonly type: UserType;
  readonly createdAt: Date;
}

export interface Preferences {
  readonly preferredVoice: string;
  readonly preferredLanguage: string;
  readonly favoriteTopics: readonly string[];
  readonly systemPromptOverride: string;
}

export interface NewUser {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly passwordHash?: string;
  readonly googleSubject?: string;
}

/** Adds the user unless the e-mail address is known; gives the id either way. The username is the address. */
export async function saveUser(sql: Sql, user: NewUser): Promise<string> {
  const { id, email, name, role, passwordHash = null } = user;
  const address = email.toLowerCase();
  const [row] = await sql<{ id: string }[]>`
    INSERT INTO users (id, email, username, name, role, password_hash)
    VALUES (${id}, ${address}, ${address}, ${name}, ${role}, ${passwordHash})
    ON CONFLICT (email) DO UPDATE SET email = excluded.email
    RETURNING id`;
  if (!row) throw new Error('an upsert gives a row');
  return row.id;
}

/** Adds the user; undefined when the address, as e-mail or as username, is somebody's already. */
export async function createUser(sql: Sql, user: NewUser): Promise<User | undefined> {
  const address = user.email.toLowerCase();
  const [row] = await sql<User[]>`
    INSERT INTO users AS u (id, email, username, name, role, password_hash, google_subject)
    VALUES (${user.id}, ${address}, ${address}, ${user.name}, ${user.role}, ${user.passwordHash ?? null},
      ${user.googleSubject ?? null})
    ON CONFLICT DO NOTHING
    RETURNING ${userColumns(sql)}`;
  return row;
}

/** Makes this user an administrator, with this password where there is none yet. */
export async function ensureAdministrator(
  sql: Sql,
  id: string,
  passwordHash: string,
): Promise<void> {
  await sql`
    UPDATE users SET role = 'admin', password_hash = coalesce(password_hash, ${passwordHash}),
      updated_at = clock_timestamp()
    WHERE id = ${id} AND (role <> 'admin' OR password_hash IS NULL)`;
}

export async function isEmailTaken(sql: Sql, email: string): Promise<boolean> {
  const address = email.toLowerCase();
  const [row] = await sql`
    SELECT 1 FROM users WHERE lower(email) = ${address} OR lower(username) = ${address}`;
  return row !== undefined;
}

/** By e-mail address or username, in letters of any size; an address goes first. Blocked users are found, too. */
export async function findLogin(
  sql: Sql,
  login: string,
): Promise<(User & { passwordHash: string | null; mayLogIn: boolean }) | undefined> {
  const lower = login.toLowerCase();
  const [row] = await sql<(User & { passwordHash: string | null; mayLogIn: boolean })[]>`
    SELECT ${userColumns(sql)}, u.password_hash AS "passwordHash",
      u.is_active AND u.blocked_at IS NULL AS "mayLogIn"
    FROM users u WHERE lower(u.email) = ${lower} OR lower(u.username) = ${lower}
    ORDER BY lower(u.email) = ${lower} DESC NULLS LAST LIMIT 1`;
  return row;
}

/** Nobody who is blocked or inactive. */
export async function findActiveUser(sql: Sql, id: string): Promise<User | undefined> {
  const [row] = await sql<User[]>`
    SELECT ${userColumns(sql)} FROM users u
    WHERE u.id = ${id} AND u.is_active AND u.blocked_at IS NULL`;
  return row;
}

export async function findPasswordHash(sql: Sql, id: string): Promise<string | null> {
  const [row] = await sql<{ passwordHash: string | null }[]>`
    SELECT password_hash AS "passwordHash" FROM users WHERE id = ${id}`;
  return row?.passwordHash ?? null;
}

/** The user that Google's subject stands for, blocked or not. */
export async function findGoogleUser(
  sql: Sql,
  subject: string,
): Promise<(User & { mayLogIn: boolean }) | undefined> {
  const [row] = await sql<(User & { mayLogIn: boolean })[]>`
    SELECT ${userColumns(sql)}, u.is_active AND u.blocked_at IS NULL AS "mayLogIn"
    FROM users u WHERE u.google_subject = ${subject}`;
  return row;
}

/** Lets Google's subject open the account from now on, unless another opens it already. */
export async function linkGoogle(sql: Sql, id: string, subject: string): Promise<boolean> {
  const rows = await sql`
    UPDATE users SET google_subject = ${subject}, updated_at = clock_timestamp()
    WHERE id = ${id} AND google_subject IS NULL RETURNING id`;
  return rows.length > 0;
}

/** Changes what is given. `taken` when the address is somebody else's. A username that was the address stays it. */
export async function saveProfile(
  sql: Sql,
  id: string,
  { name, email }: { name?: string | undefined; email?: string | undefined },
): Promise<'saved' | 'taken'> {
  const address = email?.toLowerCase() ?? null;
  try {
    await sql`
      UPDATE users SET name = coalesce(${name ?? null}, name),
        username = CASE WHEN username = email AND ${address}::text IS NOT NULL THEN ${address} ELSE username END,
        email = coalesce(${address}, email), updated_at = clock_timestamp()
      WHERE id = ${id}`;
    return 'saved';
  } catch (error) {
    if (violatedConstraint(error)?.startsWith('users_')) return 'taken';
    throw error;
  }
}

export async function findPreferences(sql: Sql, id: string): Promise<Preferences> {
  const [row] = await sql<Preferences[]>`
    SELECT preferred_voice AS "preferredVoice", preferred_language AS "preferredLanguage",
      favorite_topics AS "favoriteTopics", system_prompt_override AS "systemPromptOverride"
    FROM users WHERE id = ${id}`;
  if (!row) throw new Error('a user who has logged in has a row');
  return row;
}

/** Changes what is given. */
export async function savePreferences(
  sql: Sql,
  id: string,
  given: { [Name in keyof Preferences]?: Preferences[Name] | undefined },
): Promise<void> {
  const topics = given.favoriteTopics ? [...given.favoriteTopics] : null;
  await sql`
    UPDATE users SET preferred_voice = coalesce(${given.preferredVoice ?? null}, preferred_voice),
      preferred_language = coalesce(${given.preferredLanguage ?? null}, preferred_language),
      favorite_topics = coalesce(${topics}::text[], favorite_topics),
      system_prompt_override = coalesce(${given.systemPromptOverride ?? null}, system_prompt_override),
      updated_at = clock_timestamp()
    WHERE id = ${id}`;
}

/** The columns of `User`, of a table called `u`. */
export function userColumns(sql: Sql) {
  return sql`u.id, u.email, u.username, u.name, u.role, u.type, u.created_at AS "createdAt"`;
}
