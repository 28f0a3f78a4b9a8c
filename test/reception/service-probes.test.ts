// Probes of the vendors: each is believed for a while, and one that could not be made is made again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/lib/errors.ts';
import { ServiceProbes } from '../../src/reception/service-probes.ts';
import { Settings } from '../../src/reception/settings.ts';
import { VirtualClock } from '../support/clock.ts';
import { testDatabase } from '../support/database/database.ts';

test('a probe that the database kept from being made is made when it is asked for again', async (t) => {
  const { database } = await testDatabase(t);
  const clock = new VirtualClock();
  const settings = new Settings({ sql: database.general, clock });
  const gone = () => Promise.reject(new AppError('unavailable', 'the database is gone'));
  t.mock.method(settings, 'bot', gone, { times: 1 });
  let opened = 0;
  const refuse = () => {
    opened += 1;
    return Promise.reject(new AppError('not_configured', 'no key'));
  };
  const door = {
    openHearing: refuse,
    openThinking: refuse,
    openSpeaking: refuse,
    openConversing: refuse,
    openVoice: refuse,
  };
  const probes = new ServiceProbes({ clock, settings, door });
  await assert.rejects(probes.probe(), /the database is gone/);
  assert.equal((await probes.probe()).llm.state, 'not_configured');
  await probes.probe();
  assert.equal(opened, 3);
});
