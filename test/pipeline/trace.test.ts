// The times of a turn: from the caller's last voiced frame to our first audible one, and what lies between.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Trace } from '../../src/pipeline/trace.ts';
import { VirtualClock } from '../support/clock.ts';

const RATE = 8000;
const silence = (ms: number) => new Int16Array(ms * 8);
const tone = (ms: number) => new Int16Array(ms * 8).fill(3000);

test('each stage, with the silence that a voice begins with counted as waiting', async () => {
  const clock = new VirtualClock();
  await clock.advance(1000);
  const trace = new Trace(clock, { decidedMs: 1000, times: { endpointMs: 250, hearMs: 120 } });
  await clock.advance(200);
  trace.onToken();
  await clock.advance(30);
  trace.onToken();
  trace.onText('Hello. ');
  await clock.advance(90);
  trace.onSpeech(silence(20), RATE);
  trace.onSpeech(Int16Array.from([...silence(10), ...tone(10)]), RATE);
  await clock.advance(500);
  trace.onSpeech(tone(20), RATE);
  assert.deepEqual(trace.timing, {
    endpointMs: 250,
    hearMs: 120,
    thinkMs: 200,
    speakMs: 90,
    playMs: 30,
    responseMs: 250 + 200 + 30 + 90 + 30,
  });
  const { callerAt, heardAt } = trace.wallTimes();
  assert.equal(heardAt! - callerAt!, 600);
});

test('a turn that nobody heard has no response time', () => {
  const trace = new Trace(new VirtualClock(), undefined);
  trace.onSpeech(silence(500), RATE);
  const { responseMs, thinkMs, speakMs } = trace.timing;
  assert.deepEqual([responseMs, thinkMs, speakMs], [undefined, undefined, undefined]);
  assert.deepEqual(trace.wallTimes(), { callerAt: undefined, heardAt: undefined });
});

test('usage adds up; what tools want spoken is given out once', () => {
  const trace = new Trace(new VirtualClock(), undefined);
  trace.addUsage({ inputTokens: 10, outputTokens: 2 });
  trace.addUsage(undefined);
  trace.addUsage({ inputTokens: 5, outputTokens: 1 });
  trace.onText('abc');
  trace.onText('de');
  assert.deepEqual(trace.usage, { inputTokens: 15, outputTokens: 3, characters: 5, served: [] });
  const run = { id: 'r', name: 't', arguments: '{}', result: 'r', elapsedMs: 1, failed: false };
  trace.addTool(run, { text: 'r', say: 'Booked.', outcome: 'booked' });
  trace.addTool(run, { text: 'r' });
  assert.equal(trace.saysPending, 1);
  assert.deepEqual(trace.takeSays(), ['Booked.']);
  assert.deepEqual(trace.takeSays(), []);
  assert.deepEqual(trace.outcomes, ['booked']);
  assert.equal(trace.tools.length, 2);
  trace.toolStarts();
  trace.toolStarts();
  trace.toolEnds();
  assert.equal(trace.toolRunning, true);
  trace.toolEnds();
  assert.equal(trace.toolRunning, false);
});

test('who served is told by vendor; a voice that gave its characters back did not', () => {
  const trace = new Trace(new VirtualClock(), undefined);
  trace.addUsage({ inputTokens: 10, outputTokens: 2, model: 'one' });
  trace.addUsage({ inputTokens: 5, outputTokens: 1, model: 'two' });
  trace.addWasted({ inputTokens: 7, outputTokens: 0, model: 'two' });
  trace.addWasted({ inputTokens: 100, outputTokens: 100 });
  trace.onGiven('mute', 3);
  trace.onGiven('mute', -3);
  trace.onGiven('voice', 3);
  trace.onGiven('voice', 4);
  assert.deepEqual(trace.usage.served, [
    { vendor: 'one', unit: 'input_tokens', quantity: 10 },
    { vendor: 'one', unit: 'output_tokens', quantity: 2 },
    { vendor: 'two', unit: 'input_tokens', quantity: 12 },
    { vendor: 'two', unit: 'output_tokens', quantity: 1 },
    { vendor: 'voice', unit: 'characters', quantity: 7 },
  ]);
});
