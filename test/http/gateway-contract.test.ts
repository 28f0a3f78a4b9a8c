// Every endpoint and every example of the contract documents beside the product's own is read from them, sent with its
// values filled in, and answered as it is shown there, or refused as decided.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { hashPassword } from '../../src/lib/passwords.ts';
import { newId } from '../../src/lib/ids.ts';
import { insertBotCommand } from '../../src/store/service/bot-commands.ts';
import { openVoiceSession } from '../../src/store/accounts/voice-sessions.ts';
import type { Answer, TestUser } from '../support/product/api.ts';
import { endedCall } from '../support/product/business.ts';
import { difference } from '../support/contracts/document-examples.ts';
import { readEndpoints } from '../support/contracts/document-endpoints.ts';
import type { DocumentedEndpoint } from '../support/contracts/document-endpoints.ts';
import { startDoors } from '../support/product/doors.ts';
import type { Doors } from '../support/product/doors.ts';
import { freePort } from '../support/free-port.ts';
import { recording, uploadOf } from '../support/recording.ts';

const read = (name: string) =>
  readFileSync(new URL(`../../docs/contracts/${name}`, import.meta.url), 'utf8');

const PASSWORD = 'securepass123';
const METRICS_TOKEN = 'a-token-for-prometheus';

/** Where safety or the lack of a server demands another answer than the document's. */
const refused = new Map<string, { status: number; why: string }>([
  ['POST /session', { status: 502, why: 'no LiveKit server runs here, and none is pretended' }],
]);
const created = new Set([
  'POST /admin/users',
  'POST /admin/bot/commands',
  'POST /api/auth/register',
]);

interface World {
  readonly doors: Doors;
  readonly admin: TestUser;
  readonly user: TestUser;
  readonly ids: Readonly<Record<string, string>>;
}

async function startWorld(t: { after(act: () => Promise<void>): void }): Promise<World> {
  const doors = await startDoors(t, {
    env: {
      METRICS_TOKEN,
      LIVEKIT_URL: `ws://127.0.0.1:${await freePort()}`,
      LIVEKIT_API_KEY: 'key',
      LIVEKIT_API_SECRET: 's'.repeat(32),
    },
  });
  const passwordHash = await hashPassword(PASSWORD);
  const admin = await doors.user({ role: 'admin', email: 'admin@example.com', passwordHash });
  const user = await doors.user({ email: 'known@example.com', passwordHash });
  const sql = doors.database.general;
  const client = await doors.as(user).post('/api/clients', { name: 'Documented' });
  const words = ['I want to plan a trip to Paris.'];
  const conversation = await endedCall(sql, client.json.id as string, { words });
  await doors.as(user).put('/api/users/preferences', { favorite_topics: ['travel', 'food'] });
  // More than a page of them.
  const sessions = Array.from({ length: 25 }, (_, n) => newId(n + 10));
  for (const id of sessions) {
    await openVoiceSession(sql, {
      id,
      userId: user.id,
      callSid: `session-${id}`,
      room: 'quickstart',
      systemPrompt: 'You are a friendly travel assistant.',
      owner: 'test',
    });
  }
  await sql`UPDATE conversations SET ended_at = now() WHERE channel = 'browser'`;
  const session = sessions[0]!;
  await sql`
    INSERT INTO utterances (conversation_id, turn_number, role, content, at)
    VALUES (${session}, 0, 'assistant', 'Hello!', now())`;
  const command = newId(2);
  const parking = { name: 'parking', description: '', triggers: ['parking'], isActive: true };
  const reply = { reply: 'Behind the house.', tool: null, clientId: null };
  await insertBotCommand(sql, { id: command, ...parking, ...reply });
  return {
    doors,
    admin,
    user,
    ids: {
      user_id: user.id,
      conversation_id: conversation,
      chat_id: conversation,
      session_id: session,
      command_id: command,
    },
  };
}

