// The first start: the administrator of the configuration, the demo in the sandbox, and nothing twice.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '../../../src/config.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { verifyPassword } from '../../../src/lib/passwords.ts';
import { demo } from '../../../src/start/sandbox/demo.ts';
import { seed } from '../../../src/start/sandbox/seed.ts';
import { findLogin } from '../../../src/store/accounts/users.ts';
import { findCalledClient } from '../../../src/store/clients/clients.ts';
import { testDatabase } from '../../support/database/database.ts';

const admin = { ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: 'correct horse battery' };

test('an administrator and a demo, once', async (t) => {
  const { connection, database } = await testDatabase(t);
  const sql = database.general;
  const parts = { connection, clock: systemClock, log: quietLog };
  for (let start = 0; start < 2; start += 1) {
    await seed({ ...parts, config: readConfig(admin) });
    const admins =
      await sql`SELECT 1 FROM users WHERE email = ${admin.ADMIN_EMAIL} AND role = 'admin'`;
    assert.equal(admins.length, 1);
    assert.equal((await sql`SELECT 1 FROM clients`).length, 1);
  }
  const changed = { ...admin, ADMIN_PASSWORD: 'another password' };
  await seed({ ...parts, config: readConfig(changed) });
  const found = await findLogin(sql, 'ADMIN@example.com');
  assert.ok(await verifyPassword(admin.ADMIN_PASSWORD, found?.passwordHash ?? null));
  assert.ok(await findCalledClient(sql, demo.phoneNumber));
});

test('outside the sandbox there is no demo', async (t) => {
  const { connection, database } = await testDatabase(t);
  const keys = { JWT_SECRET: 'x'.repeat(32), SEALING_KEY: 'y'.repeat(32), SANDBOX: 'off' };
  const config = readConfig({ ...keys, ...admin });
  await seed({ config, connection, clock: systemClock, log: quietLog });
  assert.equal((await database.general`SELECT 1 FROM clients`).length, 0);
  assert.equal((await database.general`SELECT 1 FROM users`).length, 1);
});
