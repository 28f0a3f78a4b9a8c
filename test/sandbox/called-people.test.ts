// What people do who are called: the sandbox's number plan, and each kind on the phone.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { calleePlanOf, dialPlanOf } from '../../sandbox/called-people.ts';
import { Phone } from '../../sandbox/phone/phone.ts';
import { newSid } from '../../sandbox/phone/sids.ts';
import { startTwilio } from '../../sandbox/vendors/twilio/twilio.ts';
import { startApplication, until } from './phone/application.ts';

const phone = new Phone({
  accountSid: newSid('AC'),
  authToken: 'secret',
  speak: async () => new Int16Array(1600).fill(8000),
});
const twilio = await startTwilio({
  phone,
  answers: (to) => {
    const plan = calleePlanOf(to);
    return plan.unanswered ? { unanswered: { ...plan.unanswered, ringMs: 0 } } : plan;
  },
});
const app = await startApplication(({ socketUrl }) => ({
  '/voice': `<Response><Connect><Stream url="${socketUrl}/ws/a"/></Connect></Response>`,
}));
after(async () => {
  await phone.hangUpAll();
  await twilio.close();
  await app.close();
});

async function callTo(to: string) {
  const account = `${twilio.url}/2010-04-01/Accounts/${phone.accountSid}`;
  const answer = await fetch(`${account}/Calls.json`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${phone.accountSid}:secret`)}` },
    body: new URLSearchParams({
      To: to,
      From: '+12025550123',
      Url: `${app.publicUrl}/voice`,
      StatusCallback: `${app.publicUrl}/status`,
    }),
  });
  const { sid, status } = (await answer.json()) as { sid: string; status: string };
  assert.deepEqual([answer.status, status], [201, 'queued']);
  return phone.findCall(sid)!;
}

test('nobody takes a call: no webhook is asked, and the end is reported', async () => {
  const cases: [string, string][] = [
    ['+12025550100', 'busy'],
    ['+12025550102', 'busy'],
    ['+12025550101', 'no-answer'],
  ];
  for (const [to, status] of cases) {
    const summary = await (await callTo(to)).ended;
    assert.deepEqual(
      [summary.status, summary.endedBy, summary.durationMs, summary.verbs],
      [status, 'callee', 0, []],
      to,
    );
    assert.equal(app.posts.at(-1)!.path, '/status');
    assert.equal(app.posts.at(-1)!.fields['CallStatus'], status);
  }
  assert.equal(app.posts.filter(({ path }) => path === '/voice').length, 0);
});

test('who answers waits for the one who calls, and stays', async () => {
  const call = await callTo('+12025550145');
  await until(() => call.line?.startedMs !== undefined);
  assert.equal(call.voice.spans.length, 0);
  call.hangUp();
  assert.equal((await call.ended).status, 'completed');
});

test('the number plan', () => {
  assert.deepEqual(calleePlanOf('+12025550145'), {
    answeredBy: 'human',
    says: ['thank you goodbye'],
  });
  assert.deepEqual(calleePlanOf('+12025550104'), { answeredBy: 'human' });
  assert.equal(calleePlanOf('+12025550103').answeredBy, 'machine_end_beep');
  const plans = ['00', '01', '02', '45'].map((end) => dialPlanOf(`+120255501${end}`));
  assert.deepEqual(
    plans.map(({ status, keys }) => [status, keys]),
    [
      ['busy', '1'],
      ['no-answer', '1'],
      ['completed', '2'],
      ['completed', '1'],
    ],
  );
});
