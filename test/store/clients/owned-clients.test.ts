// Businesses as their owners reach them: saved with hours, changed in part, deleted softly, and nobody else's.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../src/lib/ids.ts';
import { LLM_MODEL_DEFAULT, STT_MODEL_DEFAULT } from '../../../src/pipeline/vendors.ts';
import { findCalledClient } from '../../../src/store/clients/clients.ts';
import {
  deleteClient,
  findOwnedClient,
  insertClient,
  listClients,
  reachesClient,
  updateClient,
} from '../../../src/store/clients/owned-clients.ts';
import type { ClientSettings } from '../../../src/store/clients/owned-clients.ts';
import { defaultHours } from '../../../src/store/clients/opening-hours.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { testDatabase } from '../../support/database/database.ts';

const settings: ClientSettings = {
  name: 'Acme',
  phoneNumber: '+12025550101',
  zone: 'America/New_York',
  language: 'en-US',
  systemPrompt: '',
  initialGreeting: '',
  disclosure: '',
  llmModel: LLM_MODEL_DEFAULT,
  sttFallbacks: null,
  llmFallbacks: null,
  ttsFallbacks: null,
  sttModel: STT_MODEL_DEFAULT,
  ttsProvider: 'cartesia',
  ttsModel: '',
  ttsVoiceId: '',
  enabledTools: ['get_available_slots'],
  calendarId: '',
  fallbackNumber: null,
  concurrencyMax: 10,
  callSecondsMax: 3600,
  isActive: true,
  recordingEnabled: false,
  recordingNotice: '',
  recordingDays: 30,
  alertBelowSeconds: null,
  alertEmail: null,
  remindHours: null,
  patience: 'normal',
  speculation: true,
  noiseSuppression: false,
  pronunciations: [],
  keyterms: [],
};

async function user(sql: Sql): Promise<string> {
  const id = newId(0);
  await sql`INSERT INTO users (id, username) VALUES (${id}, ${id})`;
  return id;
}

test('a client is saved with its hours, changed in part, and deleted so that its number is free', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const ownerId = await user(sql);
  const id = newId(0);
  const days = [{ date: '2030-12-25', name: 'Christmas', hours: [] }];
  await insertClient(sql, { id, ownerId, ...settings }, { ...defaultHours, specialDays: days });
  const found = await findOwnedClient(sql, { ownerId }, id);
  assert.ok(found);
  assert.deepEqual([found.name, found.balanceSeconds, found.slotMinutes], ['Acme', 0, 30]);
  assert.deepEqual(found.enabledTools, ['get_available_slots']);
  assert.deepEqual(found.specialDays, days);
  assert.equal(found.weekly.length, 10);

  const other = { ownerId: await user(sql) };
  assert.equal(await findOwnedClient(sql, other, id), undefined);
  assert.equal(await reachesClient(sql, other, id), false);
  assert.equal(
    await updateClient(sql, other, id, { settings: { name: 'Mine' }, hours: undefined }),
    false,
  );
  assert.equal(await deleteClient(sql, other, id), false);

  const change = { settings: { name: 'Acme Two', enabledTools: [] }, hours: defaultHours };
  assert.equal(await updateClient(sql, { ownerId }, id, change), true);
  const changed = await findOwnedClient(sql, { ownerId: undefined }, id);
  assert.ok(changed);
  assert.deepEqual(
    [changed.name, changed.enabledTools, changed.specialDays, changed.zone],
    ['Acme Two', [], [], 'America/New_York'],
  );

  await assert.rejects(
    insertClient(sql, { id: newId(0), ownerId, ...settings }, defaultHours),
    (error: { fields?: Record<string, unknown> }) => 'phone_number' in (error.fields ?? {}),
  );
  assert.equal(await deleteClient(sql, { ownerId }, id), true);
  assert.equal(await deleteClient(sql, { ownerId }, id), false);
  assert.equal(await findCalledClient(sql, '+12025550101'), undefined);
  await insertClient(sql, { id: newId(0), ownerId, ...settings }, defaultHours);
});

test('pages follow one another by cursor, and count all', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const ownerId = await user(sql);
  const ids: string[] = [];
  for (let number = 0; number < 5; number += 1) {
    const id = newId(0);
    ids.unshift(id);
    await insertClient(sql, { id, ownerId, ...settings, phoneNumber: null }, defaultHours);
  }
  const first = await listClients(sql, { ownerId }, { limit: 2, offset: 0 });
  const second = await listClients(sql, { ownerId }, { limit: 2, offset: 0, after: first.next });
  const third = await listClients(sql, { ownerId }, { limit: 2, offset: 0, after: second.next });
  assert.deepEqual(
    [first, second, third].flatMap(({ rows }) => rows.map(({ id }) => id)),
    ids,
  );
  assert.equal(first.total, 5);
  assert.equal(third.next, undefined);
});
