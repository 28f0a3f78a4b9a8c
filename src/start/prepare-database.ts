// Brings the database up to this version, and finds the role that the product may work under.

import { fileURLToPath } from 'node:url';
import type { Log } from '../lib/log.ts';
import { openApplicationRole } from '../store/database/application-role.ts';
import { migrate } from '../store/database/migrate.ts';
import { openMaintenance } from '../store/database/sql.ts';
import type { DatabaseOptions } from '../store/database/sql.ts';

/** Undefined where the login role may make no other: then only triggers guard the books, and the log says so. */
export async function prepareDatabase(options: DatabaseOptions): Promise<string | undefined> {
  const directory = fileURLToPath(new URL('../../sql', import.meta.url));
  await migrate({ ...options, directory });
  const sql = openMaintenance(options);
  try {
    const role = await openApplicationRole(sql);
    if (role === undefined) noteMissingRole(options.log);
    return role;
  } finally {
    await sql.end();
  }
}

function noteMissingRole(log: Log): void {
  log.warn(
    'the database has no role of its own for the product: the books are guarded by triggers only',
  );
}
