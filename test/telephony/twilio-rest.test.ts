// Requests to Twilio's REST interface, through the vendor's SDK to a small server of our own.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { openCarrierCalls } from '../../src/telephony/twilio-rest.ts';

const accountSid = 'AC0123456789abcdef0123456789abcdef';
const authToken = 'a-very-secret-token';
const callSid = 'CA0123456789abcdef0123456789abcdef';

interface Answer {
  readonly status: number;
  readonly body: object;
}

async function serve(t: TestContext, answer: Answer) {
  const requests: { line: string; authorization: string | undefined; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (bytes) => (body += String(bytes)));
    request.on('end', () => {
      const { authorization } = request.headers;
      requests.push({ line: `${request.method} ${request.url}`, authorization, body });
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { requests, baseUrl, calls: await openCarrierCalls({ accountSid, authToken, baseUrl }) };
}

test('hanging up and going on with other instructions', async (t) => {
  const { requests, calls } = await serve(t, { status: 200, body: { sid: callSid } });
  await calls.complete(callSid);
  await calls.update(callSid, '<Response><Hangup/></Response>');
  const line = `POST /2010-04-01/Accounts/${accountSid}/Calls/${callSid}.json`;
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  assert.deepEqual(requests, [
    { line, authorization, body: 'Status=completed' },
    { line, authorization, body: 'Twiml=%3CResponse%3E%3CHangup%2F%3E%3C%2FResponse%3E' },
  ]);
});

for (const [status, code] of [
  [400, 21_220],
  [404, 20_404],
] as const) {
  test(`a call that is over (${code}) cannot be hung up on, and need not be`, async (t) => {
    const { calls } = await serve(t, {
      status,
      body: { status, code, message: 'not in progress' },
    });
    await calls.complete(callSid);
    await assert.rejects(calls.update(callSid, '<Response/>'), { code: 'vendor_failed' });
  });
}

test('refused: our error, with the carrier’s code and without our secrets', async (t) => {
  const body = { status: 401, code: 20_003, message: 'Authenticate' };
  const { calls } = await serve(t, { status: 401, body });
  for (const asked of [calls.complete(callSid), calls.update(callSid, '<Response/>')]) {
    const error = await asked.then(
      () => assert.fail('refused'),
      (thrown: Error) => thrown,
    );
    assert.match(error.message, /^twilio: 401 20003 /);
    assert.equal(error.cause, undefined);
    assert.doesNotMatch(JSON.stringify(error) + error.stack, /secret/);
  }
});

test('nobody there: our error', async (t) => {
  const { baseUrl } = await serve(t, { status: 200, body: {} });
  const calls = await openCarrierCalls({
    accountSid,
    authToken,
    baseUrl: baseUrl.replace(/:\d+/, ':1'),
  });
  await assert.rejects(calls.complete(callSid), { code: 'vendor_failed' });
});

test('a call is placed with detection that keeps nobody waiting, and its refusal names no number', async (t) => {
  const call = {
    from: '+12025550123',
    to: '+14155550111',
    url: 'https://host/voice/outbound?call=1',
    statusUrl: 'https://host/status',
    machineUrl: 'https://host/amd',
    ringSeconds: 30,
    secondsMax: 600,
  };
  const { requests, calls } = await serve(t, { status: 201, body: { sid: callSid } });
  assert.equal(await calls.placeCall(call), callSid);
  const sent = Object.fromEntries(new URLSearchParams(requests[0]!.body));
  assert.equal(requests[0]!.line, `POST /2010-04-01/Accounts/${accountSid}/Calls.json`);
  assert.deepEqual(
    [sent['MachineDetection'], sent['AsyncAmd'], sent['Timeout'], sent['TimeLimit'], sent['To']],
    ['DetectMessageEnd', 'true', '30', '600', call.to],
  );
  const message = "The number +1 (415) 555-0111 is unverified; 'To' +14155550111 is not valid.";
  const refused = await serve(t, { status: 400, body: { status: 400, code: 21_211, message } });
  await assert.rejects(refused.calls.placeCall(call), (error: Error) => {
    assert.doesNotMatch(error.message, /415|0111/);
    assert.match(error.message, /21211/);
    return true;
  });
});

for (const [code, status, reason] of [
  [21_610, 400, 'opted-out'],
  [21_211, 400, 'never'],
  [21_614, 400, 'never'],
  [30_034, 400, 'never'],
  [20_003, 401, 'never'],
  [20_429, 429, 'later'],
  [20_500, 500, 'later'],
] as const) {
  test(`a text message refused with ${code} is tried again: ${reason}`, async (t) => {
    const message = "Invalid 'To' Phone Number: +14155550111";
    const { calls } = await serve(t, { status, body: { status, code, message } });
    const result = await calls.sendSms({ from: '+12025550123', to: '+14155550111', body: 'x' });
    assert.ok(result.status === 'refused');
    assert.equal(result.reason, reason);
    assert.doesNotMatch(result.why, /0111/);
    // Something broke behind it: it may have been sent.
    assert.equal(result.unanswered ?? false, status === 500);
  });
}

test('an answer without a name: a text may have been sent, a call is none', async (t) => {
  const { calls } = await serve(t, { status: 201, body: {} });
  const sms = { from: '+12025550123', to: '+14155550111', body: 'x' };
  const result = await calls.sendSms(sms);
  assert.deepEqual(result.status === 'refused' && [result.reason, result.unanswered], [
    'later',
    true,
  ]);
  const url = 'https://host/';
  const call = { ...sms, url, statusUrl: url, machineUrl: url, ringSeconds: 30, secondsMax: 600 };
  await assert.rejects(calls.placeCall(call), { code: 'vendor_failed' });
});

test('texts that the carrier lists by half are left out', async (t) => {
  const whole = { sid: 'SM1', body: 'x', date_created: 'Thu, 26 Nov 2026 20:00:00 +0000' };
  const messages = [
    whole,
    { ...whole, sid: null },
    { ...whole, date_created: null },
    { sid: 'SM2' },
  ];
  const { calls } = await serve(t, { status: 200, body: { messages } });
  const listed = await calls.listSms({ from: '+12025550123', to: '+14155550111' });
  assert.deepEqual(
    listed.map(({ sid, createdAt }) => [sid, createdAt.toISOString()]),
    [['SM1', '2026-11-26T20:00:00.000Z']],
  );
});
