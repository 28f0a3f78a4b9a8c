// Voice rooms: private to each user, off without a server, failing clearly when it cannot be reached; and the whole
// session where LIVEKIT_URL names a real one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TokenVerifier } from 'livekit-server-sdk';
import { WebSocket } from 'ws';
import { messageOf } from '../../../../src/http/routes/doors/transcript-stream.ts';
import { newId } from '../../../../src/lib/ids.ts';
import { saveTicket } from '../../../../src/store/accounts/tickets.ts';
import { openVoiceSession } from '../../../../src/store/accounts/voice-sessions.ts';
import { startTestApi } from '../../../support/product/api.ts';
import type { TestApi } from '../../../support/product/api.ts';
import { freePort } from '../../../support/free-port.ts';

const secret = 's'.repeat(32);
const asked = {
  room: 'quickstart',
  identity: 'user123',
  system_prompt: 'You are a friendly travel assistant.',
};

async function deadServer() {
  const url = `ws://127.0.0.1:${await freePort()}`;
  return { LIVEKIT_URL: url, LIVEKIT_API_KEY: 'key', LIVEKIT_API_SECRET: secret };
}

test('without a server the endpoints say so, and who is nobody gets nothing', async (t) => {
  const api = await startTestApi(t);
  const user = await api.user();
  for (const answer of [
    await api.as(user).get('/token?room=quickstart&identity=user123'),
    await api.as(user).post('/session', asked),
  ]) {
    assert.equal(answer.status, 503);
    assert.match(answer.json.detail as string, /LIVEKIT_URL is not set/);
  }
  const nobody = api.as();
  assert.equal((await nobody.get('/token?room=quickstart&identity=user123')).status, 401);
  assert.equal((await nobody.post('/session', asked)).status, 401);
  assert.equal((await nobody.delete(`/session/${newId(0)}`)).status, 401);
});

test('a token is for a room of one’s own, whatever room is asked for', async (t) => {
  const api = await startTestApi(t, {
    env: { ...(await deadServer()), ALLOW_ANONYMOUS_SESSIONS: 'on' },
  });
  const [ann, bob] = [await api.user(), await api.user()];
  const verifier = new TokenVerifier('key', secret);
  const roomOf = async (who?: typeof ann, query = 'room=quickstart&identity=user123&name=John') => {
    const answer = await api.as(who).get(`/token?${query}`);
    assert.equal(answer.status, 200, answer.text);
    const claims = await verifier.verify(answer.json.token as string);
    assert.equal(claims.video?.room, answer.json.room);
    assert.equal(claims.sub, 'user123');
    return claims.video!.room!;
  };
  const annsRoom = await roomOf(ann);
  assert.match(annsRoom, /^quickstart-[0-9a-f]{12}$/);
  assert.equal(await roomOf(ann), annsRoom, 'the same each time');
  assert.notEqual(await roomOf(bob), annsRoom);
  assert.notEqual(await roomOf(), annsRoom);
  assert.notEqual(await roomOf(bob, `room=${annsRoom}&identity=user123`), annsRoom);
  for (const query of [
    '',
    'room=x',
    'identity=x',
    'room=a%0Ab&identity=x',
    'room=&identity=x',
    'room=x&identity=%20',
  ]) {
    assert.equal((await api.as(ann).get(`/token?${query}`)).status, 400, query);
  }
});

test('rooms and users may be called what other systems call them', async (t) => {
  const api = await startTestApi(t, { env: await deadServer() });
  const user = api.as(await api.user());
  for (const name of ['auth0|7', 'user+tag@example.com', 'John Doe', 'a/b', 'Ünï 😀']) {
    const query = new URLSearchParams({ room: name, identity: name });
    const { status, json, text } = await user.get(`/token?${query.toString()}`);
    assert.equal(status, 200, text);
    const claims = await new TokenVerifier('key', secret).verify(json.token as string);
    assert.equal(claims.sub, name);
    assert.ok(claims.video?.room?.startsWith(`${name}-`), name);
  }
});

test('a room that cannot be reached is a clear error, and the session has failed', async (t) => {
  const api = await startTestApi(t, { env: await deadServer() });
  const user = await api.user();
  const answer = await api.as(user).post('/session', asked);
  assert.equal(answer.status, 502, answer.text);
  assert.deepEqual(answer.json, { detail: 'The room cannot be reached.' });
  const [session] = (await api.as(user).get('/api/users/history')).json.results;
  assert.equal(session.system_prompt, asked.system_prompt);
  assert.equal(session.room, asked.room, 'as it was asked for, whatever its private name is');
  assert.ok(session.ended_at !== null);
  const sql = api.database.general;
  const [row] = await sql<{ reason: string; outcome: string }[]>`
    SELECT end_reason AS reason, outcome FROM conversations WHERE id = ${session.id}`;
  assert.deepEqual({ ...row }, { reason: 'failed', outcome: 'failed' });
  const [used] = await sql<{ used: number }[]>`SELECT used_seconds AS used FROM daily_usage`;
  assert.equal(used!.used, 0, 'what was set aside is given back');
  await sql`INSERT INTO settings (scope, key, value) VALUES ('system', 'daily_allowance_seconds', '0')`;
  const other = await startTestApi(t, { env: await deadServer(), connection: api.connection });
  const poor = await other.as(await other.user()).post('/session', asked);
  assert.deepEqual([poor.status, /daily allowance/.test(poor.text)], [402, true]);
});

