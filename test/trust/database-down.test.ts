// The database goes away: ringing calls get valid TwiML, running ones go on and are charged in full when it is back.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseTwiml } from '../../sandbox/phone/twiml.ts';
import {
  assertBilled,
  assertSound,
  eventually,
  finished,
  greeted,
  lateness,
} from '../support/product/after-call.ts';
import { carrierPost, ringFields } from '../support/product/carrier.ts';
import { startTestFrontdesk } from '../support/product/frontdesk.ts';
import type { TestFrontdesk } from '../support/product/frontdesk.ts';
import { testServer } from '../support/database/test-server.ts';

const fallbackNumber = '+12025550188';
/** On a busy machine; without its grace the call would end so much earlier, with the usual one so much later. */
const MOMENT_MS = 10_000;
const meter = {
  beatMs: 500,
  beatJitterMs: 50,
  headroomSeconds: 3,
  startSecondsMin: 1,
  wrapUpMs: 1500,
  graceMs: 30_000,
  reapMs: 1000,
  reapJitterMs: 100,
};

describe('the database goes away', { concurrency: 5 }, () => {
  test('a call rings while the database is paused, and while it is gone', async (t) => {
    const server = await testServer(t);
    const f = await startTestFrontdesk(t, {
      connection: server.connection,
      client: { fallbackNumber },
    });
    const fields = () => ringFields(f, { from: '+14155550100', to: f.client.number });
    const ring = async (verbs: string[]) => {
      const [answer, lateMs] = await Promise.all([
        carrierPost(f, { path: '/voice', fields: fields() }),
        lateness(f),
      ]);
      assert.equal(answer.status, 200);
      assert.ok(answer.elapsedMs < 5000 + lateMs, `${answer.elapsedMs} ms, ${lateMs} ms late`);
      const found = parseTwiml(answer.text).children.map(({ name }) => name);
      assert.deepEqual(found, verbs);
    };
    await ring(['Connect', 'Say', 'Dial']);
    await server.kill('SIGSTOP');
    await Promise.all([1, 2, 3].map(() => ring(['Say', 'Dial'])));
    await server.kill('SIGCONT');
    await server.kill('SIGKILL');
    await ring(['Say', 'Dial']);
    await ring(['Say', 'Dial']);
    // Who rings so often is no caller but a circle of numbers that dial each other.
    await ring(['Say', 'Hangup']);
    const unknown = ringFields(f, { from: '+14155550100', to: '+12025559999' });
    const answer = await carrierPost(f, { path: '/voice', fields: unknown });
    assert.deepEqual(
      parseTwiml(answer.text).children.map(({ name }) => name),
      ['Say', 'Hangup'],
    );
    assert.equal((await fetch(`${f.publicUrl}/ready`)).status, 503);
    assert.equal((await fetch(`${f.publicUrl}/health`)).status, 200);
    await server.start();
    await ready(f);
    await assertSound(f);
  });

  test('the database is away in the middle of a call and comes back', async (t) => {
    const server = await testServer(t);
    const f = await startTestFrontdesk(t, { connection: server.connection, timers: { meter } });
    const call = f.call();
    await greeted(call);
    await server.kill('SIGSTOP');
    f.says.push('when do you open', 'are you sure');
    f.openai.script('We open at nine.', 'Yes, at nine.');
    await call.say(f.voice('when do you open'));
    await call.reply(700, 60_000);
    await server.kill('SIGKILL');
    await call.say(f.voice('are you sure'));
    await call.reply(700, 60_000);
    await server.start();
    await ready(f);
    call.hangUp();
    const record = await finished(f, call);
    assert.equal(record.conversation.endReason, 'caller');
    assertBilled(record, record.summary.connectedMs);
    const said = record.utterances.map(({ content }) => content);
    assert.ok(
      said.includes('We open at nine.') && said.includes('Yes, at nine.'),
      said.join(' / '),
    );
    await assertSound(f);
  });

  test('the database stays away: the call ends politely after its grace', async (t) => {
    const server = await testServer(t);
    const graceMs = 3000;
    const f = await startTestFrontdesk(t, {
      connection: server.connection,
      client: { fallbackNumber },
      timers: { meter: { ...meter, graceMs } },
    });
    const call = f.call();
    await greeted(call);
    const downMs = call.nowMs;
    await server.kill('SIGKILL');
    const summary = await call.ended;
    const lastedMs = summary.durationMs - downMs;
    // The quota that was granted, the grace, and no more than a moment.
    assert.ok(lastedMs >= graceMs - 500, `${lastedMs} ms`);
    assert.ok(lastedMs <= meter.headroomSeconds * 1000 + graceMs + MOMENT_MS, `${lastedMs} ms`);
    assert.ok(['rest', 'twiml'].includes(summary.endedBy));
    // A sentence was spoken before the end.
    assert.ok(call.earpiece.spans.some(({ endMs }) => endMs > downMs + 500));
    await server.start();
    const record = await finished(f, call);
    assertBilled(record, summary.connectedMs);
    await assertSound(f);
  });
});

async function ready({ publicUrl }: TestFrontdesk): Promise<void> {
  await eventually('a server that is ready', async () =>
    (await fetch(`${publicUrl}/ready`)).ok ? true : undefined,
  );
}
