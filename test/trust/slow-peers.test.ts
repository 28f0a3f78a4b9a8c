// Peers that take their time: a database that is slow, and clients that hold connections open. No caller waits for them.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { describe, test } from 'node:test';
import { parseTwiml } from '../../sandbox/phone/twiml.ts';
import { parseConnection } from '../../src/store/database/connection.ts';
import {
  assertBilled,
  assertSound,
  eventually,
  finished,
  greeted,
  lateness,
} from '../support/product/after-call.ts';
import { carrierPost, ringFields } from '../support/product/carrier.ts';
import { testDatabase } from '../support/database/database.ts';
import { startTestFrontdesk } from '../support/product/frontdesk.ts';
import { startSlowProxy } from '../support/servers/slow-proxy.ts';

const SLOW_MS = 1200;
const CONNECTIONS = 300;

describe('slow peers', { concurrency: 4 }, () => {
  test('T04: a slow database: callers are answered, and what they say is stored and charged', async (t) => {
    const store = await testDatabase();
    t.after(() => store.close());
    const url = new URL(store.connection);
    const { address } = parseConnection(store.connection);
    const proxy = await startSlowProxy(t, address);
    url.search = '';
    url.host = `127.0.0.1:${proxy.port}`;
    const f = await startTestFrontdesk(t, { connection: url.href });
    const call = f.call();
    await greeted(call);
    proxy.delayMs = SLOW_MS;
    f.says.push('when do you open');
    f.openai.script('We open at nine.');
    await call.say(f.voice('when do you open'));
    await call.reply(700, 60_000);
    const fields = ringFields(f, { from: '+14155550100', to: f.client.number });
    const [answer, lateMs] = await Promise.all([
      carrierPost(f, { path: '/voice', fields }),
      lateness(f),
    ]);
    assert.equal(answer.status, 200);
    assert.ok(answer.elapsedMs < 5000 + lateMs, `${answer.elapsedMs} ms, ${lateMs} ms late`);
    assert.ok(parseTwiml(answer.text).children.length > 0);
    proxy.delayMs = 0;
    call.hangUp();
    const record = await finished(f, call);
    assert.deepEqual(record.utterances.at(-1), { role: 'assistant', content: 'We open at nine.' });
    assertBilled(record, record.summary.connectedMs);
    await assertSound(f);
  });

  test('T33: three hundred connections that hardly say anything keep no caller waiting, and are closed', async (t) => {
    const f = await startTestFrontdesk(t, { timers: { stream: { startMs: 1000 } } });
    const { hostname, port } = new URL(f.publicUrl);
    const starts = [
      'GET /health HTTP/1.1\r\nHost: here\r\nX-A: ',
      'POST /auth/login HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
      '',
    ];
    const sockets: Socket[] = [];
    const answers = new Map<Socket, string>();
    t.after(() => {
      for (const socket of sockets) socket.destroy();
      return Promise.resolve();
    });
    for (let index = 0; index < CONNECTIONS; index += 1) {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => {});
      socket.once('data', (bytes) => answers.set(socket, String(bytes).slice(0, 12)));
      sockets.push(socket);
      await once(socket, 'connect');
      socket.write(starts[index % starts.length]!);
    }
    const call = f.call();
    await greeted(call);
    f.says.push('when do you open');
    f.openai.script('We open at nine.');
    await call.say(f.voice('when do you open'));
    await call.reply(700, 60_000);
    call.hangUp();
    const record = await finished(f, call);
    assert.deepEqual(record.utterances.at(-1), { role: 'assistant', content: 'We open at nine.' });
    // A request whose header never ends is answered when its time is up.
    const [first] = sockets;
    const answer = await eventually('an answer', async () => answers.get(first!));
    assert.equal(answer, 'HTTP/1.1 408');
    await assertSound(f);
  });
});