/** What is sent for the endpoint; `shown` is a body of the document, with words instead of values. */
async function send(
  { doors, admin, user, ids }: World,
  { method, path, addresses }: DocumentedEndpoint,
  shown: Readonly<Record<string, unknown>> | null | undefined,
): Promise<Answer> {
  const isAdmin = path.startsWith('/admin/');
  const who = isAdmin ? admin : user;
  if (path.startsWith('/api/internal/')) {
    return internal(doors, method, path, user);
  }
  if (path === '/metrics') {
    return doors.send(method, path, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
  }
  if (path === '/api/v1/audio/transcribe') {
    doors.rig.says.push('when do you open');
    const fields = { full_round_trip: 'true', language: 'en' };
    return doors.as(user).post(path, undefined, uploadOf(recording('mp3'), fields));
  }
  if (method === 'DELETE' && path === '/admin/users/{user_id}') {
    // One who owns nothing: the books of clients are kept.
    return doors.as(admin).delete(`/admin/users/${(await doors.user()).id}`);
  }
  if (path === '/api/users/history/{session_id}') {
    return doors.as(user, 'session').get(`/api/users/history/${ids['session_id']}`);
  }
  let to = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? name);
  if (to === '/conversations/analytics/metrics') {
    to += `?user_id=${ids['user_id']}&chat_id=${ids['chat_id']}`;
  }
  if (to === '/admin/conversations/search') to += '?query=paris';
  const [address] = addresses;
  if (address?.includes('?')) to = address;
  const body = shown === undefined || shown === null ? undefined : await filled(path, shown);
  const by = path.startsWith('/api/auth') || path.startsWith('/api/users') ? 'session' : 'token';
  const open = /^\/(admin\/)?auth\/(login|refresh|logout)|^\/api\/auth\/(register|login)$/.test(
    path,
  );
  const ask = doors.as(open ? undefined : who, by);
  return ask[method.toLowerCase() as 'post'](to, body);

  /** The document's values, real ones for its words. */
  async function filled(at: string, given: Readonly<Record<string, unknown>>) {
    const real: Record<string, unknown> = {
      username: isAdmin ? admin.username : user.username,
      password: PASSWORD,
      ...('refresh_token' in given && { refresh_token: await refreshToken() }),
      type: 'text',
      role: 'user',
      status: 'active',
      language: 'en',
      content: 'Hello!',
      text: 'Hello world',
      prompt: 'Hello, how are you?',
      config: at === '/admin/config' ? { chat_turn_seconds: 10 } : given['config'],
    };
    if (at === '/admin/users') Object.assign(real, { username: `user-${newId(3)}` });
    if (at === '/admin/users/{user_id}') real['username'] = `changed-${newId(4)}`;
    if (at === '/api/users/change-password') real['current_password'] = PASSWORD;
    if (at === '/api/auth/login') real['email'] = user.email;
    const entries = Object.entries(given)
      .filter(
        ([name]) => !['email', 'conversation_id', 'user_id'].includes(name) || !isWord(given[name]),
      )
      .map(([name, value]) => [
        name,
        isWord(value) || name in real ? (real[name] ?? value) : value,
      ]);
    return Object.fromEntries(entries) as Record<string, unknown>;
  }

  async function refreshToken(): Promise<string> {
    const login = { username: user.username, password: PASSWORD };
    const tokens = await doors.as().post('/auth/login', login);
    return (tokens.json?.refresh_token as string | undefined) ?? '';
  }
}

/** Not a value but a word for one. */
function isWord(value: unknown): boolean {
  return typeof value === 'string' && /^string|\||\(optional\)|^(user|pass)$|ISO/.test(value);
}

async function internal(
  { frontdesk }: Doors,
  method: string,
  path: string,
  user: TestUser,
): Promise<Answer> {
  const response = await fetch(`${frontdesk.internalAddress}${path}`, {
    method,
    headers: { cookie: `sessionid=${user.session}`, 'content-type': 'application/json' },
  });
  const text = await response.text();
  const json: unknown = JSON.parse(text);
  return { status: response.status, headers: response.headers, text, json };
}

