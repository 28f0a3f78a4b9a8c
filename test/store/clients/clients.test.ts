// Businesses as a ringing call needs them: found by number, with what admission looks at.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../src/lib/ids.ts';
import { findCalledClient, findClient, saveNewClient } from '../../../src/store/clients/clients.ts';
import { insertTransferTarget } from '../../../src/store/clients/transfer-targets.ts';
import { admitLease } from '../../../src/store/money/leases.ts';
import { saveUser } from '../../../src/store/accounts/users.ts';
import { testDatabase } from '../../support/database/database.ts';
import { saveTestClient } from '../../support/product/test-client.ts';

test('what is saved is found, by number and by id', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const ownerId = await saveUser(sql, {
    id: newId(0),
    email: 'o@example.com',
    name: 'O',
    role: 'user',
  });
  const client = {
    id: newId(0),
    ownerId,
    name: "Zoë's <Salon>",
    phoneNumber: '+12025550199',
    zone: 'Europe/London',
    systemPrompt: 'Be kind.',
    initialGreeting: 'Hello.',
    disclosure: 'A machine.',
    llmModel: 'openai/gpt-4o-mini',
    sttModel: 'nova-3',
    ttsProvider: 'cartesia',
    ttsVoiceId: 'a-voice',
    enabledTools: ['book_appointment'],
  };
  await saveNewClient(sql, client);
  const called = await findCalledClient(sql, client.phoneNumber);
  const { freeSeconds, runningCalls, ...found } = called!;
  assert.deepEqual({ freeSeconds, runningCalls }, { freeSeconds: 0, runningCalls: 0 });
  assert.deepEqual({ ...found }, { ...found, ...client });
  assert.deepEqual({ ...(await findClient(sql, client.id)) }, { ...found });
  assert.equal(found.fallbackNumber, null);
  assert.equal(found.isActive, true);
  await assert.rejects(saveNewClient(sql, { ...client, id: newId(1) }));
});

test('whom callers may ask for is known by name: those who take calls, the first to be tried first', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const { id, number } = await saveTestClient(sql, newId(0), { seconds: 100 });
  const people = [
    { name: 'Siobhan', position: 2, isActive: true },
    { name: 'Nobody any more', position: 0, isActive: false },
    { name: 'Dr. Okonkwo', position: 1, isActive: true },
  ];
  for (const [at, person] of people.entries()) {
    const target = { phoneNumber: `+1202555010${at}`, description: '', ...person };
    await insertTransferTarget(sql, { ...target, id: newId(at), clientId: id });
  }
  const names = ['Dr. Okonkwo', 'Siobhan'];
  assert.deepEqual((await findCalledClient(sql, number))?.peopleNames, names);
  assert.deepEqual((await findClient(sql, id))?.peopleNames, names);
});

test('free seconds and running calls are those of this moment', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const client = await saveTestClient(sql, newId(0), { seconds: 100 });
  const look = async () => {
    const found = await findCalledClient(sql, client.number);
    return found && [found.freeSeconds, found.runningCalls];
  };
  assert.deepEqual(await look(), [100, 0]);
  await admitLease(sql, {
    leaseId: newId(0),
    clientId: client.id,
    callSid: 'CA1',
    streamSid: 'MZ1',
    owner: 'test',
    headroomSeconds: 15,
    secondsMin: 5,
    leaseSeconds: 30,
  });
  assert.deepEqual(await look(), [85, 1]);
  assert.equal(await findCalledClient(sql, '+12025559999'), undefined);
  await sql`UPDATE clients SET deleted_at = now() WHERE id = ${client.id}`;
  assert.equal(await look(), undefined);
  assert.equal(await findClient(sql, client.id), undefined);
});
