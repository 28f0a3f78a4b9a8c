// What we tell Twilio to do: the elements exactly, whatever texts are put into them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  afterTransferTwiml,
  askAgainTwiml,
  connectTwiml,
  hangUpTwiml,
  mediaStreamUrl,
  refusalTwiml,
  redirectTwiml,
  rejectTwiml,
  transferTwiml,
  goOnTwiml,
  whisperTwiml,
} from '../../src/telephony/twiml.ts';
import type { Refusal } from '../../src/telephony/carrier-sentences.ts';

const head = '<?xml version="1.0" encoding="UTF-8"?>';

test('a call is connected without action, and a stream that dies has a tail', () => {
  const twiml = connectTwiml({
    streamUrl: 'wss://host/ws/c1/%2B15551234567',
    token: 't0k',
    statusCallbackUrl: 'https://host/voice/stream-status',
    farewell: {
      sentence: 'We lost you.',
      language: 'en-US',
      fallbackNumber: '+15550100',
      fallbackStatusUrl: 'https://host/voice/fallback-status?client=c1',
    },
  });
  assert.equal(
    twiml,
    `${head}<Response><Connect><Stream url="wss://host/ws/c1/%2B15551234567" ` +
      'statusCallback="https://host/voice/stream-status" statusCallbackMethod="POST">' +
      '<Parameter name="token" value="t0k"/></Stream></Connect>' +
      '<Say language="en-US">We lost you.</Say>' +
      '<Dial answerOnBridge="true" timeout="25">' +
      '<Number statusCallback="https://host/voice/fallback-status?client=c1" ' +
      'statusCallbackEvent="initiated answered completed" statusCallbackMethod="POST">+15550100</Number></Dial></Response>',
  );
});

test('without a fallback number the tail hangs up', () => {
  const twiml = connectTwiml({
    streamUrl: 'wss://host/ws/c1/anonymous',
    token: 't',
    farewell: { sentence: 'Goodbye.', language: 'de-DE' },
  });
  assert.ok(twiml.endsWith('<Say language="de-DE">Goodbye.</Say><Hangup/></Response>'));
  assert.ok(!twiml.includes('statusCallback'));
});

const refusals: readonly Refusal[] = [
  'unknown-number',
  'inactive',
  'no-credit',
  'too-many-calls',
  'unavailable',
];

for (const refusal of refusals) {
  test(`refused for ${refusal}: a sentence, then the fallback number or the end`, () => {
    const alone = refusalTwiml(refusal, { language: 'en-US' });
    assert.match(
      alone,
      /^<\?xml[^>]*><Response><Say language="en-US">[^<]+<\/Say><Hangup\/><\/Response>$/,
    );
    const dialled = refusalTwiml(refusal, { language: 'en-US', fallbackNumber: '+15550100' });
    assert.match(
      dialled,
      /^<\?xml[^>]*><Response><Say language="en-US">[^<]+<\/Say><Dial [^>]*><Number>\+15550100<\/Number><\/Dial><\/Response>$/,
    );
    assert.doesNotMatch(alone + dialled, /credit|balance|inactive|pay/i, 'not the caller’s affair');
  });
}

test('a transfer asks us afterwards how it went', () => {
  assert.equal(
    transferTwiml({ phoneNumber: '+15550100', actionUrl: 'https://host/voice/after' }),
    `${head}<Response><Dial action="https://host/voice/after" method="POST" answerOnBridge="true" ` +
      'timeout="25"><Number>+15550100</Number></Dial></Response>',
  );
});

test('of a person who is not asked the carrier tells when they answer', () => {
  const options = { phoneNumber: '+15550100', actionUrl: 'https://host/after' };
  assert.match(
    transferTwiml({ ...options, statusUrl: 'https://host/status?transfer=1&x=2' }),
    /<Number statusCallback="https:\/\/host\/status\?transfer=1&amp;x=2" statusCallbackEvent="answered completed" statusCallbackMethod="POST">\+15550100<\/Number>/,
  );
});

