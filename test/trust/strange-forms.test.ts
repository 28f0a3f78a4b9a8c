// The carrier's forms with one strange value at a time, at every address that it knows: an answer it can use, and nothing odd stored.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTwiml } from '../../sandbox/phone/twiml.ts';
import { assertSound, effects } from '../support/product/after-call.ts';
import { carrierPost, ringFields } from '../support/product/carrier.ts';
import { startTestFrontdesk } from '../support/product/frontdesk.ts';

const paths = [
  '/voice/after?waits=-1',
  '/voice/after?waits=1e308',
  '/voice/after?waits=1&waits=2',
  '/voice/status',
  '/voice/stream-status',
  '/voice/transfer/announce?transfer=__proto__',
  '/voice/transfer/key?transfer=%00',
  '/voice/transfer/status?transfer=-1',
  '/voice/fallback-status?dial=NaN',
  '/voice/after-transfer?transfer=9999-12-31',
  '/voice/outbound?call=__proto__',
  '/voice/outbound-status?call=%00',
  '/voice/outbound-amd?call=-1',
  '/sms',
];

const fields = [
  'CallSid',
  'From',
  'To',
  'CallStatus',
  'CallDuration',
  'DialCallStatus',
  'DialCallDuration',
  'Digits',
  'AnsweredBy',
  'MachineDetectionDuration',
  'StreamEvent',
  'StreamError',
  'Direction',
  'Body',
  'MessageSid',
];

const values = ['', ' ', '\u0000', 'x'.repeat(5000), 'NaN', '-1', '1e308', '__proto__', '🙂‮'];

test('every address of the carrier, every field', async (t) => {
  const f = await startTestFrontdesk(t);
  const before = await effects(f);
  const usual = ringFields(f, { from: '+14155550100', to: '+12025559999' });
  for (const path of paths) {
    await Promise.all(
      fields.flatMap((field) =>
        values.map(async (value) => {
          const where = `${path} ${field}: ${JSON.stringify(value).slice(0, 40)}`;
          const answer = await carrierPost(f, { path, fields: { ...usual, [field]: value } });
          assert.ok(
            [200, 204].includes(answer.status),
            `${where}: ${answer.status} ${answer.text}`,
          );
          if (answer.text !== '') parseTwiml(answer.text);
        }),
      ),
    );
  }
  assert.deepEqual(await effects(f), before);
  await assertSound(f);
});
