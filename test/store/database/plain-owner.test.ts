// A database whose owner is no superuser, as rented ones are: it is made, it meters, and it is guarded.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { systemClock } from '../../../src/lib/clock.ts';
import { newId } from '../../../src/lib/ids.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { prepareDatabase } from '../../../src/start/prepare-database.ts';
import { openApplicationRole } from '../../../src/store/database/application-role.ts';
import { withDatabase } from '../../../src/store/database/connection.ts';
import { openDatabase, openMaintenance } from '../../../src/store/database/sql.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { admitLease, settleLease } from '../../../src/store/money/leases.ts';
import { booksOf, clientWithCredit } from '../../billing/metering/meter-fixture.ts';
import { emptyDatabase, testDatabase } from '../../support/database/database.ts';

const parts = { clock: systemClock, log: quietLog };

test('an owner without any special right starts, meters and cannot write the books by hand', async (t) => {
  const sql = await ownedByNobodySpecial(t);
  const clientId = await clientWithCredit(sql, 100);
  const lease = {
    leaseId: newId(0),
    clientId,
    callSid: 'CA1',
    streamSid: 'MZ1',
    owner: 'test',
    headroomSeconds: 15,
    secondsMin: 5,
    leaseSeconds: 30,
  };
  const admission = await admitLease(sql, lease);
  assert.equal(admission.status, 'ok');
  const settled = { leaseId: lease.leaseId, epoch: 1, usedSeconds: 12, reason: 'stop' } as const;
  assert.equal((await settleLease(sql, settled)).status, 'ok');
  assert.equal((await booksOf(sql, clientId)).balance, 88);
  await assert.rejects(
    Promise.resolve(sql`UPDATE clients SET balance_seconds = 900 WHERE id = ${clientId}`),
    /only the metering functions/,
  );
});

test('no function has a setting that only a superuser could restore from a dump', async (t) => {
  const { database } = await testDatabase(t);
  const special = await database.general`
    SELECT proname, setting FROM pg_proc, unnest(proconfig) AS setting
    WHERE pronamespace = 'public'::regnamespace AND setting NOT LIKE 'search_path=%'
  `;
  assert.deepEqual([...special], []);
});

test('a dump that was restored without privileges has them again after the start', async (t) => {
  const { connection, database } = await testDatabase(t);
  const sql = openMaintenance({ ...parts, connection });
  t.after(() => sql.end());
  const role = await openApplicationRole(sql);
  if (role === undefined) return t.skip('this server lets us make no roles');
  await sql.unsafe(`
    REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ${role};
    REVOKE ALL ON SCHEMA public FROM ${role};
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO PUBLIC;
  `);
  assert.equal(await prepareDatabase({ ...parts, connection }), role);
  const clientId = await clientWithCredit(database.general, 0);
  const asRole = (statement: string) =>
    sql.begin(async (tx) => {
      await tx.unsafe(`SET LOCAL ROLE ${role}`);
      await tx.unsafe(statement);
    });
  await asRole(`UPDATE clients SET name = 'Renamed' WHERE id = '${clientId}'`);
  await assert.rejects(asRole(`UPDATE clients SET balance_seconds = 9`), { code: '42501' });
  await assert.rejects(asRole(`SELECT pay_lock('pi')`), { code: '42501' });
});

/** A migrated database of a role that may do nothing but log in. */
async function ownedByNobodySpecial(t: TestContext): Promise<Sql> {
  const password = randomBytes(12).toString('hex');
  const role = `owner_${randomBytes(6).toString('hex')}`;
  const url = new URL(await emptyDatabase(t));
  const superuser = openMaintenance({ ...parts, connection: withDatabase(url.href, 'postgres') });
  // By then the database is gone, and with it all that the role owned.
  t.after(async () => {
    await superuser.unsafe(`DROP ROLE ${role}`);
    await superuser.end();
  });
  await superuser.unsafe(`
    CREATE ROLE ${role} LOGIN PASSWORD '${password}';
    ALTER DATABASE ${url.pathname.slice(1)} OWNER TO ${role};
  `);
  url.username = role;
  url.password = password;
  assert.equal(await prepareDatabase({ ...parts, connection: url.href }), undefined);
  const database = openDatabase({ ...parts, connection: url.href });
  t.after(() => database.close());
  return database.general;
}
