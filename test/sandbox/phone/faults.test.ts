// What the phone can do wrong on purpose: each fault must really reach the other side.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { noise, encodeSpeech, tone } from '../../../sandbox/phone/caller-speech.ts';
import { chained, dropped, duplicated, shuffled } from '../../../sandbox/phone/faults.ts';
import type { LineFaults, MediaFrame } from '../../../sandbox/phone/media-line.ts';
import { Phone } from '../../../sandbox/phone/phone.ts';
import { newSid } from '../../../sandbox/phone/sids.ts';
import { startApplication, until } from './application.ts';

const phone = new Phone({ accountSid: newSid('AC'), authToken: 'token' });
const app = await startApplication(({ socketUrl }) => ({
  '/voice': `<Response><Connect><Stream url="${socketUrl}/ws/a"/></Connect><Say>tail</Say></Response>`,
}));
after(() => app.close());

async function connect(line: LineFaults = {}, more: { noise?: Int16Array } = {}) {
  const count = app.streams.length;
  const { publicUrl } = app;
  const call = phone.placeCall({
    publicUrl,
    from: '+15550001111',
    to: '+15550002222',
    line,
    ...more,
  });
  await until(() => app.streams[count] !== undefined && call.line?.startedMs !== undefined);
  return { call, stream: app.streams[count]!, line: call.line! };
}

test('cut: the socket closes without stop, and the tail runs', async () => {
  const { call, stream, line } = await connect();
  await until(() => stream.messages.some(({ event }) => event === 'media'));
  line.cut();
  const summary = await call.ended;
  await until(() => stream.closed !== undefined);
  assert.equal(stream.closed!.code, 1006);
  assert.ok(!stream.messages.some(({ event }) => event === 'stop'));
  assert.deepEqual(summary.said, ['tail']);
});

test('black hole: frames stop, the socket stays', async () => {
  const { call, stream, line } = await connect();
  await until(() => stream.messages.length > 3);
  line.blackHole();
  const fromMs = call.nowMs;
  await until(() => call.nowMs > fromMs + 100);
  const count = stream.messages.length;
  await until(() => call.nowMs > fromMs + 200);
  assert.equal(stream.messages.length, count);
  assert.equal(stream.closed, undefined);
  call.hangUp();
  await call.ended;
});

test('a reader that stops leaves what we send in the buffers', async () => {
  const { call, stream, line } = await connect();
  await until(() => stream.messages.some(({ event }) => event === 'start'));
  line.stopReading();
  stream.play(new Uint8Array(4_000_000));
  await until(() => stream.socket.bufferedAmount > 1_000_000);
  assert.equal(call.earpiece.receivedMs, 0);
  line.read();
  await until(() => call.earpiece.receivedMs === 500_000);
  call.hangUp();
  await call.ended;
});

test('start twice, raw text, binary, bytes past the protocol', async () => {
  const { call, stream, line } = await connect();
  line.sendStart();
  line.sendRaw('not json');
  line.sendBytes(Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff]));
  await until(() => stream.closed !== undefined);
  assert.equal(stream.messages.filter(({ event }) => event === 'start').length, 2);
  await call.ended;
  // The reserved bits of the frame are set: a protocol error.
  const ended = call.history.find((event) => event.type === 'stream-ended')!;
  assert.deepEqual([ended.by, ended.reason], ['server', 'code 1002']);
});

test('frames in a flood come at once', async () => {
  const { call, stream, line } = await connect();
  line.sendFrames(500);
  const fromMs = call.nowMs;
  await until(() => stream.messages.length > 500);
  assert.ok(call.nowMs - fromMs < 5000);
  call.hangUp();
  await call.ended;
});

test('a silent stream sends nothing; without start keys still come', async () => {
  const silent = await connect({ silent: true });
  const { call, stream } = await connect({ withoutStart: true });
  call.press('1');
  await until(() => stream.messages.some(({ event }) => event === 'dtmf'));
  assert.deepEqual(
    stream.messages.map(({ event }) => event).filter((event) => event === 'start'),
    [],
  );
  assert.deepEqual(silent.stream.messages, []);
  await phone.hangUpAll();
});

test('start may lie, and signatures may be missing or wrong', async () => {
  const { call, stream } = await connect({ start: { callSid: 'CAother' }, signature: 'missing' });
  await until(() => stream.messages.some(({ event }) => event === 'start'));
  assert.equal(stream.messages[1]!.start.callSid, 'CAother');
  assert.equal(stream.signature, undefined);
  const wrong = await connect({ signature: 'wrong' });
  const right = await connect();
  assert.notEqual(wrong.stream.signature, right.stream.signature);
  assert.ok(call.line);
  await phone.hangUpAll();
});

const frames = Array.from({ length: 300 }, (_, index): MediaFrame => ({
  chunk: index + 1,
  timestamp: index * 20,
  payload: '',
}));
const chunks = (mangle: (frame: MediaFrame) => readonly MediaFrame[]) =>
  frames.flatMap((frame) => mangle(frame)).map(({ chunk }) => chunk);

test('shuffled frames are all there, within their window', () => {
  const out = chunks(shuffled(1));
  assert.deepEqual(
    out.toSorted((a, b) => a - b),
    frames.map(({ chunk }) => chunk),
  );
  assert.ok(out.some((chunk, index) => chunk !== index + 1));
  assert.ok(out.every((chunk, index) => Math.abs(chunk - index - 1) <= 2));
  assert.deepEqual(chunks(shuffled(1)), out);
});

test('a share of frames is repeated or lost', () => {
  assert.ok(Math.abs(chunks(duplicated(2, 0.1)).length - 330) < 15);
  assert.ok(Math.abs(chunks(dropped(3, 0.1)).length - 270) < 15);
  assert.ok(chunks(chained(dropped(3, 1), duplicated(2, 1))).length === 0);
});

test('background fills the pauses of the caller', async () => {
  const hiss = encodeSpeech(noise(200));
  assert.equal(hiss.frames.length, 10);
  const { call, stream } = await connect({}, { noise: noise(200) });
  await until(() => stream.messages.some(({ media }) => media?.payload === hiss.frames[3]));
  await call.say(tone(40));
  // The noise is no speech of the caller's.
  const [span] = call.voice.spans;
  assert.equal(span!.endMs! - span!.startMs, 40);
  call.hangUp();
  await call.ended;
});
