// Signatures, made here by the documented rule and by the vendor's own package: what is from Twilio and what is not.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import twilio from 'twilio';
import { isSignedForm, isSignedUpgrade } from '../../src/telephony/twilio-signature.ts';

const token = '12345678901234567890123456789012';
const secondary = 'abcdefabcdefabcdefabcdefabcdefab';
const settings = { publicUrl: 'https://desk.example', authTokens: [token, secondary] };
const form = { CallSid: 'CA1', From: '+15551234567', To: '+15550100', CallStatus: 'ringing' };

/** HMAC-SHA1 over the URL and the sorted fields, base64. */
function sign(url: string, fields: Record<string, string> = {}, key = token): string {
  const text = Object.keys(fields)
    .toSorted()
    .reduce((all, name) => all + name + fields[name], url);
  return createHmac('sha1', key).update(text, 'utf8').digest('base64');
}

test('our rule and the vendor’s package agree', () => {
  assert.equal(
    sign('https://desk.example/voice', form),
    twilio.getExpectedTwilioSignature(token, 'https://desk.example/voice', form),
  );
});

const good = sign('https://desk.example/voice', form);

const forms: readonly [
  what: string,
  request: {
    signature?: string | string[] | undefined;
    rawPath?: string;
    form?: Record<string, unknown>;
  },
  valid: boolean,
][] = [
  ['as signed', {}, true],
  [
    'by the secondary token',
    { signature: sign('https://desk.example/voice', form, secondary) },
    true,
  ],
  ['over the port, too', { signature: sign('https://desk.example:443/voice', form) }, true],
  [
    'with a query that was signed',
    { signature: sign('https://desk.example/voice?a=1', form), rawPath: '/voice?a=1' },
    true,
  ],
  ['missing', { signature: undefined }, false],
  ['empty', { signature: '' }, false],
  ['twice', { signature: [good, good] }, false],
  ['of another kind', { signature: 'é'.repeat(28) }, false],
  ['cut', { signature: good.slice(0, -1) }, false],
  ['longer', { signature: `${good}A` }, false],
  ['in lower case', { signature: good.toLowerCase() }, false],
  [
    'by another token',
    { signature: sign('https://desk.example/voice', form, 'x'.repeat(32)) },
    false,
  ],
  ['by an empty token', { signature: sign('https://desk.example/voice', form, '') }, false],
  ['over another path', { signature: sign('https://desk.example/status', form) }, false],
  ['over another host', { signature: sign('https://evil.example/voice', form) }, false],
  ['over http', { signature: sign('http://desk.example/voice', form) }, false],
  ['over another port', { signature: sign('https://desk.example:8443/voice', form) }, false],
  ['over the url only', { signature: sign('https://desk.example/voice') }, false],
  ['a field changed', { form: { ...form, To: '+15550199' } }, false],
  ['a field more', { form: { ...form, Extra: '1' } }, false],
  ['a field less', { form: { CallSid: 'CA1' } }, false],
  ['a field with a space', { form: { ...form, From: '+15551234567 ' } }, false],
  ['path with two slashes', { rawPath: '//voice' }, false],
  ['path with a slash behind', { rawPath: '/voice/' }, false],
  ['path in capitals', { rawPath: '/VOICE' }, false],
  ['path encoded', { rawPath: '/%76oice' }, false],
  ['path with a query', { rawPath: '/voice?x=1' }, false],
  ['a whole url as path', { rawPath: 'https://desk.example/voice' }, false],
  ['a path that makes another host', { rawPath: '.evil.example/voice' }, false],
  ['a path with a user', { rawPath: '@evil.example/voice' }, false],
  [
    'for a path that makes another host',
    {
      signature: sign('https://desk.example.evil.example/voice', form),
      rawPath: '.evil.example/voice',
    },
    false,
  ],
  ['no path', { rawPath: '' }, false],
  ['a field that is an object', { form: { ...form, From: Object.create(null) as unknown } }, false],
  ['a field that is nothing', { form: { ...form, From: undefined } }, false],
];

for (const [what, request, valid] of forms) {
  test(`a form signed ${what} is ${valid ? 'valid' : 'not'}`, () => {
    const {
      signature,
      rawPath,
      form: fields,
    } = { signature: good, rawPath: '/voice', form, ...request };
    assert.equal(isSignedForm(settings, { signature, rawPath }, fields), valid);
  });
}

test('repeated fields verify in any order, once each', () => {
  const url = 'https://desk.example/voice';
  const signature = twilio.getExpectedTwilioSignature(token, url, { Digits: ['2', '1', '2'] });
  assert.ok(isSignedForm(settings, { signature, rawPath: '/voice' }, { Digits: ['1', '2'] }));
});

test('a get is signed over its url', () => {
  const signature = sign('https://desk.example/voice?CallSid=CA1');
  assert.ok(isSignedForm(settings, { signature, rawPath: '/voice?CallSid=CA1' }, {}));
  assert.ok(!isSignedForm(settings, { signature, rawPath: '/voice?CallSid=CA2' }, {}));
});

test('without a token nothing is valid', () => {
  const none = { publicUrl: settings.publicUrl, authTokens: [] };
  assert.ok(!isSignedForm(none, { signature: good, rawPath: '/voice' }, form));
});

const path = '/ws/c1/%2B15551234567';
const upgrades: readonly [what: string, signed: string, valid: boolean][] = [
  ['as written in the TwiML', `wss://desk.example${path}`, true],
  ['with a slash behind', `wss://desk.example${path}/`, true],
  ['with the port', `wss://desk.example:443${path}`, true],
  ['with the port and a slash', `wss://desk.example:443${path}/`, true],
  ['as https', `https://desk.example${path}`, false],
  ['as ws', `ws://desk.example${path}`, false],
  ['decoded', 'wss://desk.example/ws/c1/+15551234567', false],
  ['for another client', 'wss://desk.example/ws/c2/%2B15551234567', false],
  ['for another caller', 'wss://desk.example/ws/c1/%2B15550000000', false],
  ['for another host', `wss://evil.example${path}`, false],
  ['for another port', `wss://desk.example:8443${path}`, false],
];

for (const [what, signed, valid] of upgrades) {
  test(`an upgrade signed ${what} is ${valid ? 'valid' : 'not'}`, () => {
    assert.equal(isSignedUpgrade(settings, { signature: sign(signed), rawPath: path }), valid);
    assert.equal(
      isSignedUpgrade(settings, { signature: sign(signed, {}, secondary), rawPath: path }),
      valid,
    );
  });
}

test('an upgrade that came with a slash verifies without', () => {
  const signature = sign(`wss://desk.example${path}`);
  assert.ok(isSignedUpgrade(settings, { signature, rawPath: `${path}/` }));
  assert.ok(!isSignedUpgrade(settings, { signature: undefined, rawPath: path }));
});

test('a public url with a port of its own', () => {
  const local = { publicUrl: 'http://localhost:8000/', authTokens: [token] };
  assert.ok(
    isSignedUpgrade(local, { signature: sign(`ws://localhost:8000${path}`), rawPath: path }),
  );
  assert.ok(
    isSignedForm(
      local,
      { signature: sign('http://localhost:8000/voice', form), rawPath: '/voice' },
      form,
    ),
  );
});
