// A process that is killed while it has a voice session: what was set aside of the user's day comes back.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { endLostSessions } from '../../src/store/accounts/session-grants.ts';
import { tempFolder } from '../support/database/test-server.ts';
import { freePort } from '../support/free-port.ts';
import { eventually } from '../support/product/after-call.ts';
import { startDoors } from '../support/product/doors.ts';
import { startServerProcess } from '../support/product/server-process.ts';

test('killed while a session waits for its room: the day is not used up', async (t) => {
  const doors = await startDoors(t);
  const { owner, rig, database, connection } = doors;
  const sql = database.general;
  // A room that answers nothing: the session is open, and stays so.
  const room = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
  await once(room, 'listening');
  t.after(() => void room.close());
  const port = String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  const { PORT: _port, PUBLIC_URL: _url, ...vendors } = rig.env;
  const server = await startServerProcess(t, {
    ...vendors,
    PORT: port,
    PUBLIC_URL: url,
    INTERNAL_PORT: '0',
    DATA_DIR: tempFolder('frontdesk-session-'),
    DATABASE_URL: connection,
    LIVEKIT_URL: `ws://127.0.0.1:${(room.address() as AddressInfo).port}`,
    LIVEKIT_API_KEY: 'key',
    LIVEKIT_API_SECRET: 's'.repeat(32),
  });
  await sql`DELETE FROM rate_windows`;
  const asking = fetch(`${url}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie: `sessionid=${owner.session}` },
    body: JSON.stringify({ room: 'quickstart', identity: 'user123' }),
  }).catch(() => undefined);
  const used = async () => {
    const rows = await sql`
      SELECT used_seconds AS used FROM daily_usage WHERE subject = ${`user:${owner.id}`}`;
    return rows[0]?.['used'] as number | undefined;
  };
  await eventually('a part of the day set aside', used);
  await server.kill();
  await asking;
  assert.ok((await used())! > 0);
  // Nobody says any more that it lives.
  await sql`UPDATE session_grants SET beat_at = beat_at - interval '3 minutes'`;
  await endLostSessions(sql, 'abandoned');
  assert.equal(await used(), 0);
  const [session] =
    await sql`SELECT end_reason AS reason FROM conversations WHERE room IS NOT NULL`;
  assert.equal(session!['reason'], 'lost');
});
