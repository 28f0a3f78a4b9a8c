// Calls that a client makes, whole: to people, machines, screens and busy lines; and everybody who is not called.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import type { CalleePlan } from '../../../../sandbox/vendors/twilio/twilio.ts';
import { callFields } from '../../../../sandbox/phone/webhook-fields.ts';
import { newId } from '../../../../src/lib/ids.ts';
import { saveConsent } from '../../../../src/store/calls/call-consents.ts';
import {
  saveLineSettings,
  usualLineSettings,
} from '../../../../src/store/clients/line-settings.ts';
import { assertBilled, eventually, finished } from '../../../support/product/after-call.ts';
import { carrierPost } from '../../../support/product/carrier.ts';
import { startTestFrontdesk } from '../../../support/product/frontdesk.ts';
import { ownerToken } from '../../../support/product/owner-token.ts';

const ann = '+14155550123';
const text = 'I am calling to remind you of your appointment tomorrow at ten.';

async function start(t: TestContext, plan: CalleePlan = {}) {
  const f = await startTestFrontdesk(t, { answers: () => plan });
  const sql = f.database.general;
  const settings = {
    ...usualLineSettings,
    outboundEnabled: true,
    outboundFrom: '00:00',
    outboundUntil: '23:59',
  };
  await saveLineSettings(sql, f.client.id, settings);
  await saveConsent(sql, f.client.id, { phoneNumber: ann, state: 'given', source: 'owner' });
  const token = await ownerToken(f);
  const ask = async (method: string, path: string, body?: object, bearer = token) => {
    const response = await fetch(`${f.publicUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${bearer}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, json: (await response.json()) as any };
  };
  const body = { client_id: f.client.id, phone_number: ann, purpose: 'reminder', text };
  const place = async (path = '/api/calls') => {
    const { status, json } = await ask('POST', path, body);
    assert.ok(status === 201 || status === 200, JSON.stringify(json));
    const made = json.data ?? json;
    const call = f.phone.findCall(made.call_sid);
    assert.ok(call);
    return { made, call };
  };
  const ended = (id: string) =>
    eventually('the call is known to be over', async () => {
      const { json } = await ask('GET', `/api/calls/${id}`);
      return json.ended_at === null ? undefined : json;
    });
  return { f, sql, settings, ask, body, place, ended };
}

describe('a call that a client makes', { concurrency: 6 }, () => {
  test('a person hears who calls and why, answers, and it is paid for like any call', async (t) => {
    const { f, ask, place, ended } = await start(t, { answeredBy: 'human' });
    const { made, call } = await place();
    // Who answers at once may be ahead of our answer.
    assert.match(made.state, /^(ringing|in-progress)$/);
    assert.equal(made.phone_number, ann);
    await call.speaking(100, 60_000);
    await call.quiet(1200, 60_000);
    f.says.push('thank you, I will come');
    f.openai.script('We look forward to seeing you.');
    await call.say(f.voice('thank you, I will come'));
    await call.reply(900, 60_000);
    f.says.push('goodbye');
    f.openai.script({ text: '', calls: [{ name: 'end_call', arguments: {} }] });
    await call.say(f.voice('goodbye'));
    const record = await finished(f, call);
    assertBilled(record, record.summary.connectedMs);
    assert.equal(
      record.utterances[0]?.content,
      `Hello, this is Test Business, an automated assistant speaking. ${text}`,
    );
    assert.deepEqual(
      record.utterances.slice(-3).map(({ content }) => content),
      ['We look forward to seeing you.', 'Goodbye.', 'Thank you for your time. Goodbye.'],
    );
    assert.match(
      JSON.stringify(f.openai.requests.at(-1)),
      /You are calling somebody on behalf of the business/,
    );
    assert.doesNotMatch(JSON.stringify(f.log), /4155550123/, 'no number in the log');
    const done = await ended(made.id);
    assert.deepEqual(
      [done.state, done.answered_by, done.conversation_id],
      ['completed', 'human', record.conversation.id],
    );
    const { json: kept } = await ask('GET', `/api/conversations/${record.conversation.id}`);
    assert.deepEqual([kept.direction, kept.caller_phone], ['outbound', ann]);
    const { json: listed } = await ask('GET', `/api/calls?client_id=${f.client.id}`);
    assert.deepEqual(
      listed.map(({ id }: { id: string }) => id),
      [made.id],
    );
  });

  test('an answering machine is left the message after its tone, and we hang up', async (t) => {
    const { f, ask, place, ended } = await start(t, {
      answeredBy: 'machine_end_beep',
      afterMs: 2500,
    });
    const { made, call } = await place('/make-call');
    const record = await finished(f, call);
    assert.equal(record.conversation.endReason, 'goodbye');
    const last = record.utterances.at(-1)?.content ?? '';
    assert.match(
      last,
      /^Hello, this is Test Business\. I am calling to remind you .* You can call us back at 2 0 2, 5 5 5, /,
    );
    assert.match(last, /Goodbye\.$/);
    const done = await ended(made.id);
    assert.deepEqual(
      [done.state, done.answered_by, done.outcome],
      ['completed', 'machine', 'left_message'],
    );
    assert.equal(record.conversation.outcome, 'left_message');
    const conversations = `/api/clients/${f.client.id}/conversations`;
    const { json: found } = await ask('GET', `${conversations}?outcome=left_message`);
    assert.deepEqual(
      found.map(({ id }: { id: string }) => id),
      [record.conversation.id],
    );
  });

  test('a mailbox that is known by its words, and hangs up on us, is one that has no message', async (t) => {
    const { f, place, ended } = await start(t, { answeredBy: 'unknown' });
    const { made, call } = await place();
    await call.speaking(100, 60_000);
    await call.quiet(1200, 60_000);
    f.says.push('please leave a message after the tone');
    await call.say(f.voice('please leave a message after the tone'));
    await call.speaking(500, 60_000);
    call.hangUp();
    const { conversation, utterances } = await finished(f, call);
    assert.equal(conversation.outcome, 'machine');
    assert.match(
      utterances.find(({ role }) => role === 'user')?.content ?? '',
      /leave a message after the tone/,
    );
    const done = await eventually('the outcome is told', async () => {
      const each = await ended(made.id);
      return each.outcome === null ? undefined : each;
    });
    assert.deepEqual([done.answered_by, done.outcome], ['machine', 'machine']);
    assert.equal(f.openai.requests.length, 0, 'nobody thinks about it');
  });

  test('a machine that screens calls is told who we are, and the call goes on', async (t) => {
    const { f, place } = await start(t, { answeredBy: 'unknown' });
    const { call } = await place();
    await call.speaking(100, 60_000);
    await call.quiet(1200, 60_000);
    f.says.push('record your name and reason for calling', 'hello this is Ann');
    await call.say(f.voice('record your name and reason for calling'));
    await call.reply(900, 60_000);
    assert.equal(f.openai.requests.length, 0, 'no model is asked');
    f.openai.script('Hello Ann.');
    await call.say(f.voice('hello this is Ann'));
    await call.reply(900, 60_000);
    call.hangUp();
    const { utterances } = await finished(f, call);
    const said = utterances
      .filter(({ role }) => role === 'assistant')
      .map(({ content }) => content);
    assert.deepEqual(said.slice(1), [`This is Test Business. ${text}`, 'Hello Ann.']);
  });

  test('a menu is answered with keys, which the carrier presses, and the call goes on', async (t) => {
    const { f, sql, place } = await start(t, { answeredBy: 'unknown' });
    const { call } = await place();
    await call.speaking(100, 60_000);
    await call.quiet(1200, 60_000);
    f.says.push('for appointments press one', 'appointments, hello');
    f.openai.script({ text: '', calls: [{ name: 'press_keys', arguments: { keys: '1w2' } }] });
    await call.say(f.voice('for appointments press one'));
    const streams = () => call.history.filter(({ type }) => type === 'stream-started').length;
    await call.until(() => streams() === 2, 60_000);
    const played = call.history.flatMap((event) =>
      event.type === 'verb' && event.name === 'Play' ? [event.attributes['digits']] : [],
    );
    assert.deepEqual(played, ['1w2']);
    await call.quiet(1200, 60_000);
    f.openai.script('Hello.');
    await call.say(f.voice('appointments, hello'));
    await call.reply(900, 60_000);
    call.hangUp();
    const { conversation, utterances } = await finished(f, call);
    assert.equal(conversation.endReason, 'caller');
    assert.equal(utterances.at(-1)?.content, 'Hello.');
    assert.match(JSON.stringify(f.openai.requests.at(-1)), /[Ff]or appointments press one/);
    const [{ conversations }] = await sql<[{ conversations: number }]>`
      SELECT count(*)::int AS conversations FROM conversations`;
    assert.equal(conversations, 1);
  });

  test('a busy line costs nothing and is told', async (t) => {
    const { sql, place, ended } = await start(t, {
      unanswered: { status: 'busy', ringMs: 0 },
    });
    const { made } = await place();
    assert.equal((await ended(made.id)).state, 'busy');
    const [{ leases }] = await sql<
      [{ leases: number }]
    >`SELECT count(*)::int AS leases FROM call_leases`;
    assert.equal(leases, 0);
  });

  test('twenty at once are no more calls than there are lines and credit', async (t) => {
    const unanswered = { status: 'no-answer', ringMs: 60_000 } as const;
    const { f, sql, ask, body } = await start(t, { unanswered });
    const [{ net }] = await sql<[{ net: number }]>`
      SELECT balance_seconds - debt_seconds AS net FROM clients WHERE id = ${f.client.id}`;
    let people = 0;
    const rush = async () => {
      const numbers = Array.from({ length: 20 }, () => `+1415555${(people += 1) + 1000}`);
      for (const phoneNumber of numbers) {
        const consent = { phoneNumber, state: 'given', source: 'owner' } as const;
        await saveConsent(sql, f.client.id, consent);
      }
      const answers = await Promise.all(
        numbers.map((each) => ask('POST', '/api/calls', { ...body, phone_number: each })),
      );
      return answers.map(({ status }) => status).toSorted((a, b) => a - b);
    };
    const of = (made: number, status: number) =>
      Array.from({ length: 20 }, (_, index) => (index < made ? 201 : status));
    // Three calls may begin with this, at five seconds each.
    await sql`SELECT meter_post(${f.client.id}, 'adjust', ${19 - net}, 'leave 19', '{}')`;
    assert.deepEqual(await rush(), of(3, 402));
    await sql`SELECT meter_post(${f.client.id}, 'adjust', 1000, 'enough', '{}')`;
    await sql`UPDATE clients SET concurrency_max = 5 WHERE id = ${f.client.id}`;
    assert.deepEqual(await rush(), of(2, 409));
    // What rings for longer than anybody rings has been forgotten by the carrier.
    await sql`UPDATE outbound_calls SET created_at = created_at - interval '3 minutes'`;
    assert.deepEqual(await rush(), of(5, 409));
    await sql`UPDATE clients SET concurrency_max = 100 WHERE id = ${f.client.id}`;
    const same = await Promise.all(
      Array.from({ length: 20 }, () => ask('POST', '/api/calls', body)),
    );
    assert.equal(same.filter(({ status }) => status === 201).length, 3, 'of one person a day');
  });

  test('news of a call count under its own name, and not once it has ended', async (t) => {
    const { f, sql, ask } = await start(t);
    const [id, callSid, other] = [newId(0), `CA${'0'.repeat(32)}`, `CA${'1'.repeat(32)}`];
    await sql`
      INSERT INTO outbound_calls (id, client_id, phone_number, purpose, text, state, call_sid)
      VALUES (${id}, ${f.client.id}, ${ann}, 'reminder', ${text}, 'ringing', ${callSid})`;
    const tell = (sid: string, status: string) =>
      carrierPost(f, {
        path: `/voice/outbound-status?call=${id}`,
        fields: callFields({
          callSid: sid,
          accountSid: f.accountSid,
          from: f.client.number,
          to: ann,
          inbound: false,
          status,
        }),
      });
    const state = async () => (await ask('GET', `/api/calls/${id}`)).json.state;
    await tell(other, 'failed');
    assert.equal(await state(), 'ringing');
    for (const status of ['in-progress', 'ringing']) await tell(callSid, status);
    assert.equal(await state(), 'in-progress', 'late news');
    for (const status of ['completed', 'in-progress', 'failed']) await tell(callSid, status);
    assert.equal(await state(), 'completed');
  });

  test('a call that is answered when it can no longer be served has failed', async (t) => {
    const { f, sql, ask } = await start(t);
    const [id, callSid] = [newId(0), `CA${'0'.repeat(32)}`];
    await sql`
      INSERT INTO outbound_calls (id, client_id, phone_number, purpose, text, state)
      VALUES (${id}, ${f.client.id}, ${ann}, 'reminder', ${text}, 'ringing')`;
    await sql`UPDATE clients SET is_active = false`;
    const { accountSid, client } = f;
    const of = { callSid, accountSid, from: client.number, to: ann, inbound: false };
    const answer = await carrierPost(f, {
      path: `/voice/outbound?call=${id}`,
      fields: callFields({ ...of, status: 'in-progress' }),
    });
    assert.match(answer.text, /<Response><Hangup\/><\/Response>/);
    await carrierPost(f, {
      path: `/voice/outbound-status?call=${id}`,
      fields: { ...callFields({ ...of, status: 'completed' }), CallDuration: '1' },
    });
    const { json: known } = await ask('GET', `/api/calls/${id}`);
    assert.deepEqual([known.state, known.duration_seconds, known.outcome], ['failed', 1, null]);
  });

  test('nobody is called who may not be, or when nobody may', async (t) => {
    const { f, sql, settings, ask, body } = await start(t);
    const refused = async (more: object, status: number, why: RegExp) => {
      const api = await ask('POST', '/api/calls', { ...body, ...more });
      assert.equal(api.status, status, JSON.stringify(api.json));
      assert.match(JSON.stringify(api.json), why);
      const other = await ask('POST', '/make-call', { ...body, ...more });
      assert.equal(other.status, status);
      assert.equal(other.json.success, false);
      assert.match(other.json.error.details, why);
      assert.match(other.json.error.code, /^[A-Z_]+$/);
    };
    await refused({ phone_number: '+14155550199' }, 403, /no consent/);
    // Neither that we have called them is one, nor that they called long ago.
    const before = (phone: string, direction: string, days: number) => sql`
      INSERT INTO conversations (id, client_id, caller_phone, metadata, created_at)
      VALUES (${newId(0)}, ${f.client.id}, ${phone}, ${sql.json({ direction })}, now() - make_interval(days => ${days}))`;
    await before('+14155550198', 'outbound', 1);
    await refused({ phone_number: '+14155550198' }, 403, /no consent/);
    await before('+14155550197', 'inbound', 91);
    await refused({ phone_number: '+14155550197' }, 403, /no consent/);
    await refused({ phone_number: '+19005550123' }, 403, /may not be dialled/);
    await refused({ phone_number: '+882161234567' }, 403, /may not be dialled/);
    await refused({ phone_number: 'x' }, 400, /phone_number|telephone/);
    await refused({ client_id: newId(0) }, 404, /Not found/);
    await refused({ text: '' }, 400, /text/);
    await saveConsent(sql, f.client.id, { phoneNumber: ann, state: 'refused', source: 'call' });
    await refused({}, 403, /does not want/);
    await saveConsent(sql, f.client.id, { phoneNumber: ann, state: 'given', source: 'owner' });
    await saveLineSettings(sql, f.client.id, {
      ...settings,
      outboundFrom: '00:00',
      outboundUntil: '00:01',
    });
    await refused({}, 409, /quiet hours/);
    await saveLineSettings(sql, f.client.id, { ...settings, outboundEnabled: false });
    await refused({}, 409, /switched off/);
    await saveLineSettings(sql, f.client.id, settings);
    await sql`UPDATE clients SET is_active = false`;
    await refused({}, 409, /switched off/);
    await sql`UPDATE clients SET is_active = true`;
    const nobody = await ask('POST', '/make-call', body, 'x');
    assert.deepEqual([nobody.status, nobody.json.error.code], [401, 'UNAUTHORIZED']);
    assert.equal(f.twilio.requests.length, 0);
    f.twilio.fault = { status: 500, code: 20_500 };
    await refused({}, 502, /failed/);
    f.twilio.fault = undefined;
    const [{ failed }] = await sql<[{ failed: number }]>`
      SELECT count(*)::int AS failed FROM outbound_calls WHERE state = 'failed'`;
    assert.equal(failed, 2);
    assert.equal((await ask('POST', '/api/calls', body)).status, 201);
    await refused({}, 409, /3 times within a day/);
  });
});
