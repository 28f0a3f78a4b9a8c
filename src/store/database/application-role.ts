// The database role the pools work under: it may read the books, and write them only through the metering functions.

import type { Sql, SqlRunner } from './sql.ts';

const ROLE = 'frontdesk_app';

/** Any number that nobody else locks: processes that start at once take turns. */
const LOCK = 7_462_003;

/**
 * Gives the role what it may do with the columns of this version, and makes it where a dump was restored on a server that
 * does not know it. With the login role, after the migrations. Undefined where the login role may make none and take on
 * none: then only the triggers guard the books.
 */
export function openApplicationRole(sql: Sql): Promise<string | undefined> {
  return sql.begin(async (tx) => {
    await tx`SELECT pg_advisory_xact_lock(${LOCK})`;
    if (await isUsable(tx)) {
      await tx`SELECT grant_application()`;
      return ROLE;
    }
    const [row] = await tx<[{ made: boolean }]>`SELECT make_application_role() AS made`;
    return row.made ? ROLE : undefined;
  });
}

/** Whether the role is there, may be taken on, and has its rights in this database. */
async function isUsable(sql: SqlRunner): Promise<boolean> {
  const [row] = await sql<[{ usable: boolean }]>`
    SELECT COALESCE(bool_or(pg_has_role(current_user, oid, 'MEMBER')
      AND has_table_privilege(oid, 'clients', 'SELECT')), false) AS usable
    FROM pg_roles WHERE rolname = ${ROLE}
  `;
  return row.usable;
}
