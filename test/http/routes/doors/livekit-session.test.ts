// A whole session in a room of a real LiveKit server: two participants, audio both ways, an interruption, the transcript.
// Runs where LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET name one.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { runArguments } from '../../../support/database/database-server.ts';
import { startDoors } from '../../../support/product/doors.ts';

const names = ['LIVEKIT_URL', 'LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET'] as const;
const env = Object.fromEntries(names.map((name) => [name, process.env[name] ?? '']));
const skip = names.some((name) => env[name] === '') && 'no LiveKit server is named';

test('a session in a real room', { skip }, async (t) => {
  const doors = await startDoors(t, { env });
  const user = await doors.user();
  doors.rig.says.push('I want to visit Paris');
  doors.rig.openai.script('Paris is lovely in May.');
  const asked = { room: 'quickstart', identity: 'user123' };
  const token = await doors.as(user).get('/token?room=quickstart&identity=user123');
  const session = await doors.as(user).post('/session', asked);
  assert.equal(session.status, 200, session.text);
  const { session_id: id, ticket } = session.json as { session_id: string; ticket: string };
  const told: Record<string, unknown>[] = [];
  const socket = new WebSocket(doors.socketUrl(`/ws/transcript/${id}`));
  socket.on('message', (raw) => told.push(JSON.parse((raw as Buffer).toString())));
  await once(socket, 'open');
  socket.send(JSON.stringify({ ticket }));
  const script = fileURLToPath(new URL('../../../telephony/livekit-session.ts', import.meta.url));
  const caller = spawn(
    process.execPath,
    [...runArguments, script, env['LIVEKIT_URL']!, token.json.token as string, '1500'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let printed = '';
  caller.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const [status] = (await once(caller, 'exit')) as [number | null];
  assert.equal(status, 0, printed);
  const heard = JSON.parse(/\{.*\}/.exec(printed)![0]) as Record<string, number>;
  assert.ok(heard['beforeMs']! >= 400, 'the greeting was heard');
  assert.ok(heard['afterMs']! >= 500, 'and the answer');
  if (socket.readyState !== socket.CLOSED) await once(socket, 'close');
  assert.ok(told.some(({ event }) => event === 'speech_started'));
  const said = told.filter(({ final }) => final === true).map(({ role, text }) => [role, text]);
  assert.ok(said.some(([role]) => role === 'user'));
  assert.ok(said.some(([, text]) => text === 'Paris is lovely in May.'));
  const detail = await doors.as(user).get(`/api/users/history/${id}`);
  assert.ok(detail.json.ended_at !== null, 'the agent left when the user did');
});
