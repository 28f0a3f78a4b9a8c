// sandbox.json and the secrets behind it.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import {
  openSandboxSecrets,
  readSandboxState,
  removeSandboxState,
  writeSandboxState,
} from '../../sandbox/state-file.ts';
import type { SandboxState } from '../../sandbox/state-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'frontdesk-state-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const address = { url: 'http://127.0.0.1:1', key: 'k' };
const state: SandboxState = {
  pid: 4711,
  publicUrl: 'http://localhost:8000',
  deepgram: address,
  openai: address,
  cartesia: address,
  elevenlabs: address,
  google: { ...address, clientId: 'c' },
  stripe: { ...address, webhookSecret: 'w' },
  twilio: { url: address.url, accountSid: 'AC', authToken: 't' },
  phone: { url: address.url, token: 't' },
};

test('what was written is read, by its owner only, and no draft stays', () => {
  writeSandboxState(folder, state);
  assert.deepEqual(readSandboxState(folder), state);
  assert.equal(statSync(join(folder, 'sandbox.json')).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(folder), ['sandbox.json']);
});

test('the state of another process is left alone', () => {
  writeSandboxState(folder, state);
  removeSandboxState(folder, 4712);
  assert.deepEqual(readSandboxState(folder), state);
  removeSandboxState(folder, 4711);
  assert.equal(readSandboxState(folder), undefined);
});

test('secrets are kept, look like what they stand for, and differ from each other', () => {
  const secrets = openSandboxSecrets(folder);
  assert.deepEqual(openSandboxSecrets(folder), secrets);
  assert.match(secrets.accountSid, /^AC[0-9a-f]{32}$/);
  assert.equal(new Set(Object.values(secrets)).size, Object.keys(secrets).length);
  assert.equal(statSync(join(folder, 'sandbox-secrets.json')).mode & 0o777, 0o600);
});

test('secrets that cannot be read are made anew', () => {
  writeFileSync(join(folder, 'sandbox-secrets.json'), '{"deepg');
  assert.equal(openSandboxSecrets(folder).deepgram.length, 32);
});
