// The database role the pools work under: it may read the books, and write them only through the metering functions.

import type { Sql } from './sql.ts';

const ROLE = 'frontdesk_app';

/** Any number that nobody else locks: processes that start at once take turns. */
const LOCK = 7_462_003;

/** Gives the role what it may do with the columns of this version. With the login role, after the migrations. */
export async function grantApplicationRole(sql: Sql): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`SELECT pg_advisory_xact_lock(${LOCK})`;
    await tx`SELECT grant_application()`;
  });
}

/**
 * The role that sql/0002_metering.sql made, if the login role may take it on; undefined where it could make none, and
 * only the triggers guard the books. Asked after the migrations, with the login role.
 */
export async function applicationRole(sql: Sql): Promise<string | undefined> {
  const [row] = await sql<[{ usable: boolean }]>`
    SELECT COALESCE(bool_or(pg_has_role(current_user, oid, 'MEMBER')
      AND has_table_privilege(oid, 'clients', 'SELECT')), false) AS usable
    FROM pg_roles WHERE rolname = ${ROLE}
  `;
  return row.usable ? ROLE : undefined;
}
