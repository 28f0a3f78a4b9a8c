// The books: entries that post once, a balance that cannot be written by hand, and an audit that bars and never repairs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { newId } from '../../../src/lib/ids.ts';
import {
  auditBooks,
  findBalance,
  listLedgerEntries,
  postEntry,
} from '../../../src/store/money/ledger-entries.ts';
import type { NewEntry } from '../../../src/store/money/ledger-entries.ts';
import { admitLease, beatLease, settleLease } from '../../../src/store/money/leases.ts';
import { openApplicationRole } from '../../../src/store/database/application-role.ts';
import type { Sql, Transaction } from '../../../src/store/database/sql.ts';
import { sqlState } from '../../../src/store/database/store-error.ts';
import { booksOf, clientWithCredit } from '../../billing/metering/meter-fixture.ts';
import { testDatabase } from '../../support/database/database.ts';
import type { TestDatabase } from '../../support/database/database.ts';

let db: TestDatabase;
let sql: Sql;
before(async () => {
  db = await testDatabase();
  sql = db.database.general;
});
after(() => db.close());

const post = (entry: Partial<NewEntry> & { clientId: string; deltaSeconds: number }) =>
  postEntry(sql, { kind: 'adjust', idemKey: newId(0), meta: {}, ...entry });

const admit = (clientId: string, leaseId = newId(0)) =>
  admitLease(sql, {
    leaseId,
    clientId,
    callSid: leaseId,
    streamSid: leaseId,
    owner: 'test',
    headroomSeconds: 15,
    secondsMin: 5,
    leaseSeconds: 30,
  });

/** What a fault in a metering function could do: the triggers take it for one. */
const asMetering = (act: (tx: Transaction) => Promise<unknown>) =>
  sql.begin(async (tx) => {
    await tx`SELECT set_config('search_path', 'public, frontdesk_metering', true)`;
    await act(tx);
  });

test('a key moves seconds once, also when 16 ask at the same moment', async () => {
  const clientId = await clientWithCredit(sql, 0);
  const idemKey = newId(0);
  const answers = await Promise.all(
    Array.from({ length: 16 }, () => post({ clientId, deltaSeconds: 60, idemKey })),
  );
  assert.deepEqual(answers.toSorted(), [...Array(15).fill('duplicate'), 'ok']);
  assert.equal((await booksOf(sql, clientId)).balance, 60);
});

test('a key that was used for something else is a conflict', async () => {
  const clientId = await clientWithCredit(sql, 0);
  const idemKey = newId(0);
  assert.equal(await post({ clientId, deltaSeconds: 60, idemKey }), 'ok');
  assert.equal(await post({ clientId, deltaSeconds: 61, idemKey }), 'conflict');
  assert.equal(await post({ clientId: newId(0), deltaSeconds: 60 }), 'no_client');
  assert.equal((await booksOf(sql, clientId)).balance, 60);
});

test('taking back what was spent becomes a debt that the next seconds pay first', async () => {
  const clientId = await clientWithCredit(sql, 100);
  await post({ clientId, kind: 'refund', deltaSeconds: -130 });
  assert.deepEqual(await findBalance(sql, clientId), {
    balanceSeconds: 0,
    liveSeconds: 0,
    freeSeconds: 0,
    debtSeconds: 30,
  });
  await post({ clientId, kind: 'topup', deltaSeconds: 50 });
  const { balance, debt, clean } = await booksOf(sql, clientId);
  assert.deepEqual({ balance, debt, clean }, { balance: 20, debt: 0, clean: true });
});

test('seconds beyond 2^31 are counted', async () => {
  const clientId = await clientWithCredit(sql, 0);
  await post({ clientId, deltaSeconds: 2 ** 40 });
  assert.equal((await findBalance(sql, clientId))?.balanceSeconds, 2 ** 40);
});

test('the live balance falls with the beats of running calls', async () => {
  const clientId = await clientWithCredit(sql, 100);
  const leaseId = newId(0);
  await admit(clientId, leaseId);
  await beatLease(sql, {
    leaseId,
    epoch: 1,
    usedSeconds: 7,
    headroomSeconds: 15,
    leaseSeconds: 30,
  });
  assert.deepEqual(await findBalance(sql, clientId), {
    balanceSeconds: 100,
    liveSeconds: 93,
    freeSeconds: 78,
    debtSeconds: 0,
  });
});

test('entries are listed newest first, page by page', async () => {
  const clientId = await clientWithCredit(sql, 0);
  for (const deltaSeconds of [1, 2, 3]) await post({ clientId, deltaSeconds, meta: { by: 'me' } });
  const page = await listLedgerEntries(sql, clientId, { limit: 2 });
  assert.deepEqual(
    page.map((entry) => entry.deltaSeconds),
    [3, 2],
  );
  assert.deepEqual(page[0]?.meta, { by: 'me' });
  const rest = await listLedgerEntries(sql, clientId, { limit: 2, before: page[1]!.id });
  assert.deepEqual(
    rest.map((entry) => entry.deltaSeconds),
    [1],
  );
});