test('outside the sandbox somebody unknown has no allowance', async (t) => {
  const api = await startTestApi(t, {
    env: { ...(await deadServer()), ALLOW_ANONYMOUS_SESSIONS: 'on' },
  });
  const answer = await api.as().post('/session', asked);
  assert.deepEqual([answer.status, /allowance of 0/.test(answer.text)], [402, true]);
});

/** A session as it runs, of this user. */
async function runningSession(api: TestApi, userId: string | null): Promise<string> {
  const id = newId(1);
  const session = { id, userId, callSid: `session-${id}`, room: 'r', systemPrompt: '', owner: 'x' };
  await openVoiceSession(api.database.general, session);
  return id;
}

test('a session is stopped by its user, an administrator, and nobody else', async (t) => {
  const api = await startTestApi(t);
  const [ann, bob] = [await api.user(), await api.user()];
  const admin = await api.user({ role: 'admin' });
  const id = await runningSession(api, ann.id);
  assert.equal((await api.as(bob).delete(`/session/${id}`)).status, 404);
  for (const who of [ann, admin]) {
    const answer = await api.as(who).delete(`/session/${id}`);
    assert.deepEqual([answer.status, answer.json], [200, { stopped: true }]);
  }
  await api.database.general`UPDATE conversations SET ended_at = now() WHERE id = ${id}`;
  assert.deepEqual((await api.as(ann).delete(`/session/${id}`)).json, { stopped: false });
});

test('the transcript is for who had the session started', async (t) => {
  const api = await startTestApi(t);
  const [ann, bob] = [await api.user(), await api.user()];
  const id = await runningSession(api, ann.id);
  const sql = api.database.general;
  const purpose = 'transcript' as const;
  const ticket = await saveTicket(sql, { purpose, subject: id, userId: ann.id });
  const url = `${api.url.replace('http', 'ws')}/ws/transcript/${id}`;
  const bearer = (user: typeof ann) => ({ authorization: `Bearer ${user.accessToken}` });
  const leaving: Promise<void>[] = [];
  const closeOf = (headers: Record<string, string>, first?: object) =>
    new Promise<number>((resolve) => {
      const socket = new WebSocket(url, { headers });
      socket.on('error', () => {});
      socket.on('unexpected-response', (_request, response) => {
        response.destroy();
        resolve(response.statusCode ?? 0);
      });
      socket.on('close', resolve);
      if (first) socket.on('open', () => socket.send(JSON.stringify(first)));
      // Who is let in stays until the session ends; here we leave when two requests have come and gone.
      const leave = async () => {
        for (let n = 0; n < 2; n += 1) await api.as(ann).get(`/api/users/history/${id}`);
        socket.close(3000);
      };
      socket.on('open', () => leaving.push(leave()));
    });
  assert.equal(await closeOf(bearer(bob)), 4404);
  assert.equal(await closeOf({ authorization: 'Bearer x' }), 401);
  assert.equal(await closeOf({ origin: 'https://evil.example' }), 403);
  assert.equal(await closeOf({}, { ticket: 'invented' }), 4401);
  assert.equal(await closeOf({}, { ticket }), 3000, 'stays until we close it');
  assert.equal(await closeOf({}, { ticket }), 4401, 'once');
  assert.equal(await closeOf(bearer(ann)), 3000);
  // Of those who were turned away, too: the server must not end under their requests.
  await Promise.all(leaving);
});

test('the transcript in the words of the document', () => {
  const at = '2026-01-01T00:00:00.000Z';
  const said = { turn: 1, interrupted: false, unheard: null, timestamp: at, truncated: false };
  const cutShort = { ...said, content: '', interrupted: true, unheard: 'Or Rome?' };
  assert.deepEqual(
    [
      messageOf({ type: 'words', text: 'I want to visit', final: false }),
      messageOf({ type: 'words', text: 'I want to visit Paris', final: true }),
      messageOf({ type: 'speech', role: 'assistant', event: 'started' }),
      messageOf({ type: 'utterance', role: 'assistant', content: 'Paris it is.', ...said }),
      messageOf({ type: 'utterance', role: 'user', content: 'I want to visit Paris', ...said }),
      messageOf({ type: 'utterance', role: 'assistant', ...cutShort }),
      messageOf({ type: 'end', reason: 'caller' }),
    ],
    [
      { role: 'user', text: 'I want to visit', final: false },
      { role: 'user', text: 'I want to visit Paris', final: true },
      { role: 'agent', event: 'speech_started' },
      { role: 'agent', text: 'Paris it is.', final: true },
      undefined,
      undefined,
      undefined,
    ],
  );
});
