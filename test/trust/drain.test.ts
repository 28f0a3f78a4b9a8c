// A deploy while callers talk (T10): the process that ends takes no more calls, and another goes on with those that outlive it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  assertBilled,
  assertSound,
  effects,
  eventually,
  greeted,
  finished,
  recordOf,
} from '../support/product/after-call.ts';
import { carrierPost, ringFields } from '../support/product/carrier.ts';
import { testDatabase } from '../support/database/database.ts';
import { startTestFrontdesk } from '../support/product/frontdesk.ts';
import { freePort } from '../support/free-port.ts';
import { openFront } from '../support/servers/front.ts';

/** What a process keeps for calls that outlive the rest of its time. */
const LAST_MS = 20_000;

describe('a process that ends', { concurrency: 4 }, () => {
  test('hands a running call to another: one conversation that knows its past, each second charged once', async (t) => {
    const store = await testDatabase();
    t.after(() => store.close());
    const { connection } = store;
    const old = await startTestFrontdesk(t, {
      connection,
      env: { PORT: String(await freePort()) },
    });
    const young = await startTestFrontdesk(t, {
      connection,
      env: { ...old.env, PORT: String(await freePort()) },
    });
    await openFront(t, Number(new URL(old.publicUrl).port), [
      old.frontdesk.address,
      young.frontdesk.address,
    ]);

    const call = old.call();
    await greeted(call);
    old.says.push('I am Anna');
    old.openai.script('Hello Anna.');
    await call.say(old.voice('I am Anna'));
    await call.reply(700, 60_000);
    const drained = old.frontdesk.drain(LAST_MS);
    assert.equal((await fetch(`${old.frontdesk.address}/ready`)).status, 503);
    old.says.push('what was that');
    old.openai.script('Your name is Anna.');
    await call.say(old.voice('what was that'));
    await eventually('the call in the other process', async () =>
      young.frontdesk.activeCalls.size === 1 ? true : undefined,
    );
    await drained;
    await call.quiet(700, 60_000);
    old.says.push('are you still there');
    old.openai.script('Still here, Anna.');
    await call.say(old.voice('are you still there'));
    await call.reply(700, 60_000);
    call.hangUp();
    const { connectedMs } = await call.ended;

    const record = await recordOf(young, call.sid);
    assert.deepEqual(
      record.leases.map(({ reason }) => reason),
      ['drain', 'stop'],
    );
    assert.equal((await effects(young)).conversations, 1);
    assert.equal(record.conversation.endReason, 'caller');
    assert.deepEqual(record.utterances.at(-1), { role: 'assistant', content: 'Still here, Anna.' });
    const lastRequest = JSON.stringify(old.openai.requests.at(-1));
    assert.match(lastRequest, /Hello Anna\./);
    // A second begun on each of the two lines.
    assert.ok(record.billed <= Math.ceil(connectedMs / 1000) + 1);
    assert.ok(record.billed >= Math.floor(connectedMs / 1000) - 2, `${record.billed} s`);
    // Its phone is the one that calls the address in front of both.
    await assertSound(old);
  });

  test('alone, lets the caller know before it hangs up, and sends new calls elsewhere', async (t) => {
    const fallbackNumber = '+12025550188';
    const f = await startTestFrontdesk(t, { client: { fallbackNumber } });
    const call = f.call();
    await greeted(call);
    // A quarter of it is for the end of the call, which on a busy machine takes some of it.
    const drained = f.frontdesk.drain(4000);
    const fields = ringFields(f, { from: '+14155550100', to: f.client.number });
    const refused = await carrierPost(f, { path: '/voice', fields });
    assert.match(refused.text, /<Dial/);
    const waiting = await carrierPost(f, { path: '/voice/after', fields });
    assert.match(waiting.text, /<Pause[^>]*\/><Redirect[^>]*>[^<]*waits=1</);
    const weary = await carrierPost(f, { path: '/voice/after?waits=10', fields });
    assert.match(weary.text, /<Dial/);
    await drained;
    const record = await finished(f, call);
    assert.equal(record.conversation.endReason, 'drained');
    assertBilled(record, record.summary.connectedMs);
  });
});
