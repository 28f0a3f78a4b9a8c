// What must be there on the first start: the administrator from the configuration, and the demo in the sandbox.

import type { Config } from '../config.ts';
import type { Clock } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import type { Log } from '../lib/log.ts';
import { openDatabase } from '../store/sql.ts';
import { saveUser } from '../store/users.ts';
import type { Client } from '../store/clients.ts';
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
      const { email } = config.admin;
      await saveUser(sql, { id: newId(clock.now()), email, name: email, role: 'admin' });
    }
    return config.sandbox === 'off' ? undefined : await ensureDemo({ sql, clock });
  } finally {
    await database.close();
  }
}
