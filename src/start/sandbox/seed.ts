// What must be there on the first start: the administrator from the configuration, and the demo in the sandbox.

import type { Config } from '../../config.ts';
import type { Clock } from '../../lib/clock.ts';
import { newId } from '../../lib/ids.ts';
import type { Log } from '../../lib/log.ts';
import { hashPassword } from '../../lib/passwords.ts';
import { openDatabase } from '../../store/database/sql.ts';
import { ensureAdministrator, findPasswordHash, saveUser } from '../../store/accounts/users.ts';
import type { Client } from '../../store/clients/clients.ts';
import { ensureDemo } from './demo.ts';

export interface SeedParts {
  readonly config: Config;
  readonly connection: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Makes what is missing and leaves what is there. Gives the demo client, in the sandbox. */
export async function seed({
  config,
  connection,
  clock,
  log,
}: SeedParts): Promise<Client | undefined> {
  const database = openDatabase({ connection, clock, log });
  try {
    const sql = database.general;
    if (config.admin) {
      const { email, password } = config.admin;
      const id = newId(clock.now());
      const administrator = await saveUser(sql, { id, email, name: email, role: 'admin' });
      const hash = await findPasswordHash(sql, administrator);
      await ensureAdministrator(sql, administrator, hash ?? (await hashPassword(password)));
    }
    return config.sandbox === 'off' ? undefined : await ensureDemo({ sql, clock });
  } finally {
    await database.close();
  }
}
