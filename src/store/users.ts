// Owners and administrators.

import type { Sql } from './sql.ts';

export interface NewUser {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: 'user' | 'moderator' | 'admin';
}

/** Adds the user unless the e-mail address is known; gives the id either way. The username is the address. */
export async function saveUser(sql: Sql, { id, email, name, role }: NewUser): Promise<string> {
  const [row] = await sql<{ id: string }[]>`
    INSERT INTO users (id, email, username, name, role) VALUES (${id}, ${email}, ${email}, ${name}, ${role})
    ON CONFLICT (email) DO UPDATE SET email = excluded.email
    RETURNING id`;
  if (!row) throw new Error('an upsert gives a row');
  return row.id;
}
