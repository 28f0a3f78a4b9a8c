// Calls that run: listed from the database, watched and ended from any process.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveEvents } from '../../../../src/reception/records/live-events.ts';
import type { LiveEvent } from '../../../../src/reception/records/live-event.ts';
import { systemClock } from '../../../../src/lib/clock.ts';
import { newId } from '../../../../src/lib/ids.ts';
import { quietLog } from '../../../../src/lib/log.ts';
import type { CallControl, Turn } from '../../../../src/pipeline/types.ts';
import { endConversation, saveTurn } from '../../../../src/store/conversations/conversations.ts';
import { openDatabase } from '../../../../src/store/database/sql.ts';
import { startTestApi } from '../../../support/product/api.ts';
import type { TestApi, TestUser } from '../../../support/product/api.ts';
import {
  endedCall,
  runningCall,
  startBusiness,
  turnRow,
} from '../../../support/product/business.ts';
import { turnWith } from '../../../support/turn.ts';
import { until } from '../../../support/until.ts';

interface Watcher {
  /** Events so far: name and data. */
  readonly events: { readonly event: string; readonly data: any }[];
  readonly over: Promise<void>;
  stop(): void;
}

/** Reads server-sent events. */
async function watch(api: TestApi, user: TestUser, callId: string): Promise<Watcher> {
  const stop = new AbortController();
  const response = await fetch(`${api.url}/api/active-calls/${callId}/events`, {
    headers: { authorization: `Bearer ${user.accessToken}` },
    signal: stop.signal,
  });
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type')!, /^text\/event-stream/);
  const events: { event: string; data: any }[] = [];
  const over = read().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return { events, over, stop: () => stop.abort() };

  async function read(): Promise<void> {
    let text = '';
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
      text += part;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const found = /^event: (\w+)\ndata: (.*)$/.exec(text.slice(0, end));
        assert.ok(found, text);
        events.push({ event: found[1]!, data: JSON.parse(found[2]!) });
        text = text.slice(end + 2);
      }
    }
  }
}

function turnOf(caller: string, heard: string): Turn {
  return turnWith({
    caller,
    heard,
    timing: { responseMs: 321, endpointMs: 1, hearMs: 1, thinkMs: 1, speakMs: 1, playMs: 1 },
    tools: [
      {
        id: 'run 1',
        name: 'book_appointment',
        arguments: '{}',
        result: 'x'.repeat(9000),
        elapsedMs: 5,
        failed: false,
      },
    ],
  });
}

test('calls that run are listed, and only those', async (t) => {
  const api = await startTestApi(t);
  const [owner, other, admin] = [
    await api.user(),
    await api.user(),
    await api.user({ role: 'admin' }),
  ];
  const business = await startBusiness(api, owner);
  await endedCall(api.database.general, business.client_id);
  const list = await api.as(owner).get('/api/active-calls');
  assert.deepEqual(
    list.json.map(({ call_id: id, client_id: client, owner_user_id: by }: any) => [id, client, by]),
    [[business.call_id, business.client_id, owner.id]],
  );
  assert.equal(list.json[0].caller_phone, '+14155550111');
  assert.deepEqual((await api.as(other).get('/api/active-calls')).json, []);
  assert.equal((await api.as(admin).get('/api/active-calls')).json.length, 1);
});