describe('statements that would change the books by hand are refused', () => {
  const statements = {
    'update an entry': 'UPDATE ledger SET delta_seconds = 1',
    'delete an entry': 'DELETE FROM ledger',
    'empty the ledger': 'TRUNCATE ledger',
    'empty the clients with it': 'TRUNCATE clients CASCADE',
    'insert an entry': `INSERT INTO ledger (client_id, kind, delta_seconds, idem_key) SELECT id, 'topup', 1, 'x' FROM clients LIMIT 1`,
    'raise a balance': 'UPDATE clients SET balance_seconds = balance_seconds + 1',
    'free a reservation': 'UPDATE clients SET reserved_seconds = 1',
    'make a debt':
      'UPDATE clients SET debt_seconds = debt_seconds + 1, balance_seconds = reserved_seconds',
    'start with a balance': `INSERT INTO clients SELECT (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(), 'phone_number', null, 'balance_seconds', 5))).* FROM clients c LIMIT 1`,
    'make a lease': `INSERT INTO call_leases (id, client_id, call_sid, stream_sid, owner, granted_seconds, expires_at) SELECT gen_random_uuid(), id, 'c', 's', 'o', 1, now() FROM clients LIMIT 1`,
    'change a lease': 'UPDATE call_leases SET expires_at = now()',
    'delete a lease': 'DELETE FROM call_leases',
  };
  const asApplication = {
    ...statements,
    'clear the audit': 'UPDATE clients SET audit_failed_at = NULL',
    'call an inner step': `SELECT meter_extend(id, client_id, 100) FROM call_leases`,
    'close a lease without a lock': `SELECT meter_close(l, 1, 'stop') FROM call_leases l`,
    'grant itself more': 'SELECT grant_application()',
    'switch a trigger off': 'ALTER TABLE ledger DISABLE TRIGGER ALL',
    'replace a function': `CREATE OR REPLACE FUNCTION ledger_frozen() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`,
  };

  before(async () => {
    await admit(await clientWithCredit(sql, 100));
  });

  for (const [what, statement] of Object.entries(statements)) {
    test(`by the owner of the tables: ${what}`, async () => {
      const state = await refusal(() => sql.unsafe(statement));
      assert.ok(state === '55000' || state === '42501', `${statement}: ${state}`);
    });
  }
  for (const [what, statement] of Object.entries(asApplication)) {
    test(`by the application: ${what}`, async (t) => {
      const role = await openApplicationRole(sql);
      if (role === undefined) return t.skip('this server lets us make no roles');
      const state = await refusal(() =>
        sql.begin(async (tx) => {
          await tx.unsafe(`SET LOCAL ROLE ${role}`);
          await tx.unsafe(statement);
        }),
      );
      assert.equal(state, '42501', statement);
    });
  }

  test('the application can do its work', async (t) => {
    const role = await openApplicationRole(sql);
    if (role === undefined) return t.skip('this server lets us make no roles');
    const clientId = await clientWithCredit(sql, 0);
    await sql.begin(async (tx) => {
      await tx.unsafe(`SET LOCAL ROLE ${role}`);
      await tx`UPDATE clients SET name = 'Renamed', is_active = true WHERE id = ${clientId}`;
      await tx`SELECT meter_post(${clientId}, 'adjust', 50, ${clientId}, '{}')`;
      await tx`SELECT meter_admit(${newId(0)}, ${clientId}, 'CA-work', 'MZ-work', 'o', 15, 5, '30 s')`;
      await tx`SELECT * FROM ledger, call_leases, meter_audit LIMIT 1`;
      await tx`SELECT * FROM meter_audit_mark()`;
      await tx`INSERT INTO stream_tokens (token_hash, client_id, call_sid, expires_at) VALUES ('x', ${clientId}, 'x', now())`;
      await tx`DELETE FROM stream_tokens WHERE token_hash = 'x'`;
    });
    assert.equal((await booksOf(sql, clientId)).reserved, 15);
  });
});

test('books that disagree bar new calls, once, and are not repaired', async () => {
  const clientId = await clientWithCredit(sql, 100);
  const well = await clientWithCredit(sql, 100);
  await asMetering((tx) => tx`UPDATE clients SET balance_seconds = 101 WHERE id = ${clientId}`);
  assert.deepEqual(
    [...(await auditBooks(sql))],
    [{ clientId, netSeconds: 101, ledgerSeconds: 100, reservedSeconds: 0, leaseSeconds: 0 }],
  );
  assert.deepEqual([...(await auditBooks(sql))], []);
  assert.equal((await admit(clientId)).status, 'inactive');
  assert.equal((await admit(well)).status, 'ok');
  assert.equal((await booksOf(sql, clientId)).balance, 101);
});

test('seconds that are reserved for nobody disagree as well', async () => {
  const clientId = await clientWithCredit(sql, 100);
  await asMetering((tx) => tx`UPDATE clients SET reserved_seconds = 7 WHERE id = ${clientId}`);
  const found = await auditBooks(sql);
  assert.deepEqual(
    found.find((each) => each.clientId === clientId),
    { clientId, netSeconds: 100, ledgerSeconds: 100, reservedSeconds: 7, leaseSeconds: 0 },
  );
});

test('what is settled stays as it is, whoever writes', async () => {
  const clientId = await clientWithCredit(sql, 100);
  const leaseId = newId(0);
  await admit(clientId, leaseId);
  await settleLease(sql, { leaseId, epoch: 1, usedSeconds: 3, reason: 'stop' });
  const change = () =>
    asMetering((tx) => tx`UPDATE call_leases SET used_seconds = 0 WHERE id = ${leaseId}`);
  assert.equal(await refusal(change), '55000');
  assert.equal(await refusal(() => asMetering((tx) => tx`TRUNCATE call_leases`)), '55000');
});

/** The SQLSTATE a statement is refused with; undefined when it is not. */
async function refusal(act: () => PromiseLike<unknown>): Promise<string | undefined> {
  try {
    await act();
    return undefined;
  } catch (error) {
    return sqlState(error);
  }
}
