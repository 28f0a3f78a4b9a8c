// Sockets that stay open (T64, T66): over when who opened them has logged out, and never so many that others go without.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { SESSION_COOKIE } from '../../src/http/identity/auth.ts';
import { systemClock } from '../../src/lib/clock.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { newId } from '../../src/lib/ids.ts';
import { saveTicket } from '../../src/store/accounts/tickets.ts';
import { openVoiceSession } from '../../src/store/accounts/voice-sessions.ts';
import { startTestApi } from '../support/product/api.ts';
import type { TestApi, TestUser } from '../support/product/api.ts';
import { runningCall } from '../support/product/business.ts';
import { until, untilAsync } from '../support/until.ts';

/** What happens every ten seconds happens every tenth of one. */
const hurried: Clock = {
  ...systemClock,
  every: (ms, act) => systemClock.every(ms === 10_000 ? 100 : ms, act),
};

interface Open {
  readonly socket: WebSocket;
  /** The close code, or the status of a refused upgrade. */
  readonly over: Promise<number>;
}

async function open(api: TestApi, path: string, headers: Record<string, string>): Promise<Open> {
  const socket = new WebSocket(api.url.replace('http', 'ws') + path, { headers });
  socket.on('error', () => {});
  const over = new Promise<number>((resolve) => {
    socket.on('close', resolve);
    socket.on('unexpected-response', (_request, response) => {
      response.destroy();
      resolve(response.statusCode ?? 0);
    });
  });
  await Promise.race([once(socket, 'open'), over]);
  return { socket, over };
}

const token = ({ accessToken }: TestUser) => ({ authorization: `Bearer ${accessToken}` });
const cookie = (api: TestApi, { session }: TestUser) => ({
  cookie: `${SESSION_COOKIE}=${session}`,
  origin: api.url,
});

async function session(api: TestApi, userId: string | null): Promise<string> {
  const id = newId(systemClock.now());
  const rest = { callSid: id, room: 'r', systemPrompt: '', owner: 'another process' };
  await openVoiceSession(api.database.general, { id, userId, ...rest });
  return id;
}

test('who has logged out or been blocked is let go, though nothing is said', async (t) => {
  const api = await startTestApi(t, { clock: hurried });
  const { general: sql } = api.database;
  const ends: [name: string, end: (user: TestUser) => PromiseLike<unknown>][] = [
    ['logged out', (user) => api.as(user, 'session').post('/api/auth/logout')],
    ['blocked', (user) => sql`UPDATE users SET blocked_at = now() WHERE id = ${user.id}`],
  ];
  for (const [name, end] of ends) {
    const user = await api.user();
    const paths = [`/ws/${user.id}`, `/ws/transcript/${await session(api, user.id)}`];
    const opened = await Promise.all(paths.map((path) => open(api, path, cookie(api, user))));
    const other = await open(api, paths[0]!, token(user));
    await end(user);
    for (const { over } of opened) assert.equal(await over, 4401, name);
    if (name === 'blocked') assert.equal(await other.over, 4401, 'by token');
    else assert.equal(other.socket.readyState, WebSocket.OPEN, 'another login of the same user');
    other.socket.close();
  }
});

test('an open socket keeps no session awake that nobody uses', async (t) => {
  const api = await startTestApi(t, { clock: hurried });
  const { general: sql } = api.database;
  const user = await api.user();
  const { socket, over } = await open(api, `/ws/${user.id}`, cookie(api, user));
  await sql`UPDATE sessions SET last_seen_at = now() - interval '11 hours' WHERE user_id = ${user.id}`;
  let looks = 0;
  socket.on('ping', () => (looks += 1));
  await until('it was looked at', () => looks > 3);
  const [{ idle }] = await sql<[{ idle: number }]>`
    SELECT extract(epoch FROM now() - last_seen_at)::int AS idle FROM sessions WHERE user_id = ${user.id}`;
  assert.ok(idle >= 11 * 3600, `${idle} s`);
  await sql`UPDATE sessions SET last_seen_at = now() - interval '12 hours' WHERE user_id = ${user.id}`;
  assert.equal(await over, 4401);
});

