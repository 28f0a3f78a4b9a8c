// The whole server from one call's first ring to its ledger entry, and its end that cuts nobody off.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  assertBilled,
  assertSound,
  eventually,
  finished,
  greeted,
} from '../support/product/after-call.ts';
import { carrierPost, ringFields } from '../support/product/carrier.ts';
import { startTestFrontdesk } from '../support/product/frontdesk.ts';

const fallbackNumber = '+12025550188';
/** The design asks for 100 ms; a test only notices a change of kind. */
const GREETING_MS_MAX = 3000;

describe('a call', { concurrency: 4 }, () => {
  test('is greeted, answered, stored, charged, and ended through REST after the goodbye', async (t) => {
    const f = await startTestFrontdesk(t);
    const first = f.call();
    await greeted(first);
    first.hangUp();
    await finished(f, first);

    f.says.push('when do you open', 'thank you goodbye');
    f.openai.script('We open at nine.', {
      text: 'Thank you, goodbye.',
      calls: [{ name: 'end_call', arguments: {} }],
    });
    const call = f.call();
    await greeted(call);
    await call.say(f.voice('when do you open'));
    await call.reply(700, 60_000);
    await call.say(f.voice('thank you goodbye'));
    const record = await finished(f, call);
    const { summary, conversation } = record;
    assert.equal(summary.endedBy, 'rest');
    assert.deepEqual(summary.verbs, ['Connect']);
    assert.equal(summary.warnings.length, 0);
    // The first call has had the greeting stored.
    assert.ok(summary.times.greetingMs! < GREETING_MS_MAX, `${summary.times.greetingMs} ms`);
    t.diagnostic(`greeting after ${Math.round(summary.times.greetingMs!)} ms`);
    assert.equal(summary.times.responses.length, 2);
    assert.deepEqual(
      record.utterances.map(({ role, content }) => `${role}: ${content.toLowerCase()}`),
      [
        'assistant: hello, how can i help you?',
        'user: when do you open?',
        'assistant: we open at nine.',
        'user: thank you goodbye.',
        'assistant: thank you, goodbye.',
      ],
    );
    assert.deepEqual([conversation.endReason, conversation.outcome], ['goodbye', 'answered']);
    assertBilled(record, summary.connectedMs);
    const [entry] = await f.database.general<{ seconds: number }[]>`
      SELECT -delta_seconds::int AS seconds FROM ledger WHERE kind = 'call' ORDER BY id DESC`;
    assert.equal(entry!.seconds, record.billed);
    await assertSound(f);
    // Nothing stays open at a vendor.
    await eventually('closed vendors', async () =>
      f.deepgram.counts.open === 0 && f.cartesia.counts.open === 0 ? true : undefined,
    );
  });

  test("is handed over to the owner's number and to no other", async (t) => {
    const f = await startTestFrontdesk(t, { client: { fallbackNumber } });
    f.says.push('a person please');
    f.openai.script({ text: '', calls: [{ name: 'transfer_call', arguments: {} }] });
    const call = f.call();
    await greeted(call);
    await call.say(f.voice('a person please'));
    const record = await finished(f, call);
    const dials = call.history.flatMap((event) => (event.type === 'dial' ? [event.target] : []));
    assert.deepEqual(dials, [fallbackNumber]);
    assert.ok(
      call.history.some((event) => event.type === 'update' && event.change !== 'completed'),
    );
    assert.equal(record.conversation.endReason, 'transferred');
    assert.equal(record.conversation.outcome, 'transferred');
    // Who has been handed over does not pay us for the talk.
    assertBilled(record, record.summary.connectedMs);
    await assertSound(f);
  });

  test('is not kept from ending by a carrier whose REST is away', async (t) => {
    const f = await startTestFrontdesk(t);
    f.twilio.fault = { status: 500, code: 20_500 };
    f.says.push('goodbye');
    f.openai.script({ text: 'Goodbye.', calls: [{ name: 'end_call', arguments: {} }] });
    const call = f.call();
    await greeted(call);
    await call.say(f.voice('goodbye'));
    const record = await finished(f, call);
    assert.equal(record.conversation.endReason, 'goodbye');
    // The socket closed, so the verbs behind the stream ran.
    assert.equal(record.summary.endedBy, 'twiml');
    f.twilio.fault = undefined;
    await assertSound(f);
  });

  test('survives the end of the process, while new ones go to the fallback number', async (t) => {
    const f = await startTestFrontdesk(t, { client: { fallbackNumber } });
    f.says.push('goodbye');
    f.openai.script({ text: 'Goodbye.', calls: [{ name: 'end_call', arguments: {} }] });
    const call = f.call();
    await greeted(call);
    let drained = false;
    const draining = f.frontdesk.drain(60_000).then(() => (drained = true));
    const ready = await fetch(`${f.publicUrl}/ready`);
    assert.equal(ready.status, 503);
    assert.equal((await fetch(`${f.publicUrl}/health`)).status, 200);
    const fields = ringFields(f, { from: '+14155550100', to: f.client.number });
    const { status, text } = await carrierPost(f, { path: '/voice', fields });
    assert.equal(status, 200);
    assert.match(text, /<Say.*<Dial.*\+12025550188/);
    assert.doesNotMatch(text, /<Stream/);
    assert.equal(drained, false);
    await call.say(f.voice('goodbye'));
    const record = await finished(f, call);
    assert.equal(record.conversation.endReason, 'goodbye');
    assertBilled(record, record.summary.connectedMs);
    await draining;
    await assert.rejects(fetch(`${f.publicUrl}/health`));
  });

  test('that outlives the end of the process is told, ended and charged', async (t) => {
    const f = await startTestFrontdesk(t);
    const call = f.call();
    await greeted(call);
    await f.frontdesk.drain(0);
    const record = await finished(f, call);
    assert.ok(['drained', 'failed', 'lost'].includes(record.conversation.endReason!));
    assertBilled(record, record.summary.connectedMs);
    const books = await f.database.general`
      SELECT 1 FROM meter_audit WHERE net <> ledger_sum OR reserved <> lease_sum`;
    assert.equal(books.length, 0);
  });
});
