// The sandbox in its own process: stand-ins for what has no key, real keys left alone, and gone when it is stopped.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { readConfig } from '../../../src/config.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { startSandbox } from '../../../src/start/sandbox/sandbox-process.ts';

test('stands in where there is no key, and ends when told', async (t) => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'frontdesk-sandbox-'));
  t.after(() => rmSync(dataDir, { recursive: true, force: true }));
  const config = readConfig({ SANDBOX: 'mixed', OPENAI_API_KEY: 'a-real-key' });
  const sandbox = await startSandbox(config, {
    clock: systemClock,
    log: quietLog,
    dataDir,
    demo: { number: '+12025550123', name: 'Demo' },
  });
  t.after(() => sandbox.stop());
  const { openai, deepgram, cartesia, twilio } = sandbox.config;
  assert.deepEqual(openai, config.openai);
  assert.ok(!sandbox.standIns.includes('OpenAI'));
  assert.ok(sandbox.standIns.includes('Deepgram') && sandbox.standIns.includes('Twilio'));
  for (const { url, key } of [deepgram, cartesia]) {
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.ok(key);
  }
  assert.match(twilio.accountSid!, /^AC/);
  assert.equal(twilio.authTokens.length, 1);
  assert.notEqual((await fetch(deepgram.url)).status, 0);
  await sandbox.stop();
  await assert.rejects(fetch(deepgram.url));
});
