// Media messages from their bytes: what is read is what JSON says, and all else is left to it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MediaReader } from '../../src/telephony/media-reader.ts';
import { PAYLOAD_BYTES_MAX, parseMessage } from '../../src/telephony/twilio-messages.ts';

const streamSid = 'MZ0123456789abcdef0123456789abcdef';
const sid = `"streamSid":"${streamSid}"`;
const head = '{"event":"media","sequenceNumber":"9",';
const fields = ['"track":"inbound"', '"chunk":"7"', '"timestamp":"125"', '"payload":"//79/A=="'];
const usual = `"media":{${fields.join()}}`;
const message = `${head}${usual},${sid}}`;

const reader = new MediaReader(streamSid);

function read(text: string) {
  return reader.read(Buffer.from(text));
}

/** As JSON; undefined for what is no media. */
function parsed(text: string) {
  const result = parseMessage(text);
  if (result.type !== 'media') return undefined;
  return { ...result.media, payload: Uint8Array.from(result.media.payload) };
}

test('a message as Twilio writes it', () => {
  const wanted = {
    streamSid,
    chunk: 7,
    timestampMs: 125,
    payload: Uint8Array.of(255, 254, 253, 252),
  };
  assert.deepEqual(read(message), wanted);
  assert.deepEqual(read(`${head}${sid},${usual}}`), wanted);
});

test('audio of every length is read as it was written', () => {
  for (const length of [1, 2, 3, 4, 159, 160, 161, 1600, PAYLOAD_BYTES_MAX]) {
    const audio = Uint8Array.from({ length }, (_, i) => (i * 37) & 0xff);
    const text = message.replace('//79/A==', Buffer.from(audio).toString('base64'));
    assert.deepEqual(read(text)?.payload, audio, String(length));
  }
});

test('what is written otherwise, or wrong, is left to JSON', () => {
  for (const text of [
    '',
    ` ${message}`,
    `${message} `,
    message.slice(0, -1),
    `${message}}`,
    `${head}${usual}}`,
    `${head}${sid},${usual},${sid}}`,
    `${head}"media":{${fields.toReversed().join()}},${sid}}`,
    message.replace(streamSid, 'MZother'),
    message.replace('"7"', '7'),
    message.replace('"7"', '""'),
    message.replace('"7"', '"-7"'),
    message.replace('"7"', '"1234567890123456"'),
    message.replace('inbound', 'outbound'),
    message.replace('//79/A==', ''),
    message.replace('//79/A==', '//79/A='),
    message.replace('//79/A==', '//79/A'),
    message.replace('//79/A==', '//79/A=A'),
    message.replace('//79/A==', '===='),
    message.replace('//79/A==', '__79_A=='),
    message.replace('//79/A==', '//79\u00e9A=='),
    message.replace('//79/A==', 'A'.repeat(16_000)),
    message.slice(0, message.indexOf('/A==')),
  ]) {
    assert.equal(read(text), undefined, text.slice(0, 200));
  }
});

test('whatever is changed in a message, what is read of it is what JSON says', () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed % below;
  };
  const characters = '{}",:0129=+/-_AZaz\\ \u00e9';
  let accepted = 0;
  for (let round = 0; round < 20_000; round += 1) {
    const at = random(message.length + 1);
    const other = characters[random(characters.length)]!;
    const text = message.slice(0, at) + other + message.slice(at + random(3));
    const media = read(text);
    if (!media) continue;
    accepted += 1;
    assert.deepEqual(media, parsed(text), text);
  }
  assert.ok(accepted > 200, String(accepted));
});
