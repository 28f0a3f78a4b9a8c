// Settings: defaults where nothing is set, checked before anything changes, remembered with who changed what.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../src/lib/ids.ts';
import { Settings } from '../../src/reception/settings.ts';
import {
  changeSettings,
  listSettingsHistory,
  readSettings,
} from '../../src/store/service/settings.ts';
import { saveUser } from '../../src/store/accounts/users.ts';
import { VirtualClock } from '../support/clock.ts';
import { testDatabase } from '../support/database/database.ts';

async function start(t: { after(act: () => Promise<void>): void }) {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clock = new VirtualClock();
  const user = { id: newId(1), email: 'admin@example.com', name: 'Ada', role: 'admin' as const };
  const by = { id: await saveUser(sql, user), name: 'Ada' };
  return { sql, clock, settings: new Settings({ sql, clock }), by };
}

test('a change holds at once here, within two seconds elsewhere, and has its history', async (t) => {
  const { sql, clock, settings, by } = await start(t);
  const elsewhere = new Settings({ sql, clock });
  assert.equal((await settings.system()).chat_turn_seconds, 10);
  assert.equal((await elsewhere.system()).chat_turn_seconds, 10);
  await settings.change('system', { chat_turn_seconds: 5 }, by);
  await settings.change('system', { chat_turn_seconds: 5, daily_allowance_seconds: 60 }, by);
  assert.equal((await settings.system()).chat_turn_seconds, 5);
  await clock.advance(2001);
  assert.equal((await elsewhere.system()).chat_turn_seconds, 5);
  const history = await listSettingsHistory(sql, 'system', { limit: 10, offset: 0 });
  assert.deepEqual(
    history.rows.map(({ key, before, after, changedByName }) => [
      key,
      before,
      after,
      changedByName,
    ]),
    [
      ['daily_allowance_seconds', null, 60, 'Ada'],
      ['chat_turn_seconds', null, 5, 'Ada'],
    ],
    'what was so already is no change',
  );
});

test('nothing changes when one value is wrong', async (t) => {
  const { sql, settings, by } = await start(t);
  const wrong: [scope: 'system' | 'bot', values: object, key: string][] = [
    ['system', { chat_turn_seconds: 5, unknown: 1 }, 'unknown'],
    ['system', { toString: 1 }, 'toString'],
    ['system', { chat_turn_seconds: -1 }, 'chat_turn_seconds'],
    ['system', { chat_turn_seconds: '5' }, 'chat_turn_seconds'],
    ['system', { stt_model: 'nobody-has-it' }, 'stt_model'],
    ['system', { tts_provider: 'nobody' }, 'tts_provider'],
    ['system', { llm_model: 'not a model' }, 'llm_model'],
    ['bot', { max_file_size: 1e12 }, 'max_file_size'],
    ['bot', { supported_languages: [] }, 'supported_languages'],
    ['bot', { supported_languages: ['english'] }, 'supported_languages'],
    ['bot', { chat_turn_seconds: 5 }, 'chat_turn_seconds'],
  ];
  for (const [scope, values, key] of wrong) {
    await assert.rejects(
      settings.change(scope, values as Record<string, unknown>, by),
      (error: { code: string; fields: object }) => {
        assert.equal(error.code, 'invalid');
        assert.ok(Object.hasOwn(error.fields, `config.${key}`), JSON.stringify(error.fields));
        return true;
      },
    );
  }
  assert.deepEqual(await readSettings(sql, 'system'), {});
  assert.deepEqual(await readSettings(sql, 'bot'), {});
});

test('a stored value that is no longer valid gives way to the default', async (t) => {
  const { sql, settings, by } = await start(t);
  await changeSettings(sql, { scope: 'bot', values: { max_file_size: 'much', gone: 1 }, by });
  const bot = await settings.bot();
  assert.equal(bot.max_file_size, 10 * 1024 * 1024);
  assert.ok(!Object.hasOwn(bot, 'gone'));
});