test('a call of another process is watched and ended from this one, and unwatched it sends nothing', async (t) => {
  const api = await startTestApi(t);
  const owner = await api.user();
  const business = await startBusiness(api, owner);
  const callId = business.call_id;
  const sql = api.database.general;
  // The process that has the call.
  const ended: CallControl[] = [];
  const database = openDatabase({ connection: api.connection, clock: systemClock, log: quietLog });
  const remote = await LiveEvents.open({
    sql: database.general,
    clock: systemClock,
    log: quietLog,
    tell: (id, control) => id === callId && ended.push(control) > 0,
  });
  t.after(async () => {
    await remote[Symbol.asyncDispose]();
    await database.close();
  });
  const heard: string[] = [];
  const told = () => heard.length > 0;
  const listener = await sql.listen('frontdesk_live', (text) => heard.push(text));
  t.after(() => listener.unlisten());

  remote.words(callId, 'nobody hears this', false);
  remote.turn(callId, 0, turnOf('nobody', 'nobody'));
  assert.equal(told(), false);

  await saveTurn(sql, callId, {
    ...turnRow(3, 'and on Sunday?', 300),
    unheard: 'On Sunday we are closed.',
  });
  const watcher = await watch(api, owner, callId);
  await until('the other process knows', told);
  assert.ok(heard[0]!.includes(callId));
  await until('the beginning is told', () => watcher.events.length >= 2);
  assert.deepEqual(
    watcher.events.map(({ event }) => event),
    ['call', 'balance'],
  );
  assert.equal(watcher.events[0]!.data.call_id, callId);
  const [before] = watcher.events[0]!.data.turns;
  assert.deepEqual(
    [before.number, before.tools[0].name, before.response_ms, before.unheard],
    [3, 'get_available_slots', 300, 'On Sunday we are closed.'],
  );
  assert.equal(watcher.events[1]!.data.balance_seconds, 1000);

  // Again and again: the other process learns by a connection of its own that somebody watches.
  const ofType = (type: string) => watcher.events.filter(({ event }) => event === type);
  await until('words come', () => {
    for (let count = 0; count < 20; count += 1) remote.words(callId, `word ${count}`, false);
    return ofType('words').length > 0;
  });

  // A tool is seen to run before its turn is over, whatever the model has written.
  const settled = turnOf('book me', `Booked. ${'é'.repeat(5000)}`);
  const [run] = settled.tools;
  const end = remote.tool(callId, 7, { ...run!, arguments: '語'.repeat(5000) });
  await until('the tool runs', () => ofType('tool_begun').length > 0);
  assert.deepEqual(ofType('tool_ended'), []);
  end({ ...run!, arguments: '語'.repeat(5000), result: '語'.repeat(5000) });
  await until('the tool has run', () => ofType('tool_ended').length > 0);
  remote.turn(callId, 7, { ...settled, ending: 'interrupted', unheard: '語'.repeat(2000) });
  await until('the turn comes', () => ofType('latency').length > 0);
  for (const { data } of ofType('words')) {
    assert.deepEqual(data, { text: 'word 19', final: false });
  }
  assert.deepEqual(
    watcher.events
      .slice(2)
      .filter(({ event }) => event !== 'words')
      .map(({ event, data }) => [event, data.turn, data.truncated ?? false]),
    [
      ['tool_begun', 7, true],
      ['tool_ended', 7, true],
      ['utterance', 7, false],
      ['utterance', 7, true],
      ['tool', 7, true],
      ['latency', 7, false],
    ],
  );
  const [begun, over, recorded] = ['tool_begun', 'tool_ended', 'tool'].map(
    (type) => ofType(type)[0]!.data,
  );
  assert.deepEqual([begun.id, over.id, recorded.id], ['run 1', 'run 1', 'run 1']);
  assert.deepEqual([begun.result, over.failed, over.elapsed_ms], [undefined, false, 5]);
  const [, said] = ofType('utterance').map(({ data }) => data);
  assert.deepEqual([said.interrupted, said.content.startsWith('Booked')], [true, true]);
  assert.match(said.unheard, /^語{100,}$/);
  for (const text of heard) assert.ok(Buffer.byteLength(text) <= 4000);

  assert.equal((await api.as(owner).post(`/api/active-calls/${callId}/hang-up`)).status, 202);
  await until('the call is told to end', () => ended.length > 0);
  assert.deepEqual(ended, [{ type: 'end', reason: 'owner' }]);
  await endConversation(sql, callId, 'test', {
    endReason: 'owner',
    outcome: 'answered',
    durationMs: 1,
  });
  remote.publish(callId, { type: 'end', reason: 'owner' });
  await watcher.over;
  assert.deepEqual(watcher.events.at(-1), { event: 'end', data: { reason: 'owner' } });
  const gone = await api.as(owner).post(`/api/active-calls/${callId}/hang-up`);
  assert.equal(gone.status, 404);
});

test('those who watch in the same process get events without the database', async (t) => {
  const api = await startTestApi(t);
  const owner = await api.user();
  const { client_id: clientId } = await startBusiness(api, owner);
  const callId = await runningCall(api.database.general, clientId);
  const live = await LiveEvents.open({
    sql: api.database.general,
    clock: systemClock,
    log: quietLog,
    tell: () => false,
  });
  t.after(() => live[Symbol.asyncDispose]());
  const got: LiveEvent[] = [];
  {
    using watching = live.watch(callId);
    live.words(callId, 'final words', true);
    live.publish(newId(0), { type: 'end', reason: 'of another call' });
    live.publish(callId, { type: 'end', reason: 'goodbye' });
    for await (const event of watching.events) {
      got.push(event);
      if (event.type === 'end') break;
    }
  }
  assert.deepEqual(got, [
    { type: 'words', text: 'final words', final: true },
    { type: 'end', reason: 'goodbye' },
  ]);
});

test('a watcher who leaves, leaves nothing', async (t) => {
  const api = await startTestApi(t);
  const owner = await api.user();
  const { call_id: callId } = await startBusiness(api, owner);
  const watcher = await watch(api, owner, callId);
  await until('it has begun', () => watcher.events.length > 0);
  watcher.stop();
  await watcher.over;
});

test('a machine that has answered a call of another process is told to that one, whole', async (t) => {
  const api = await startTestApi(t);
  const told: [string, CallControl][] = [];
  const parts = { sql: api.database.general, clock: systemClock, log: quietLog };
  const [here, there] = await Promise.all([
    LiveEvents.open({ ...parts, tell: () => assert.fail('not of this process') }),
    LiveEvents.open({ ...parts, tell: (id, control) => told.push([id, control]) > 0 }),
  ]);
  t.after(() => Promise.all([here[Symbol.asyncDispose](), there[Symbol.asyncDispose]()]));
  const message = '“Ünlü”: '.repeat(120);
  const machine = { type: 'machine', message, tone: true } as const;
  here.machine('one', machine);
  here.machine('two', { ...machine, message: '', tone: false });
  await until('both are told', () => told.length === 2);
  assert.deepEqual(told, [
    ['one', machine],
    ['two', { type: 'machine', message: '', tone: false }],
  ]);
});
