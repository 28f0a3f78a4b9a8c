// The REST stand-in, driven by Twilio's own library.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import twilio from 'twilio';
import { Phone } from '../../../../sandbox/phone/phone.ts';
import { newSid } from '../../../../sandbox/phone/sids.ts';
import { startTwilio } from '../../../../sandbox/vendors/twilio/twilio.ts';
import { startApplication, until } from '../../phone/application.ts';

type RequestOptions<TData> = Parameters<typeof twilio.RequestClient.prototype.request<TData>>[0];

const accountSid = newSid('AC');
const authToken = 'the right token';
const phone = new Phone({ accountSid, authToken });
const standIn = await startTwilio({ phone });
const app = await startApplication(({ socketUrl }) => ({
  '/voice': `<Response><Connect><Stream url="${socketUrl}/ws/a"/></Connect><Say>tail</Say></Response>`,
  '/voice/after': '<Response><Say>after</Say></Response>',
}));
after(async () => {
  await phone.hangUpAll();
  await standIn.close();
  await app.close();
});

/** The library has no setting for the address: the request client is where it can be changed. */
class LocalClient extends twilio.RequestClient {
  override request<TData>(options: RequestOptions<TData>) {
    const { pathname, search } = new URL(options.uri);
    return super.request<TData>({ ...options, uri: standIn.url + pathname + search });
  }
}

function clientWith(token: string) {
  return twilio(accountSid, token, { httpClient: new LocalClient({ timeout: 5000 }) });
}
const client = clientWith(authToken);

async function connect() {
  const { publicUrl } = app;
  const call = phone.placeCall({ publicUrl, from: '+15550001111', to: '+15550002222' });
  await until(() => call.line?.startedMs !== undefined);
  await until(() => app.streams.at(-1)!.messages.length > 2);
  return { call, stream: app.streams.at(-1)! };
}

test('completed ends the stream with stop, and the call without its tail', async () => {
  const { call, stream } = await connect();
  const answer = await client.calls(call.sid).update({ status: 'completed' });
  assert.equal(answer.status, 'completed');
  const summary = await call.ended;
  await until(() => stream.closed !== undefined);
  assert.equal(stream.messages.at(-1)!.event, 'stop');
  assert.deepEqual(summary.verbs, ['Connect']);
  assert.equal(summary.endedBy, 'rest');
});

test('new TwiML ends the stream and takes the place of the tail', async () => {
  const { call, stream } = await connect();
  const document = '<Response><Dial>+15553334444</Dial></Response>';
  const answer = await client.calls(call.sid).update({ twiml: document });
  assert.equal(answer.status, 'in-progress');
  const summary = await call.ended;
  await until(() => stream.closed !== undefined);
  assert.equal(stream.messages.at(-1)!.event, 'stop');
  assert.deepEqual(summary.verbs, ['Connect', 'Dial']);
});

test('a new URL is asked and followed', async () => {
  const { call } = await connect();
  await client.calls(call.sid).update({ url: `${app.publicUrl}/voice/after` });
  const summary = await call.ended;
  assert.deepEqual(summary.said, ['after']);
  assert.equal(app.posts.at(-1)!.path, '/voice/after');
});

test('a call that has ended is 21220, an unknown one 20404, bad credentials 20003', async () => {
  const { call } = await connect();
  call.hangUp();
  await call.ended;
  const refusals = [
    [client.calls(call.sid).update({ status: 'completed' }), 400, 21_220],
    [client.calls(newSid('CA')).update({ status: 'completed' }), 404, 20_404],
    [clientWith('wrong').calls(call.sid).fetch(), 401, 20_003],
  ] as const;
  for (const [refused, status, code] of refusals) {
    await assert.rejects(refused, (error: { status: number; code: number }) => {
      assert.deepEqual([error.status, error.code], [status, code]);
      return true;
    });
  }
  const ended = await client.calls(call.sid).fetch();
  assert.equal(ended.status, 'completed');
  assert.equal(ended.from, '+15550001111');
  assert.ok(ended.startTime instanceof Date);
});

test('a created call asks its URL and reports its end', async () => {
  const created = await client.calls.create({
    to: '+15550002222',
    from: '+15550001111',
    url: `${app.publicUrl}/voice/after`,
    statusCallback: `${app.publicUrl}/status`,
  });
  const summary = await phone.findCall(created.sid)!.ended;
  assert.deepEqual(summary.said, ['after']);
  assert.equal(app.posts.at(-1)!.path, '/status');
  assert.equal(app.posts.at(-1)!.fields['Direction'], 'outbound-api');
});

test('messages are kept, and refused without a good number', async () => {
  const sent = await client.messages.create({
    to: '+15550002222',
    from: '+15550001111',
    body: 'héllo & co',
  });
  assert.equal(sent.status, 'queued');
  assert.deepEqual(
    standIn.messages.map(({ body, to }) => [to, body]),
    [['+15550002222', 'héllo & co']],
  );
  assert.equal((await client.messages(sent.sid).fetch()).body, 'héllo & co');
  await assert.rejects(
    client.messages.create({ to: '12', from: '+15550001111', body: 'x' }),
    (error: { code: number }) => error.code === 21_211,
  );
});

test('faults: an error, or silence until the library gives up', async () => {
  const { call } = await connect();
  standIn.fault = { status: 503, code: 20_503 };
  await assert.rejects(
    client.calls(call.sid).update({ status: 'completed' }),
    (error: { status: number }) => error.status === 503,
  );
  assert.equal(call.over, false);
  standIn.fault = 'silence';
  const impatient = twilio(accountSid, authToken, { httpClient: new LocalClient({ timeout: 50 }) });
  await assert.rejects(impatient.calls(call.sid).update({ status: 'completed' }));
  standIn.fault = undefined;
  call.hangUp();
  await call.ended;
});