test('a called person hears twice who it is, and is not connected without a key', () => {
  const announceUrl = 'https://host/voice/transfer/announce?transfer=1&x=2';
  const phoneNumber = '+15550100';
  assert.match(
    transferTwiml({ phoneNumber, actionUrl: 'https://host/after', announceUrl }),
    /<Number url="https:\/\/host\/voice\/transfer\/announce\?transfer=1&amp;x=2">\+15550100<\/Number>/,
  );
  const told = {
    announcement: 'Ann & <Co>',
    choice: 'Press 1.',
    language: 'en-US',
    keyUrl: 'https://host/key',
  };
  const say = (text: string) => `<Say language="en-US">${text}</Say>`;
  const sentences = `${say('Ann &amp; &lt;Co&gt;')}${say('Press 1.')}`;
  assert.equal(
    whisperTwiml(told),
    `${head}<Response><Gather action="https://host/key" method="POST" numDigits="1" timeout="6">` +
      `${sentences}${sentences}</Gather><Hangup/></Response>`,
  );
  assert.equal(goOnTwiml(), `${head}<Response/>`);
});

test('after a transfer: nothing to add if they spoke, an apology if nobody was there', () => {
  for (const status of ['completed', 'answered']) {
    assert.equal(
      afterTransferTwiml(status, { language: 'en-US' }),
      `${head}<Response><Hangup/></Response>`,
    );
  }
  for (const status of ['busy', 'no-answer', 'failed', 'canceled', '', undefined, 7]) {
    assert.match(
      afterTransferTwiml(status, { language: 'en-US' }),
      /<Response><Say language="en-US">[^<]+<\/Say><Hangup\/>/,
    );
  }
});

test('a call is sent to whichever process answers, at once or a little later, or ended', () => {
  const url = 'https://host/voice/after?waits=1&x="';
  const redirect = '<Redirect method="POST">https://host/voice/after?waits=1&amp;x="</Redirect>';
  assert.equal(redirectTwiml(url), `${head}<Response>${redirect}</Response>`);
  assert.equal(askAgainTwiml(url), `${head}<Response><Pause length="2"/>${redirect}</Response>`);
  assert.equal(hangUpTwiml(), `${head}<Response><Hangup/></Response>`);
});

test('a call can be turned away unanswered', () => {
  assert.equal(rejectTwiml(), `${head}<Response><Reject reason="busy"/></Response>`);
});

const hostile = [
  '"/><Dial>+19005550100</Dial>',
  ']]><Dial>+19005550100</Dial><![CDATA[',
  "' onload='x",
  '<!--',
  '--><Hangup/>',
  '&lt;Dial&gt; &amp; &#x41; &unknown;',
  '<?xml version="1.0"?>',
  'null\u0000bell\u0007escape\u001bend',
  'lone \ud800 surrogate \udfff',
  'not characters \ufffe \uffff',
  'emoji 😀 and umlaut ü and tab\tline\nend\r\n',
];

for (const text of hostile) {
  test(`texts stay texts: ${JSON.stringify(text)}`, () => {
    const twiml = connectTwiml({
      streamUrl: `wss://host/ws/${text}`,
      token: text,
      farewell: { sentence: text, language: text, fallbackNumber: text },
    });
    const elements = [...twiml.matchAll(/<[^?/][^\s/>]*/g)].map(String);
    assert.deepEqual(elements, [
      '<Response',
      '<Connect',
      '<Stream',
      '<Parameter',
      '<Say',
      '<Dial',
      '<Number',
    ]);
    // XML 1.0, 2.2: the characters a document may hold.
    assert.match(twiml, /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u);
    const said = /<Say language="[^"]*">(.*?)<\/Say>/s.exec(twiml)?.[1] ?? '';
    const allowed = Array.from(text).filter((c) =>
      /[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.test(c),
    );
    assert.equal(unescape(said), allowed.join(''), 'the text comes back');
    const token = /<Parameter name="token" value="([^"]*)"/.exec(twiml)?.[1] ?? '';
    assert.equal(unescape(token), allowed.join(''));
  });
}

test('the stream url follows the public origin and hides nothing unescaped', () => {
  assert.equal(
    mediaStreamUrl('https://host.example', 'c1', '+15551234567'),
    'wss://host.example/ws/c1/%2B15551234567',
  );
  assert.equal(
    mediaStreamUrl('http://localhost:8000/', 'c1', undefined),
    'ws://localhost:8000/ws/c1/anonymous',
  );
  assert.equal(
    mediaStreamUrl('https://h', 'a/../b?x', undefined),
    'wss://h/ws/a%2F..%2Fb%3Fx/anonymous',
  );
});

function unescape(xml: string): string {
  const names: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return xml.replaceAll(
    /&(#x([0-9a-f]+)|#(\d+)|\w+);/gi,
    (_, name: string, hex?: string, dec?: string) => {
      if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
      if (dec) return String.fromCodePoint(Number(dec));
      return names[name]!;
    },
  );
}
