// Media stream messages as tables: what Twilio sends, what it never should, and what we send.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  PAYLOAD_BYTES_MAX,
  clearMessage,
  markMessage,
  mediaMessage,
  parseMessage,
} from '../../src/telephony/twilio-messages.ts';

const streamSid = 'MZ0123456789abcdef0123456789abcdef';
const callSid = 'CA0123456789abcdef0123456789abcdef';
const accountSid = 'AC0123456789abcdef0123456789abcdef';

const mediaFormat = { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 };
const start = { streamSid, accountSid, callSid, tracks: ['inbound'], mediaFormat };
const media = { track: 'inbound', chunk: '7', timestamp: '125', payload: '//79/A==' };

function parse(message: unknown) {
  return parseMessage(typeof message === 'string' ? message : JSON.stringify(message));
}

test('connected', () => {
  const message = { event: 'connected', protocol: 'Call', version: '1.0.0' };
  assert.deepEqual(parse(message), { type: 'connected' });
});

test('start carries who is calling and our parameters', () => {
  const customParameters = { token: 'abc', name: 'Zoë ☎', __proto__x: 'y' };
  const message = {
    event: 'start',
    sequenceNumber: '1',
    streamSid,
    start: { ...start, customParameters, somethingNew: {} },
  };
  assert.deepEqual(parse(message), {
    type: 'start',
    start: {
      streamSid,
      callSid,
      accountSid,
      customParameters: new Map([
        ['token', 'abc'],
        ['name', 'Zoë ☎'],
        ['__proto__x', 'y'],
      ]),
    },
  });
});

test('start without parameters has none', () => {
  const parsed = parse({ event: 'start', streamSid, start });
  assert.ok(parsed.type === 'start');
  assert.equal(parsed.start.customParameters.size, 0);
});

test('a parameter may be called anything without touching an object', () => {
  const text = `{"event":"start","streamSid":"${streamSid}","start":${JSON.stringify(start).slice(0, -1)},"customParameters":{"__proto__":"evil","constructor":"x"}}}`;
  const parsed = parse(text);
  assert.ok(parsed.type === 'start');
  assert.equal(parsed.start.customParameters.get('__proto__'), 'evil');
  assert.equal(({} as Record<string, unknown>)['evil'], undefined);
});

test('media is decoded to mu-law bytes', () => {
  const parsed = parse({ event: 'media', sequenceNumber: '9', streamSid, media });
  assert.ok(parsed.type === 'media');
  assert.equal(parsed.media.streamSid, streamSid);
  assert.equal(parsed.media.chunk, 7);
  assert.equal(parsed.media.timestampMs, 125);
  assert.equal(Buffer.from(parsed.media.payload).toString('hex'), 'fffefdfc');
});

test('media is read the same in whatever order its fields come', () => {
  const sid = `"streamSid":"${streamSid}"`;
  const head = '{"event":"media","sequenceNumber":"9",';
  const body = (fields: string) => `"media":{${fields}}`;
  const fields = ['"track":"inbound"', '"chunk":"7"', '"timestamp":"125"', '"payload":"//79/A=="'];
  const usual = body(fields.join());
  const wanted = parse({ event: 'media', sequenceNumber: '9', streamSid, media });
  for (const text of [
    `${head}${sid},${usual}}`,
    `${head}${body(fields.toReversed().join())},${sid}}`,
  ]) {
    assert.deepEqual(parse(text), wanted, text);
  }
  // Of two ids the last counts, as in JSON.
  const twice = parse(`${head}"streamSid":"MZother",${usual},${sid}}`);
  assert.ok(twice.type === 'media' && twice.media.streamSid === streamSid);
});

test('dtmf, mark and stop', () => {
  const dtmf = {
    event: 'dtmf',
    streamSid,
    sequenceNumber: '5',
    dtmf: { track: 'inbound_track', digit: '#' },
  };
  assert.deepEqual(parse(dtmf), { type: 'dtmf', streamSid, sequence: 5, digit: '#' });
  const mark = { event: 'mark', streamSid, sequenceNumber: '4', mark: { name: '0:12' } };
  assert.deepEqual(parse(mark), { type: 'mark', streamSid, name: '0:12' });
  const stop = { event: 'stop', streamSid, sequenceNumber: '9', stop: { accountSid, callSid } };
  assert.deepEqual(parse(stop), { type: 'stop', streamSid });
});

