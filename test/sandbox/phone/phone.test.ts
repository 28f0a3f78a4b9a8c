// The phone toward an application: signed webhook and upgrade, frames, keys, marks and clear, as Twilio's documents say.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import twilio from 'twilio';
import { encodeMulaw } from '../../../sandbox/phone/g711.ts';
import { encodeSpeech, tone } from '../../../sandbox/phone/caller-speech.ts';
import { Phone } from '../../../sandbox/phone/phone.ts';
import { newSid } from '../../../sandbox/phone/sids.ts';
import { startApplication, until } from './application.ts';
import type { AppStream, Application } from './application.ts';

const accountSid = newSid('AC');
const authToken = 'a token of the account';
const phone = new Phone({ accountSid, authToken });
const from = '+15551234567';
const to = '+15559876543';

let onStart: (stream: AppStream) => void = () => {};
const app = await startApplication(documents, (stream) => onStart(stream));
const { publicUrl } = app;
after(() => app.close());

function documents({ publicUrl, socketUrl }: Application): Record<string, string> {
  const stream = `<Stream url="${socketUrl}/ws/c1/%2B1555" statusCallback="/stream-status"><Parameter name="token" value="t&amp;1"/></Stream>`;
  return {
    '/voice': `<?xml version="1.0" encoding="UTF-8"?><Response><Connect>${stream}</Connect><Say>sorry</Say><Hangup/></Response>`,
    '/with-action': `<Response><Connect action="${publicUrl}/after">${stream}</Connect><Say>the tail</Say></Response>`,
    '/after': '<Response><Say>after</Say></Response>',
  };
}

function call(path = '/voice', more: object = {}) {
  onStart = () => {};
  return phone.placeCall({ voiceUrl: publicUrl + path, from, to, ...more });
}

async function connected(path = '/voice', more: object = {}) {
  const count = app.streams.length;
  const made = call(path, more);
  await until(() => app.streams[count]?.messages[1]?.event === 'start');
  return { made, stream: app.streams[count]! };
}

test('webhook and upgrade carry the signature that the official library computes', async () => {
  const { made, stream } = await connected();
  const post = app.posts.findLast(({ path }) => path === '/voice')!;
  const { validateRequest } = twilio;
  assert.ok(validateRequest(authToken, post.signature!, `${publicUrl}/voice`, post.fields));
  assert.ok(validateRequest(authToken, stream.signature!, app.socketUrl + stream.path, {}));
  assert.equal(post.fields['CallSid'], made.sid);
  assert.equal(post.fields['CallStatus'], 'ringing');
  assert.equal(post.fields['Direction'], 'inbound');
  assert.deepEqual([post.fields['From'], post.fields['To']], [from, to]);
  assert.match(post.fields['FromCountry']!, /^[A-Z]{2}$/);
  made.hangUp();
  await made.ended;
});

test('a stream says connected, start, then frames in order, keys and stop', async () => {
  const { made, stream } = await connected();
  await made.say(tone(100));
  made.press('5#');
  await until(() => stream.messages.some(({ dtmf }) => dtmf?.digit === '#'));
  made.hangUp();
  const summary = await made.ended;
  await until(() => stream.closed !== undefined);
  const [first, start] = stream.messages;
  assert.deepEqual(first, { event: 'connected', protocol: 'Call', version: '1.0.0' });
  assert.equal(start!.sequenceNumber, '1');
  assert.equal(start!.start.callSid, made.sid);
  assert.equal(start!.start.accountSid, accountSid);
  assert.deepEqual(start!.start.customParameters, { token: 't&1' });
  const numbers = stream.messages.slice(1).map(({ sequenceNumber }) => Number(sequenceNumber));
  assert.deepEqual(
    numbers,
    [...numbers.keys()].map((index) => index + 1),
  );
  const media = stream.messages.filter(({ event }) => event === 'media');
  for (const [index, { media: frame }] of media.entries()) {
    assert.equal(frame.chunk, String(index + 1));
    assert.equal(frame.timestamp, String(index * 20));
    assert.equal(Buffer.from(frame.payload, 'base64').length, 160);
  }
  const said = media.map(({ media: frame }) => frame.payload).join();
  assert.ok(said.includes(encodeSpeech(tone(100)).frames.join()));
  assert.equal(stream.messages.at(-1)!.event, 'stop');
  assert.deepEqual(stream.closed, { code: 1000 });
  assert.equal(summary.endedBy, 'caller');
  assert.equal(summary.framesSent, media.length);
});

test('frames keep the time of the clock', async () => {
  const { made, stream } = await connected();
  await until(() => stream.messages.filter(({ event }) => event === 'media').length >= 30);
  made.hangUp();
  const summary = await made.ended;
  assert.equal(summary.framesSent, Math.floor(summary.connectedMs / 20));
});

