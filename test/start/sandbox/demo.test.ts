// The demo business: made once, open, with credit, ready to be called.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../src/lib/clock.ts';
import { demo, ensureDemo } from '../../../src/start/sandbox/demo.ts';
import { findCalledClient } from '../../../src/store/clients/clients.ts';
import { readKnowledge } from '../../../src/store/clients/knowledge.ts';
import { listTransferTargets } from '../../../src/store/clients/transfer-targets.ts';
import { testDatabase } from '../../support/database/database.ts';

test('made once; a second start changes nothing, also when the owner has changed it', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const first = await ensureDemo({ sql, clock: systemClock });
  await sql`UPDATE clients SET name = 'Renamed' WHERE id = ${first.id}`;
  const second = await ensureDemo({ sql, clock: systemClock });
  assert.equal(second.id, first.id);
  assert.equal(second.name, 'Renamed');
  const called = await findCalledClient(sql, demo.phoneNumber);
  assert.equal(called!.freeSeconds, demo.seconds);
  assert.equal((await sql`SELECT 1 FROM ledger`).length, 1);
  assert.ok((await sql`SELECT 1 FROM opening_hours`).length > 0);
  // It can be asked things, and for a person.
  const { sections } = await readKnowledge(sql, first.id, 4000);
  assert.match(sections[0]?.text ?? '', /Parking/);
  assert.equal((await listTransferTargets(sql, first.id)).length, 1);
});