test('every key of a telephone is known, and no other', () => {
  for (const digit of '0123456789*#ABCD') {
    assert.equal(
      parse({ event: 'dtmf', streamSid, sequenceNumber: '1', dtmf: { digit } }).type,
      'dtmf',
    );
  }
  for (const digit of ['', '12', 'E', 'a', ' ', '٣', 1, null, undefined]) {
    assert.deepEqual(parse({ event: 'dtmf', streamSid, sequenceNumber: '1', dtmf: { digit } }), {
      type: 'rejected',
      reason: 'bad-digit',
    });
  }
});

test('an event that is new to us is no fault', () => {
  assert.deepEqual(parse({ event: 'transcription', streamSid }), { type: 'unknown' });
});

const rejections: readonly [what: string, message: unknown, reason: string][] = [
  ['nothing', '', 'not-json'],
  ['half a message', '{"event":"media"', 'not-json'],
  ['two messages', '{"event":"connected"}{"event":"connected"}', 'not-json'],
  ['NaN', '{"event":NaN}', 'not-json'],
  ['a list', '[]', 'not-an-object'],
  ['a text', '"start"', 'not-an-object'],
  ['null', 'null', 'not-an-object'],
  ['a number', '7', 'not-an-object'],
  ['no event', '{}', 'bad-field'],
  ['an event that is no text', '{"event":{"media":1}}', 'bad-field'],
  ['media without a stream', { event: 'media', media }, 'bad-field'],
  ['media without media', { event: 'media', streamSid }, 'bad-field'],
  ['media as a list', { event: 'media', streamSid, media: [media] }, 'bad-field'],
  ['a stream id with a quote', { event: 'media', streamSid: 'MZ"x', media }, 'bad-field'],
  ['a stream id without end', { event: 'media', streamSid: 'M'.repeat(65), media }, 'bad-field'],
  [
    'our own voice',
    { event: 'media', streamSid, media: { ...media, track: 'outbound' } },
    'bad-field',
  ],
  ['a chunk as number', { event: 'media', streamSid, media: { ...media, chunk: 7 } }, 'bad-field'],
  [
    'a chunk below zero',
    { event: 'media', streamSid, media: { ...media, chunk: '-7' } },
    'bad-field',
  ],
  [
    'a chunk beyond numbers',
    { event: 'media', streamSid, media: { ...media, chunk: '9'.repeat(16) } },
    'bad-field',
  ],
  [
    'no timestamp',
    { event: 'media', streamSid, media: { ...media, timestamp: undefined } },
    'bad-field',
  ],
  [
    'a timestamp of 1e3',
    { event: 'media', streamSid, media: { ...media, timestamp: '1e3' } },
    'bad-field',
  ],
  [
    'a payload that is no text',
    { event: 'media', streamSid, media: { ...media, payload: 5 } },
    'bad-field',
  ],
  [
    'an empty payload',
    { event: 'media', streamSid, media: { ...media, payload: '' } },
    'empty-payload',
  ],
  [
    'base64 cut short',
    { event: 'media', streamSid, media: { ...media, payload: '//79/A=' } },
    'bad-base64',
  ],
  [
    'base64 with a space',
    { event: 'media', streamSid, media: { ...media, payload: '//79 A==' } },
    'bad-base64',
  ],
  [
    'base64 with a line end',
    { event: 'media', streamSid, media: { ...media, payload: '//79\n/A=' } },
    'bad-base64',
  ],
  [
    'base64 of the URL kind',
    { event: 'media', streamSid, media: { ...media, payload: '__79_A==' } },
    'bad-base64',
  ],
  [
    'base64 with padding inside',
    { event: 'media', streamSid, media: { ...media, payload: '/A==//79' } },
    'bad-base64',
  ],
  [
    'base64 of nothing',
    { event: 'media', streamSid, media: { ...media, payload: '====' } },
    'bad-base64',
  ],
  [
    'a payload of emoji',
    { event: 'media', streamSid, media: { ...media, payload: '😀😀' } },
    'bad-base64',
  ],
  [
    '100 kB of audio',
    { event: 'media', streamSid, media: { ...media, payload: 'A'.repeat(133_336) } },
    'payload-too-long',
  ],
  [
    'one byte too much',
    {
      event: 'media',
      streamSid,
      media: { ...media, payload: Buffer.alloc(PAYLOAD_BYTES_MAX + 1).toString('base64') },
    },
    'payload-too-long',
  ],
  ['start without start', { event: 'start', streamSid }, 'bad-field'],
  ['start of another stream', { event: 'start', streamSid: 'MZother', start }, 'bad-field'],
  [
    'start without a call',
    { event: 'start', streamSid, start: { ...start, callSid: undefined } },
    'bad-field',
  ],
  [
    'start without an account',
    { event: 'start', streamSid, start: { ...start, accountSid: 4 } },
    'bad-field',
  ],
  [
    'start in stereo',
    {
      event: 'start',
      streamSid,
      start: { ...start, mediaFormat: { ...mediaFormat, channels: 2 } },
    },
    'bad-format',
  ],
  [
    'start at 16 kHz',
    {
      event: 'start',
      streamSid,
      start: { ...start, mediaFormat: { ...mediaFormat, sampleRate: 16_000 } },
    },
    'bad-format',
  ],
  [
    'start without a format',
    { event: 'start', streamSid, start: { ...start, mediaFormat: undefined } },
    'bad-field',
  ],
  [
    'a parameter that is no text',
    { event: 'start', streamSid, start: { ...start, customParameters: { token: 5 } } },
    'bad-field',
  ],
  [
    'parameters as a list',
    { event: 'start', streamSid, start: { ...start, customParameters: ['x'] } },
    'bad-field',
  ],
  [
    'a parameter without end',
    {
      event: 'start',
      streamSid,
      start: { ...start, customParameters: { token: 'x'.repeat(700) } },
    },
    'bad-field',
  ],
  [
    'a thousand parameters',
    {
      event: 'start',
      streamSid,
      start: {
        ...start,
        customParameters: Object.fromEntries(
          Array.from({ length: 1000 }, (_, i) => [`p${i}`, 'x']),
        ),
      },
    },
    'bad-field',
  ],
  ['dtmf without number', { event: 'dtmf', streamSid, dtmf: { digit: '1' } }, 'bad-field'],
  ['dtmf without dtmf', { event: 'dtmf', streamSid, sequenceNumber: '1' }, 'bad-field'],
  ['a mark without a name', { event: 'mark', streamSid, mark: {} }, 'bad-field'],
  [
    'a mark with a long name',
    { event: 'mark', streamSid, mark: { name: 'x'.repeat(65) } },
    'bad-field',
  ],
  ['stop without a stream', { event: 'stop' }, 'bad-field'],
];