test('marks come back when their audio has been played, in order', async () => {
  const { made, stream } = await connected();
  stream.mark('at once');
  stream.play(encodeMulaw(tone(200)));
  stream.mark('after the tone');
  await until(() => stream.messages.filter(({ event }) => event === 'mark').length === 2);
  const marks = made.history.filter((event) => event.type === 'mark');
  const span = made.earpiece.spans[0]!;
  assert.deepEqual(
    marks.map(({ name, played }) => [name, played]),
    [
      ['at once', true],
      ['after the tone', true],
    ],
  );
  assert.ok(Math.abs(span.endMs - span.startMs - 200) < 1e-6);
  assert.ok(marks[0]!.atMs <= span.startMs);
  assert.ok(marks[1]!.atMs >= span.endMs);
  made.hangUp();
  await made.ended;
});

test('clear silences at once and brings all marks back as not played', async () => {
  const { made, stream } = await connected('/voice', { keepAudio: true });
  stream.play(encodeMulaw(tone(5000)));
  stream.mark('one');
  stream.play(encodeMulaw(tone(5000)));
  stream.mark('two');
  await made.speaking(100);
  stream.clear();
  await until(() => stream.messages.filter(({ event }) => event === 'mark').length === 2);
  const marks = made.history.filter((event) => event.type === 'mark');
  assert.deepEqual(
    marks.map(({ name, played }) => [name, played]),
    [
      ['one', false],
      ['two', false],
    ],
  );
  const cleared = made.history.find((event) => event.type === 'clear')!;
  const [span, ...others] = made.earpiece.spans;
  assert.deepEqual(others, []);
  const [piece] = made.earpiece.pieces;
  assert.ok(Math.abs(span!.endMs - piece!.startMs - piece!.bytes.length / 8) < 1);
  assert.ok(span!.endMs <= cleared.atMs);
  assert.ok(span!.endMs + cleared.droppedMs - span!.startMs > 9999);
  stream.mark('the queue is empty');
  await until(() => stream.messages.some(({ mark }) => mark?.name === 'the queue is empty'));
  made.hangUp();
  await made.ended;
});

test('response and interruption are measured on the line', async () => {
  const { made, stream } = await connected();
  stream.play(encodeMulaw(tone(100)));
  await made.reply(350);
  await made.say(tone(200));
  stream.play(encodeMulaw(tone(3000)));
  await made.speaking(200);
  const saying = made.say(tone(400));
  await until(() => made.voice.spans.length === 2);
  stream.clear();
  await saying;
  made.hangUp();
  const { times } = await made.ended;
  assert.ok(times.firstAudioMs! >= 0);
  assert.ok(times.greetingMs! >= times.firstAudioMs!);
  assert.equal(times.responses.length, 1);
  assert.ok(times.responses[0]!.responseMs >= 0);
  assert.equal(times.bargeIns.length, 1);
  assert.ok(times.bargeIns[0]!.silentAfterMs! > 0);
  assert.ok(times.bargeIns[0]!.silentAfterMs! < 400);
});

test('when the application closes the socket the next verb runs', async () => {
  const { made, stream } = await connected();
  stream.socket.close();
  const summary = await made.ended;
  assert.deepEqual(summary.verbs, ['Connect', 'Say', 'Hangup']);
  assert.deepEqual(summary.said, ['sorry']);
  assert.equal(summary.endedBy, 'twiml');
});

test('an action on Connect takes the place of the tail', async () => {
  const { made, stream } = await connected('/with-action');
  stream.socket.close();
  const summary = await made.ended;
  assert.deepEqual(summary.said, ['after']);
});

test('stream and call status callbacks are signed', async () => {
  const { made } = await connected('/voice', { statusCallback: `${publicUrl}/call-status` });
  const before = app.posts.length;
  made.hangUp();
  await made.ended;
  const posts = app.posts.slice(before);
  const stopped = posts.find(({ fields }) => fields['StreamEvent'] === 'stream-stopped')!;
  const completed = posts.find(({ path }) => path === '/call-status')!;
  for (const { path, fields, signature } of [stopped, completed]) {
    assert.ok(twilio.validateRequest(authToken, signature!, publicUrl + path, fields));
    assert.equal(fields['CallSid'], made.sid);
  }
  assert.equal(stopped.path, '/stream-status');
  assert.equal(completed.fields['CallStatus'], 'completed');
  assert.equal(completed.fields['CallDuration'], '1');
});

test('a message that is not of the three kinds is warned of once, a binary one ends the stream', async () => {
  const { made, stream } = await connected();
  stream.socket.send('{}');
  stream.socket.send('{"event":"mark","streamSid":"MZother","mark":{"name":"x"}}');
  stream.socket.send(Buffer.from([1, 2, 3]));
  const { warnings } = await made.ended;
  assert.deepEqual(
    warnings.map(({ code }) => code),
    [31_951, 31_950],
  );
});