test('a peer that has vanished makes room', async (t) => {
  const api = await startTestApi(t, { clock: hurried });
  const user = await api.user();
  const opened = await Promise.all(
    Array.from({ length: 20 }, () => open(api, `/ws/${user.id}`, token(user))),
  );
  // It answers no ping any more, nor does it say that it is gone.
  opened[0]!.socket.pause();
  await untilAsync('its place is free', async () => {
    const { socket, over } = await open(api, `/ws/${user.id}`, token(user));
    const code = await Promise.race([over, once(socket, 'ping').then(() => undefined)]);
    socket.close();
    return code === undefined;
  });
  for (const { socket } of opened) socket.terminate();
});

test('nothing is left to watch of a session that has ended, however it ended', async (t) => {
  const api = await startTestApi(t, { clock: hurried });
  const { general: sql } = api.database;
  const user = await api.user();
  const id = await session(api, user.id);
  const path = `/ws/transcript/${id}`;
  const before = await open(api, path, token(user));
  const subject = { purpose: 'transcript', subject: id } as const;
  const ticket = await saveTicket(sql, { ...subject, userId: user.id });
  await sql`UPDATE conversations SET ended_at = now() WHERE id = ${id}`;
  assert.equal(await before.over, 1000, 'its process died without a word');
  const after = await open(api, path, token(user));
  assert.equal(await after.over, 1000);
  const byTicket = await open(api, path, {});
  byTicket.socket.send(JSON.stringify({ ticket }));
  assert.equal(await byTicket.over, 1000);
});

test('one user, or one call, does not take the places of all', async (t) => {
  const api = await startTestApi(t);
  const [ann, bob] = [await api.user(), await api.user()];
  const chats = await Promise.all(
    Array.from({ length: 20 }, () => open(api, `/ws/${ann.id}`, token(ann))),
  );
  assert.equal(await (await open(api, `/ws/${ann.id}`, token(ann))).over, 4429);
  const others = await open(api, `/ws/${bob.id}`, token(bob));
  chats[0]!.socket.close();
  await chats[0]!.over;
  const again = await open(api, `/ws/${ann.id}`, token(ann));
  for (const { socket } of [again, others]) assert.equal(socket.readyState, WebSocket.OPEN);

  const made = await api.as(ann).post('/api/clients', { name: 'Acme' });
  const [first, second] = [
    await runningCall(api.database.general, made.json.id),
    await runningCall(api.database.general, made.json.id),
  ];
  const stop = new AbortController();
  const watch = (id: string) =>
    fetch(`${api.url}/api/active-calls/${id}/events`, {
      headers: token(ann),
      signal: stop.signal,
    });
  const watches = [];
  for (let count = 0; count < 11; count += 1) watches.push((await watch(first)).status);
  assert.deepEqual(watches, [...Array.from({ length: 10 }, () => 200), 429]);
  assert.equal((await watch(second)).status, 200);
  stop.abort();
  for (const { socket } of [...chats, again, others]) socket.close();
});

test('who pours messages into a chat without waiting for answers is let go', async (t) => {
  const api = await startTestApi(t);
  const user = await api.user();
  const { socket, over } = await open(api, `/ws/${user.id}`, token(user));
  for (let count = 0; count < 1000; count += 1) {
    socket.send(JSON.stringify({ type: 'text', content: 'Hello' }));
  }
  assert.equal(await over, 1008);
});

test('an upgrade made of spaces keeps nobody waiting', async (t) => {
  const api = await startTestApi(t);
  const { port, hostname } = new URL(api.url);
  const head =
    'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
  const ask = async () => {
    const socket = connect(Number(port), hostname);
    const protocols = `bearer${' '.repeat(15_000)}x`;
    socket.write(
      `GET /ws/x HTTP/1.1\r\nHost: x\r\n${head}Sec-WebSocket-Protocol: ${protocols}\r\n\r\n`,
    );
    await once(socket, 'data');
    socket.destroy();
  };
  const before = process.cpuUsage();
  for (let count = 0; count < 20; count += 1) await ask();
  const { user } = process.cpuUsage(before);
  assert.ok(user / 1000 < 1000, `${user / 1000} ms`);
});