for (const [what, message, reason] of rejections) {
  test(`rejected: ${what}`, () => {
    assert.deepEqual(parse(message), { type: 'rejected', reason });
  });
}

test('the longest payload is still taken', () => {
  const payload = Buffer.alloc(PAYLOAD_BYTES_MAX, 0x7f).toString('base64');
  const parsed = parse({ event: 'media', streamSid, media: { ...media, payload } });
  assert.ok(parsed.type === 'media');
  assert.equal(parsed.media.payload.length, PAYLOAD_BYTES_MAX);
});

test('what we send is what Twilio documents', () => {
  assert.deepEqual(JSON.parse(mediaMessage(streamSid, Uint8Array.of(0xff, 0xfe, 0xfd, 0xfc))), {
    event: 'media',
    streamSid,
    media: { payload: '//79/A==' },
  });
  assert.deepEqual(JSON.parse(markMessage(streamSid, '3:14')), {
    event: 'mark',
    streamSid,
    mark: { name: '3:14' },
  });
  assert.deepEqual(JSON.parse(clearMessage(streamSid)), { event: 'clear', streamSid });
});

test('audio that is part of a larger buffer is sent alone', () => {
  const larger = Uint8Array.of(1, 2, 0xff, 0xfe, 0xfd, 0xfc, 3);
  const message = mediaMessage(streamSid, larger.subarray(2, 6));
  assert.match(message, /"payload":"\/\/79\/A=="/);
});
