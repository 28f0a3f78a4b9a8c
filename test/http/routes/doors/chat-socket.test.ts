// Chat over a socket: opened by who it belongs to, answered in order, told what is wrong.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { SESSION_COOKIE } from '../../../../src/http/identity/auth.ts';
import { startDoors } from '../../../support/product/doors.ts';
import { until } from '../../../support/until.ts';

type Told = { type: string } & Record<string, unknown>;

function open(
  url: string,
  options: { protocols?: string[]; headers?: Record<string, string> } = {},
) {
  const socket = new WebSocket(url, options.protocols ?? [], { headers: options.headers ?? {} });
  const told: Told[] = [];
  const closed = once(socket, 'close').then(([code]) => code as number);
  const refused = once(socket, 'unexpected-response').then(([, response]) => {
    const refusal = response as IncomingMessage;
    refusal.destroy();
    return refusal.statusCode;
  });
  refused.catch(() => {});
  socket.on('error', () => {});
  socket.on('message', (raw) => told.push(JSON.parse((raw as Buffer).toString()) as Told));
  return {
    told,
    closed,
    refused,
    socket,
    ready: () => once(socket, 'open'),
    send: (message: object | string) =>
      socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    async next(count: number): Promise<Told> {
      await until(`there are ${count} messages`, () => told.length >= count);
      return told[count - 1]!;
    },
  };
}

test('whose token it is talks: by header, cookie, subprotocol or first message', async (t) => {
  const doors = await startDoors(t);
  const { owner } = doors;
  const url = doors.socketUrl(`/ws/${owner.id}`);
  const ways = {
    header: { headers: doors.bearer(owner) },
    cookie: { headers: { cookie: `${SESSION_COOKIE}=${owner.session}`, origin: doors.url } },
    subprotocol: { protocols: ['bearer', owner.accessToken] },
    'first message': {},
  };
  for (const [name, options] of Object.entries(ways)) {
    doors.rig.openai.script(`Hello by ${name}.`);
    const chat = open(url, options);
    await chat.ready();
    let count = 1;
    if (name === 'first message') {
      chat.send({ type: 'auth', token: owner.accessToken });
      assert.deepEqual(await chat.next(count), { type: 'ready', user_id: owner.id });
      count += 1;
    }
    chat.send({ type: 'text', content: 'Hello!' });
    const answer = await chat.next(count);
    assert.equal(answer['content'], `Hello by ${name}.`, name);
    assert.equal(answer.type, 'text');
    assert.ok(!Number.isNaN(Date.parse(answer['timestamp'] as string)));
    chat.socket.close();
    await chat.closed;
  }
});

test('nobody else does', async (t) => {
  const doors = await startDoors(t);
  const { owner } = doors;
  const stranger = await doors.user();
  const moderator = await doors.user({ role: 'moderator' });
  const url = doors.socketUrl(`/ws/${owner.id}`);
  const before: [string, Parameters<typeof open>[1], number][] = [
    ['a wrong token', { headers: { authorization: 'Bearer x' } }, 401],
    ['a wrong token as subprotocol', { protocols: ['bearer', 'x'] }, 401],
    ['another user', { headers: doors.bearer(stranger) }, 404],
    ['a moderator', { headers: doors.bearer(moderator) }, 404],
    [
      'a page of another site',
      { headers: { cookie: `${SESSION_COOKIE}=${owner.session}`, origin: 'https://evil.example' } },
      403,
    ],
  ];
  for (const [name, options, status] of before) {
    assert.equal(await open(url, options).refused, status, name);
  }
  const after: [string, object, number][] = [
    ['a message without a token', { type: 'text', content: 'x' }, 4401],
    ['a wrong token', { type: 'auth', token: 'x' }, 4401],
    ['no token', { type: 'auth' }, 4401],
    ['the token of another', { type: 'auth', token: stranger.accessToken }, 4404],
  ];
  for (const [name, message, code] of after) {
    const chat = open(url);
    await chat.ready();
    chat.send(message);
    assert.equal(await chat.closed, code, name);
  }
});

test('messages are answered in order, in pieces if wanted, and wrong ones are named', async (t) => {
  const doors = await startDoors(t);
  const { owner, clientId } = doors;
  doors.rig.openai.script('We open at nine.', 'On Sunday we are closed.');
  const chat = open(doors.socketUrl(`/ws/${owner.id}`), { headers: doors.bearer(owner) });
  await chat.ready();
  chat.send({ type: 'text', content: 'When do you open?', client_id: clientId, stream: true });
  await until('the answer is there', () => chat.told.some(({ type }) => type === 'text'));
  const first = chat.told.at(-1)!;
  const deltas = chat.told.filter(({ type }) => type === 'delta');
  assert.ok(deltas.length > 1);
  assert.equal(deltas.map(({ content }) => content as string).join(''), 'We open at nine.');
  const before = chat.told.length;
  const { conversation_id: id } = first;
  chat.send({ type: 'text', content: 'And on Sunday?', conversation_id: id });
  chat.send('{');
  chat.send({ type: 'text', content: '' });
  chat.send({ type: 'text', content: 'x', conversation_id: 'nobody knows' });
  chat.send({ type: 'voice', content: 'x' });
  chat.send({ conversation_id: null });
  await chat.next(before + 6);
  assert.deepEqual(
    chat.told
      .slice(before)
      .map(({ type, content, code, detail }) => content ?? [type, code, detail]),
    [
      'On Sunday we are closed.',
      ['error', 'invalid', 'A JSON object is expected.'],
      ['error', 'invalid', 'content: This field may not be blank.'],
      ['error', 'not_found', 'Not found.'],
      ['error', 'invalid', 'type: Must be one of: text, audio.'],
      ['error', 'invalid', 'type: This field is required. content: This field is required.'],
    ],
  );
  await doors.as(owner).post('/api/auth/logout');
  chat.send({ type: 'text', content: 'Still here?' });
  assert.equal(await chat.closed, 4401);
});