for (const [name, atLeast] of [
  ['gateway-api.md', 36],
  ['voice-agent-api.md', 14],
  ['voice-agent-internal-api.md', 1],
] as const) {
  test(`each endpoint and example of ${name}`, async (t) => {
    const endpoints = readEndpoints(read(name));
    assert.ok(endpoints.length >= atLeast, `${endpoints.length} endpoints were found`);
    const world = await startWorld(t);
    // What changes or removes what others need comes last.
    const order = ({ method, path }: DocumentedEndpoint) =>
      path.includes('logout') ? 2 : method === 'DELETE' || path.includes('change-') ? 1 : 0;
    for (const endpoint of endpoints.toSorted((a, b) => order(a) - order(b))) {
      const { method, path, line, bodies, coded, answers } = endpoint;
      const key = `${method} ${path}`;
      // A body in the document, each example in code, or neither.
      const requests = [...bodies, ...coded];
      for (const shown of requests.length > 0 ? requests : [undefined]) {
        await t.test(
          `line ${line}: ${key} ${JSON.stringify(shown ?? '').slice(0, 60)}`,
          async () => {
            const given =
              key === 'POST /admin/bot/commands'
                ? { name: 'hours', triggers: ['hours'], reply: 'Nine to five.' }
                : key === 'PUT /admin/bot/commands/{command_id}'
                  ? { is_active: false }
                  : shown;
            const answer = await send(world, endpoint, given);
            const refusal = refused.get(key);
            const expected = refusal?.status ?? (created.has(key) ? 201 : 200);
            assert.equal(answer.status, expected, answer.text);
            if (refusal) return assert.ok(typeof answer.json.detail === 'string', refusal.why);
            const [first] = path.endsWith('transcribe') ? answers.slice(-1) : answers;
            return assert.equal(difference(first, answer.json ?? {}), undefined, answer.text);
          },
        );
      }
    }
  });
}

test('chat over the socket as the document shows', async (t) => {
  const { doors, user } = await startWorld(t);
  const document = read('gateway-api.md');
  const section = document.slice(document.indexOf('### WebSocket `/ws/{user_id}`'));
  const blocks = [...section.matchAll(/^```json\n(.*?)^```$/gms)].slice(0, 2);
  const [message, shown] = blocks.map(([, text]) => JSON.parse(text!) as Record<string, unknown>);
  assert.deepEqual(Object.keys(message!), ['type', 'content', 'conversation_id']);
  const { WebSocket } = await import('ws');
  const socket = new WebSocket(doors.socketUrl(`/ws/${user.id}`), {
    headers: doors.bearer(user),
  });
  const answered = new Promise<unknown>((resolve) => {
    socket.on('message', (raw) => resolve(JSON.parse((raw as Buffer).toString())));
  });
  socket.on('open', () => socket.send(JSON.stringify({ type: 'text', content: 'Hello!' })));
  assert.equal(difference(shown, await answered), undefined);
  socket.close();
});

test('the shapes of vapi-sessions.md', async (t) => {
  const document = read('vapi-sessions.md');
  const block = /^```javascript\n(\{\n {2}"success": false.*?)^```$/ms.exec(document)?.[1];
  const failure: unknown = JSON.parse(block ?? '');
  const success = {
    success: true,
    data: { apiKey: '', assistantId: '', patientContext: { id: '', validatedAt: '' } },
    message: '',
  };
  for (const field of ['apiKey', 'assistantId', 'patientContext', 'validatedAt', 'message']) {
    assert.match(document, new RegExp(`\\b${field}:`), field);
  }
  const [, said] = /message: "([^"]+)"/.exec(document)!;
  const doors = await startDoors(t, {
    env: { VAPI_PUBLIC_API_KEY: 'public', VAPI_ASSISTANT_ID: 'assistant' },
  });
  const user = await doors.user();
  const [, path] = /`POST (\/[^`]+)`/.exec(document)!;
  const start = () => doors.as(user).post(path!);
  const owner = await start();
  assert.deepEqual([owner.status, difference(failure, owner.json)], [403, undefined]);
  assert.match(owner.text, /Only patients can access voice assistant/);
  await doors.database.general`UPDATE users SET type = 'patient' WHERE id = ${user.id}`;
  const patient = await start();
  assert.deepEqual([patient.status, difference(success, patient.json)], [200, undefined]);
  assert.equal(patient.json.message, said);
});
