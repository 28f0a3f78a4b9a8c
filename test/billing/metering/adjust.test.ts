// An administrator's adjustments: checked, named, and made once.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { adjustBalance } from '../../../src/billing/metering/adjust.ts';
import { newId } from '../../../src/lib/ids.ts';
import { listLedgerEntries } from '../../../src/store/money/ledger-entries.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { testDatabase } from '../../support/database/database.ts';
import type { TestDatabase } from '../../support/database/database.ts';
import { booksOf, clientWithCredit } from './meter-fixture.ts';

let db: TestDatabase;
let sql: Sql;
before(async () => {
  db = await testDatabase();
  sql = db.database.general;
});
after(() => db.close());

const fields = { reason: 'Paid by cheque', by: 'admin@example.com' };

test('seconds are given and taken, once for each request, with who and why', async () => {
  const clientId = await clientWithCredit(sql, 0);
  const gift = { ...fields, clientId, deltaSeconds: 3600, idemKey: newId(0) };
  assert.equal(await adjustBalance(sql, gift), 'ok');
  assert.equal(await adjustBalance(sql, gift), 'duplicate');
  await assert.rejects(adjustBalance(sql, { ...gift, deltaSeconds: 3601 }), { code: 'conflict' });
  await adjustBalance(sql, { ...fields, clientId, deltaSeconds: -4000, idemKey: newId(0) });
  const { balance, debt } = await booksOf(sql, clientId);
  assert.deepEqual({ balance, debt }, { balance: 0, debt: 400 });
  const entries = await listLedgerEntries(sql, clientId, { limit: 10 });
  assert.deepEqual(
    entries.map(({ kind, deltaSeconds, meta }) => ({ kind, deltaSeconds, meta })),
    [
      { kind: 'adjust', deltaSeconds: -4000, meta: fields },
      { kind: 'adjust', deltaSeconds: 3600, meta: fields },
    ],
  );
});

for (const [what, wrong, field] of [
  ['nothing', { deltaSeconds: 0 }, 'delta_seconds'],
  ['half a second', { deltaSeconds: 0.5 }, 'delta_seconds'],
  ['no number', { deltaSeconds: Number.NaN }, 'delta_seconds'],
  ['a century', { deltaSeconds: 3_155_760_000 }, 'delta_seconds'],
  ['no reason', { reason: '  ' }, 'reason'],
  ['a novel', { reason: 'x'.repeat(501) }, 'reason'],
  ['no key', { idemKey: '' }, 'idem_key'],
] as const) {
  test(`${what} is refused, naming the field`, async () => {
    const clientId = await clientWithCredit(sql, 0);
    const adjustment = { ...fields, clientId, deltaSeconds: 60, idemKey: newId(0), ...wrong };
    await assert.rejects(adjustBalance(sql, adjustment), (error: Error & { fields: object }) => {
      assert.deepEqual(Object.keys(error.fields), [field]);
      return true;
    });
    assert.equal((await listLedgerEntries(sql, clientId, { limit: 1 })).length, 0);
  });
}

test('a client that is not there is not found', async () => {
  const adjustment = { ...fields, clientId: newId(0), deltaSeconds: 60, idemKey: newId(0) };
  await assert.rejects(adjustBalance(sql, adjustment), { code: 'not_found' });
});
