// Media streams that end badly, come twice, or lie: the seconds stay right, and a call is one call.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { newSid } from '../../sandbox/phone/sids.ts';
import { systemClock } from '../../src/lib/clock.ts';
import {
  assertBilled,
  assertSound,
  effects,
  eventually,
  finished,
  greeted,
  leasesOf,
  recordOf,
} from '../support/product/after-call.ts';
import {
  carrierPost,
  openMediaSocket,
  ringFields,
  startMessage,
  streamOf,
} from '../support/product/carrier.ts';
import { startTestFrontdesk } from '../support/product/frontdesk.ts';

const SOCKETS = 16;

describe('a media stream', { concurrency: 6 }, () => {
  test('a line that is cut, and one that goes dead, are charged to the last frame', async (t) => {
    const f = await startTestFrontdesk(t, { timers: { stream: { mediaSilenceMs: 2500 } } });
    const cut = f.call();
    const dead = f.call();
    await Promise.all([greeted(cut), greeted(dead)]);
    cut.line!.cut();
    const deadMs = dead.nowMs - dead.line!.startedMs!;
    dead.line!.blackHole();
    const record = await recordOf(f, cut.sid);
    assert.equal(record.conversation.endReason, 'lost');
    const { connectedMs } = await cut.ended;
    assertBilled(record, connectedMs);
    // The verbs behind the stream speak for us.
    assert.deepEqual((await cut.ended).said, ['I am sorry, we have lost the connection.']);

    const silent = await recordOf(f, dead.sid);
    assert.equal(silent.conversation.endReason, 'lost');
    assertBilled(silent, deadMs);
    dead.hangUp();
    await assertSound(f);
  });

  test('start five times is one call', async (t) => {
    const f = await startTestFrontdesk(t);
    const call = f.call();
    await greeted(call);
    for (let count = 0; count < 5; count += 1) call.line!.sendStart();
    f.says.push('hello');
    f.openai.script('We open at nine.');
    await call.say(f.voice('hello'));
    await call.reply(700, 60_000);
    call.hangUp();
    const record = await finished(f, call);
    assert.equal(record.leases.length, 1);
    assertBilled(record, record.summary.connectedMs);
    assert.deepEqual(record.utterances.at(-1), { role: 'assistant', content: 'We open at nine.' });
    await assertSound(f);
  });

  test('sixteen sockets with one token: one is let in', async (t) => {
    const f = await startTestFrontdesk(t);
    const fields = ringFields(f, { from: '+14155550100', to: f.client.number });
    const callSid = fields['CallSid']!;
    const { url, token } = streamOf((await carrierPost(f, { path: '/voice', fields })).text);
    const sockets = await Promise.all(
      Array.from({ length: SOCKETS }, () => openMediaSocket(f, url)),
    );
    const sids = sockets.map(() => newSid('MZ'));
    for (const [index, socket] of sockets.entries()) {
      socket.send(startMessage(f, { callSid, streamSid: sids[index]!, token }));
    }
    await eventually('fifteen refusals', async () =>
      sockets.filter(({ code }) => code === 1008).length === SOCKETS - 1 ? true : undefined,
    );
    const winner = sockets.findIndex(({ code }) => code === undefined);
    sockets[winner]!.media(sids[winner]!, 20);
    await eventually('a greeting', async () =>
      sockets[winner]!.received.some(({ event }) => event === 'media') ? true : undefined,
    );
    assert.equal((await leasesOf(f.database.general, callSid)).length, 1);
    assert.equal((await effects(f)).conversations, 1);
    const losers = sockets.filter((_, index) => index !== winner);
    assert.ok(losers.every(({ received }) => received.length === 0));
    sockets[winner]!.end();
    const record = await recordOf(f, callSid);
    assert.equal(record.leases.length, 1);
    await assertSound(f);
  });

  test('start with the token of another call, account or client is refused', async (t) => {
    const f = await startTestFrontdesk(t);
    const other = await f.addClient();
    const before = { leases: 0, conversations: 0, ledger: 0 };
    const offer = async (to = f.client.number) => {
      const fields = ringFields(f, { from: '+14155550100', to });
      const { url, token } = streamOf((await carrierPost(f, { path: '/voice', fields })).text);
      return { url, token, callSid: fields['CallSid']! };
    };
    const streamSid = newSid('MZ');
    const mine = await offer();
    const otherUrl = (await offer(other.number)).url;
    const lies: [url: string, start: object][] = [
      [mine.url, startMessage(f, { ...mine, streamSid, callSid: newSid('CA') })],
      [mine.url, startMessage({ ...f, accountSid: newSid('AC') }, { ...mine, streamSid })],
      [otherUrl, startMessage(f, { ...mine, streamSid })],
      [mine.url, startMessage(f, { ...mine, streamSid, token: '' })],
      [mine.url, startMessage(f, { ...mine, streamSid, token: `${mine.token}A` })],
    ];
    for (const [index, [url, start]] of lies.entries()) {
      const socket = await openMediaSocket(f, url);
      socket.media(streamSid, 5);
      socket.send({ event: 'dtmf', sequenceNumber: '1', streamSid, dtmf: { digit: '1' } });
      socket.send(start);
      assert.equal(await socket.closed, 1008, `lie ${index}`);
      assert.deepEqual(socket.received, []);
    }
    const { leases, conversations, ledger } = await effects(f);
    assert.deepEqual({ leases, conversations, ledger }, before);
    // None of them has used the token up.
    const right = await openMediaSocket(f, mine.url);
    right.send(startMessage(f, { ...mine, streamSid }));
    right.media(streamSid, 10);
    await eventually('a greeting', async () => (right.received.length > 0 ? true : undefined));
    right.end();
    await recordOf(f, mine.callSid);
    await assertSound(f);
  });

  test('a socket that says nothing is closed', async (t) => {
    const f = await startTestFrontdesk(t, { timers: { stream: { startMs: 300 } } });
    const fields = ringFields(f, { from: '+14155550100', to: f.client.number });
    const { url } = streamOf((await carrierPost(f, { path: '/voice', fields })).text);
    const socket = await openMediaSocket(f, url);
    const began = systemClock.elapsed();
    assert.equal(await socket.closed, 1008);
    assert.ok(systemClock.elapsed() - began < 3000);
    assert.equal((await effects(f)).leases, 0);
    await assertSound(f);
  });

  test('a second stream of the same call takes it over: one conversation, charged once', async (t) => {
    const f = await startTestFrontdesk(t);
    const from = '+14155550100';
    const call = f.call({ from });
    await greeted(call);
    // The carrier asks again for a call in progress, as after a redirect.
    const again = f.call({ from, callSid: call.sid });
    await again.speaking(20, 60_000);
    await eventually('the end of the first stream', async () =>
      call.history.some(({ type }) => type === 'stream-ended') ? true : undefined,
    );
    await again.quiet(700, 60_000);
    f.says.push('hello');
    f.openai.script('We open at nine.');
    await again.say(f.voice('hello'));
    await again.reply(700, 60_000);
    again.hangUp();
    const { connectedMs } = await again.ended;
    const record = await recordOf(f, call.sid);
    assert.deepEqual(
      record.leases.map(({ reason }) => reason),
      ['superseded', 'stop'],
    );
    assert.equal((await effects(f)).conversations, 1);
    assert.equal(record.conversation.endReason, 'caller');
    assert.deepEqual(record.utterances.at(-1), { role: 'assistant', content: 'We open at nine.' });
    const first = await call.ended;
    assert.ok(record.billed <= Math.ceil((first.connectedMs + connectedMs) / 1000) + 1);
    await assertSound(f);
  });
});
