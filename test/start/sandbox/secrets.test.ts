// Secrets that are not configured are made once, for their owner's eyes only, and kept.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { openSecrets } from '../../../src/start/sandbox/secrets.ts';

test('made once and kept; what is configured wins', (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'frontdesk-secrets-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const dataDir = path.join(folder, 'new');
  const none = { jwtSecret: undefined, sealingKey: undefined };
  const made = openSecrets(none, dataDir);
  assert.equal(Buffer.from(made.jwtSecret, 'base64url').length, 32);
  assert.notEqual(made.jwtSecret, made.sealingKey);
  assert.deepEqual(openSecrets(none, dataDir), made);
  assert.deepEqual(openSecrets({ ...none, jwtSecret: 'own' }, dataDir), {
    ...made,
    jwtSecret: 'own',
  });
  assert.equal(statSync(path.join(dataDir, 'secrets.json')).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(dataDir), ['secrets.json']);
  const both = { jwtSecret: 'a', sealingKey: 'b' };
  assert.deepEqual(openSecrets(both, path.join(folder, 'other')), both);
  assert.deepEqual(readdirSync(folder), ['new']);
});
