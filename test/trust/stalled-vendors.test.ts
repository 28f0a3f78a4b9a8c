// Vendors that accept and then say nothing: the caller hears something within five seconds, whichever of them it is.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Call } from '../../sandbox/phone/call.ts';
import { assertBilled, assertSound, finished, greeted } from '../support/product/after-call.ts';
import { startTestFrontdesk } from '../support/product/frontdesk.ts';
import type { TestFrontdesk } from '../support/product/frontdesk.ts';

const SILENCE_MS_MAX = 5000;
const fallbackNumber = '+12025550188';

describe('a vendor says nothing', { concurrency: 4 }, () => {
  test('the model stalls: an apology, and the next turn works', async (t) => {
    const f = await startTestFrontdesk(t);
    const call = f.call();
    await greeted(call);
    f.openai.faults.add({ on: 'request', do: 'stall', times: 2 });
    f.says.push('when do you open', 'when do you open');
    const askedMs = await asks(f, call);
    // A few words first, because the model is slow; the apology when the second model has said nothing, either.
    await call.until(() => f.log.some(({ msg }) => msg === 'turn failed'), 60_000);
    await call.speaking(20, 60_000);
    await call.quiet(2000, 60_000);
    assertNeverSilent(call, askedMs);
    assert.equal(f.openai.faults.faults.length, 0);
    f.openai.script('We open at nine.');
    await asks(f, call);
    await call.reply(700, 60_000);
    call.hangUp();
    const record = await finished(f, call);
    assert.deepEqual(record.utterances.at(-1), { role: 'assistant', content: 'We open at nine.' });
    assertBilled(record, record.summary.connectedMs);
    await assertSound(f);
  });

  test('the caller asks again while the model that takes over is stuck: answered when it is not any more', async (t) => {
    const f = await startTestFrontdesk(t);
    const call = f.call();
    await greeted(call);
    f.openai.faults.add(
      { on: 'request', match: 'POST', do: 'stall' },
      { on: 'request', match: 'OPTIONS', do: 'stall' },
    );
    f.says.push('when do you open', 'when do you open');
    const askedMs = await asks(f, call);
    // It is being opened, and will be for seconds.
    await call.until(() => f.openai.faults.faults.length === 0, 60_000);
    f.openai.script('We open at nine.');
    await asks(f, call);
    await call.reply(700, 60_000);
    assertNeverSilent(call, askedMs);
    call.hangUp();
    const record = await finished(f, call);
    assert.deepEqual(record.utterances.at(-1), { role: 'assistant', content: 'We open at nine.' });
    await assertSound(f);
  });

  test('the model stalls in the middle of its answer', async (t) => {
    const f = await startTestFrontdesk(t);
    const call = f.call();
    await greeted(call);
    f.openai.script(
      'We open at nine, and we close at five in the evening on every day of the week.',
    );
    f.openai.faults.add({ on: 'message', match: 'evening', do: 'stall' });
    f.says.push('when do you open');
    const askedMs = await asks(f, call);
    await call.reply(700, 60_000);
    await call.quiet(1500, 60_000);
    call.hangUp();
    await finished(f, call);
    assertNeverSilent(call, askedMs);
    await assertSound(f);
  });

  test('the voice stalls: an apology in stored speech', async (t) => {
    const f = await startTestFrontdesk(t, { client: { fallbackNumber } });
    const call = f.call();
    await greeted(call);
    f.cartesia.faults.add({ on: 'message', do: 'stall' });
    f.openai.script('We open at nine.', 'We open at nine.');
    f.says.push('when do you open');
    const askedMs = await asks(f, call);
    await call.reply(700, 60_000);
    assertNeverSilent(call, askedMs);
    call.hangUp();
    await finished(f, call);
    await assertSound(f);
  });

  test('the recogniser stalls: the caller is handed over, or asked again', async (t) => {
    const f = await startTestFrontdesk(t, { client: { fallbackNumber } });
    const call = f.call();
    await greeted(call);
    f.deepgram.faults.add({ on: 'message', do: 'stall', times: 3 });
    f.says.push('when do you open', 'when do you open');
    f.openai.script('We open at nine.');
    const askedMs = await asks(f, call);
    await call.until(() => soundAfter(call, askedMs), 60_000);
    assertNeverSilent(call, askedMs);
    call.hangUp();
    await finished(f, call);
    await assertSound(f);
  });

  test('no vendor can be reached at all: a message is taken as sound', async (t) => {
    const f = await startTestFrontdesk(t);
    for (const vendor of [f.deepgram, f.cartesia]) {
      vendor.faults.add({ on: 'connect', do: 'status:503', times: 90 });
    }
    f.openai.faults.add({ on: 'request', do: 'status:503', times: 90 });
    const call = f.call();
    await call.speaking(20, 60_000);
    await call.quiet(1200, 60_000);
    await call.say(f.voice('this is Anna, please call me back about my appointment'));
    const record = await finished(f, call);
    assertNeverSilent(call, call.line!.startedMs!);
    assert.deepEqual(
      [record.conversation.endReason, record.conversation.outcome],
      ['failed', 'message'],
    );
    const [message] = await f.database.general<{ phone: string; seconds: number }[]>`
      SELECT phone, length(audio)::float / 8000 AS seconds FROM messages JOIN message_audio ON message_id = id`;
    assert.equal(message?.phone, record.conversation.callerPhone);
    assert.ok(message.seconds > 2 && message.seconds < 8, `${message.seconds} s`);
    assertBilled(record, record.summary.connectedMs);
  });

  test('no vendor can be reached at all: the caller is greeted with an apology and handed over', async (t) => {
    const f = await startTestFrontdesk(t, { client: { fallbackNumber } });
    for (const vendor of [f.deepgram, f.cartesia]) {
      vendor.faults.add({ on: 'connect', do: 'status:503', times: 50 });
    }
    f.openai.faults.add({ on: 'request', do: 'status:503', times: 50 });
    const call = f.call();
    const record = await finished(f, call);
    assertNeverSilent(call, call.line!.startedMs!);
    assert.equal(record.conversation.endReason, 'transferred');
    const dials = call.history.flatMap((event) => (event.type === 'dial' ? [event.target] : []));
    assert.deepEqual(dials, [fallbackNumber]);
    assertBilled(record, record.summary.connectedMs);
    for (const { faults } of [f.deepgram, f.cartesia, f.openai]) faults.clear();
    await assertSound(f);
  });
});

/** The caller asks; when they were done. */
async function asks(f: TestFrontdesk, call: Call): Promise<number> {
  await call.say(f.voice('when do you open'));
  return call.nowMs;
}

function soundAfter(call: Call, ms: number): boolean {
  return call.earpiece.spans.some(({ endMs }) => endMs > ms);
}

/** No stretch of more than 5 s without sound from either side, from then until now; a machine that stands still is not silent. */
function assertNeverSilent(call: Call, fromMs: number): void {
  const untilMs = Math.min(call.nowMs, call.durationMs);
  const spans = [
    ...call.earpiece.spans,
    ...call.voice.spans.map(({ startMs, endMs = untilMs }) => ({ startMs, endMs })),
  ].toSorted((a, b) => a.startMs - b.startMs);
  let quietMs = fromMs;
  for (const { startMs, endMs } of [...spans, { startMs: untilMs, endMs: untilMs }]) {
    if (endMs < fromMs) continue;
    const silence = startMs - quietMs - call.stalledMs(quietMs, startMs);
    assert.ok(silence <= SILENCE_MS_MAX, `${Math.round(silence)} ms of silence`);
    quietMs = Math.max(quietMs, endMs);
  }
}
