// TwiML verb by verb, and what happens when an application's answer cannot be followed.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import twilio from 'twilio';
import { Phone } from '../../../sandbox/phone/phone.ts';
import { newSid } from '../../../sandbox/phone/sids.ts';
import { parseTwiml, TwimlError } from '../../../sandbox/phone/twiml.ts';
import { startApplication } from './application.ts';

const dialled: string[] = [];
const phone = new Phone({
  accountSid: newSid('AC'),
  authToken: 'token',
  dial: ({ target }) => {
    dialled.push(target);
    const ringMs = target.endsWith('7') ? 60_000 : 0;
    return { status: target.endsWith('9') ? 'busy' : 'completed', ringMs, talkMs: 5 };
  },
});

let answers: Record<string, string | number> = {};
const app = await startApplication(() => answers);
after(() => app.close());

async function run(document: string, more: object = {}) {
  answers = { ...answers, '/voice': document };
  const call = phone.placeCall({
    publicUrl: app.publicUrl,
    from: '+15550001111',
    to: '+15550002222',
    ...more,
  });
  return { call, summary: await call.ended };
}

test('verbs run in order until the end of the document', async () => {
  const { summary, call } = await run(
    '<Response><Say>one</Say><Play>https://x/y.wav</Play><Pause length="0"/><Say>two</Say></Response>',
  );
  assert.deepEqual(summary.verbs, ['Say', 'Play', 'Pause', 'Say']);
  assert.deepEqual(summary.said, ['one', 'two']);
  assert.equal(summary.status, 'completed');
  const statuses = call.history.flatMap((event) => (event.type === 'status' ? [event.status] : []));
  assert.deepEqual(statuses, ['ringing', 'in-progress', 'completed']);
});

test('Hangup ends, whatever follows', async () => {
  const { summary } = await run('<Response><Hangup/><Say>never</Say></Response>');
  assert.deepEqual(summary.verbs, ['Hangup']);
});

test('Reject refuses before the call is answered', async () => {
  const { summary } = await run('<Response><Reject reason="busy"/></Response>');
  assert.equal(summary.status, 'busy');
  assert.equal(summary.durationMs, 0);
});

test('Redirect follows a relative URL, signed', async () => {
  answers['/next'] = '<Response><Say>there</Say></Response>';
  const { summary } = await run('<Response><Redirect>/next</Redirect><Say>never</Say></Response>');
  assert.deepEqual(summary.said, ['there']);
  const { path, fields, signature } = app.posts.at(-1)!;
  assert.equal(fields['CallStatus'], 'in-progress');
  assert.ok(twilio.validateRequest('token', signature!, app.publicUrl + path, fields));
});

test('Dial reports to its action, or goes on with the next verb', async () => {
  answers['/dialled'] = '<Response><Say>back</Say></Response>';
  const { summary } = await run(
    '<Response><Dial action="/dialled" timeout="9"><Number>+15553334449</Number></Dial><Say>never</Say></Response>',
  );
  assert.deepEqual(summary.said, ['back']);
  assert.equal(app.posts.at(-1)!.fields['DialCallStatus'], 'busy');
  const plain = await run('<Response><Dial>+15553334440</Dial><Say>goes on</Say></Response>');
  assert.deepEqual(plain.summary.said, ['goes on']);
  assert.deepEqual(dialled, ['+15553334449', '+15553334440']);
});

test('a caller who hangs up ends the dialling, which is told of and not followed', async () => {
  answers = {
    '/voice': '<Response><Dial action="/dialled"><Number>+15553334447</Number></Dial></Response>',
    '/dialled': '<Response><Say>never</Say></Response>',
  };
  const caller = { publicUrl: app.publicUrl, from: '+15550001111', to: '+15550002222' };
  const call = phone.placeCall(caller);
  await call.until(() => call.history.some(({ type }) => type === 'dial'), 60_000);
  call.hangUp();
  const { said, endedBy } = await call.ended;
  assert.deepEqual([said, endedBy], [[], 'caller']);
  const { path, fields, signature } = app.posts.at(-1)!;
  assert.equal(path, '/dialled');
  assert.deepEqual([fields['CallStatus'], fields['DialCallStatus']], ['completed', 'canceled']);
  assert.ok(twilio.validateRequest('token', signature!, app.publicUrl + path, fields));
});

test('a webhook that fails is replaced by the fallback URL', async () => {
  answers['/broken'] = 500;
  answers['/fallback'] = '<Response><Say>fallback</Say></Response>';
  const call = phone.placeCall({
    voiceUrl: `${app.publicUrl}/broken`,
    fallbackUrl: `${app.publicUrl}/fallback`,
    from: '+15550001111',
    to: '+15550002222',
  });
  const { said, warnings } = await call.ended;
  assert.deepEqual(said, ['fallback']);
  assert.deepEqual(
    warnings.map(({ code }) => code),
    [11_200],
  );
  assert.equal(app.posts.at(-1)!.fields['ErrorCode'], '11200');
});

test('a webhook that nobody answers fails the call', async () => {
  const call = phone.placeCall({ voiceUrl: 'http://127.0.0.1:1/voice', from: '+1', to: '+2' });
  const { status, endedBy } = await call.ended;
  assert.deepEqual([status, endedBy], ['failed', 'failure']);
});

test('a stream that is refused at the upgrade leads to the next verb', async () => {
  const { summary } = await run(
    `<Response><Connect><Stream url="${app.socketUrl}/refused"/></Connect><Say>tail</Say></Response>`,
  );
  assert.deepEqual(summary.said, ['tail']);
  assert.deepEqual(
    summary.warnings.map(({ code }) => code),
    [31_920],
  );
});

test('a query in the URL of a stream is warned of', async () => {
  const { summary } = await run(
    `<Response><Connect><Stream url="${app.socketUrl}/refused?a=b"/></Connect></Response>`,
  );
  assert.equal(summary.warnings.length, 2);
});

for (const [what, document, code] of [
  ['an open element', '<Response><Say>x</Response>', 12_100],
  ['a bare ampersand', '<Response><Say>a & b</Say></Response>', 12_100],
  ['two attributes of one name', '<Response><Say a="1" a="2"/></Response>', 12_100],
  ['a character XML forbids', '<Response><Say>\u0007</Say></Response>', 12_100],
  ['another element', '<Answer/>', 12_102],
  ['nothing', '', 12_100],
] as const) {
  test(`TwiML is refused: ${what}`, () => {
    assert.throws(
      () => parseTwiml(document),
      (error: TwimlError) => error.code === code,
    );
  });
}

test('TwiML text and attributes are read without their escapes', () => {
  const root = parseTwiml(
    '<Response><Say voice="a&quot;b"> x &lt;y&gt; <![CDATA[&]]> </Say></Response>',
  );
  const [say] = root.children;
  assert.equal(say!.text, 'x <y> &');
  assert.equal(say!.attributes['voice'], 'a"b');
});
