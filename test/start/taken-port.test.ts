// A server whose port is taken: it says so, and leaves nothing running that would keep its process from ending.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { startTestFrontdesk } from '../support/product/frontdesk.ts';

test('a port that is taken is told, and no timer of the server goes on', async (t) => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  const repeating = () =>
    process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length;
  const cleanups: (() => Promise<void>)[] = [];
  const before = repeating();
  const started = startTestFrontdesk(
    { after: (act) => void cleanups.push(act) },
    { env: { PORT: String(port) } },
  );
  await assert.rejects(started, { code: 'EADDRINUSE' });
  for (const cleanup of cleanups) await cleanup();
  holder.close();
  assert.ok(repeating() <= before, `${repeating()} timers, ${before} before`);
  t.diagnostic(`${repeating()} timers`);
});
