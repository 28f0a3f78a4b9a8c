// What a person who has just started the server reads.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '../../src/config.ts';
import { banner } from '../../src/start/banner.ts';

const frontdesk = { address: 'http://127.0.0.1:8000' };

test('in the sandbox: what stands in, the demo number, and the next step', () => {
  const config = readConfig({ PUBLIC_URL: 'http://127.0.0.1:8000' });
  const text = banner({ config, frontdesk, standIns: ['Deepgram', 'Twilio'], dataDir: '/data' });
  assert.match(text, /Deepgram, Twilio are stand-ins/);
  assert.match(text, /not a language model/);
  assert.match(text, /\+12025550123/);
  assert.match(text, /npm run call/);
  assert.match(text, /Data is kept in \/data/);
  assert.doesNotMatch(text, /The world calls it/);
});

test('outside: the public address, and nothing that is not there', () => {
  const config = readConfig({
    PUBLIC_URL: 'https://phone.example.com',
    DATABASE_URL: 'postgres://user:hunter2@db/frontdesk',
    JWT_SECRET: 'x'.repeat(32),
    SEALING_KEY: 'y'.repeat(32),
  });
  const text = banner({ config, frontdesk, standIns: [], dataDir: '/data' });
  assert.match(text, /The world calls it https:\/\/phone\.example\.com/);
  assert.doesNotMatch(text, /Sandbox|npm run call|Data is kept|hunter2/);
});

test('a carrier that can ring us but not be asked for anything is said so', () => {
  const secrets = { JWT_SECRET: 'x'.repeat(32), SEALING_KEY: 'y'.repeat(32) };
  const textOf = (more: Record<string, string>) => {
    const config = readConfig({ ...secrets, SANDBOX: 'off', ...more });
    return banner({ config, frontdesk, standIns: [], dataDir: '/data' });
  };
  assert.match(textOf({ TWILIO_AUTH_TOKEN: 't' }), /TWILIO_ACCOUNT_SID is not set/);
  assert.doesNotMatch(textOf({}), /TWILIO/);
  assert.doesNotMatch(textOf({ TWILIO_AUTH_TOKEN: 't', TWILIO_ACCOUNT_SID: 'AC' }), /TWILIO/);
});
