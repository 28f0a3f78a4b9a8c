// The internal listener takes the port it was told, or any when nobody said which and the usual one is taken.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quietLog } from '../../src/lib/log.ts';
import { listenInternally } from '../../src/start/internal-listener.ts';

const taken = Object.assign(new Error('in use'), { code: 'EADDRINUSE' });
const server = {
  listen: ({ host, port }: { host: string; port: number }) =>
    port === 8001 ? Promise.reject(taken) : Promise.resolve(`http://${host}:${port || 4711}`),
};

test('a taken port is an error only where it was asked for', async () => {
  const where = { host: '127.0.0.1', port: 8001, portWasSet: false };
  assert.equal(await listenInternally(server, where, quietLog), 'http://127.0.0.1:4711');
  const free = { ...where, port: 8002 };
  assert.equal(await listenInternally(server, free, quietLog), 'http://127.0.0.1:8002');
  await assert.rejects(listenInternally(server, { ...where, portWasSet: true }, quietLog), {
    code: 'config_invalid',
    message: /INTERNAL_PORT/,
  });
});
