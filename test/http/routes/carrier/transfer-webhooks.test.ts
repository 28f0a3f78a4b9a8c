// Callers put through to a person, in whole calls: they take it, decline, are busy, are not there; and who is never dialled.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Call } from '../../../../sandbox/phone/call.ts';
import type { DialPlan } from '../../../../sandbox/phone/call-options.ts';
import { systemClock } from '../../../../src/lib/clock.ts';
import { newId } from '../../../../src/lib/ids.ts';
import {
  saveLineSettings,
  usualLineSettings,
} from '../../../../src/store/clients/line-settings.ts';
import { insertTransferTarget } from '../../../../src/store/clients/transfer-targets.ts';
import { assertSound, finished, greeted, recordOf } from '../../../support/product/after-call.ts';
import { carrierPost, ringFields } from '../../../support/product/carrier.ts';
import { startTestFrontdesk } from '../../../support/product/frontdesk.ts';
import type { TestFrontdesk } from '../../../support/product/frontdesk.ts';

const ann = '+12025550177';
const takes: DialPlan = { status: 'completed', ringMs: 50, talkMs: 100, keys: '1' };

async function startWithPeople(
  t: { after(act: () => Promise<void>): void },
  plan: DialPlan = takes,
) {
  const dialled: string[] = [];
  const f = await startTestFrontdesk(t, {
    dial({ target }) {
      dialled.push(target);
      return plan;
    },
  });
  await addPerson(f, ann);
  return { f, dialled };
}

function addPerson(f: TestFrontdesk, phoneNumber: string) {
  const who = {
    name: 'Dr. Ruiz',
    phoneNumber,
    description: 'Emergencies',
    position: 0,
    isActive: true,
  };
  return insertTransferTarget(f.database.general, {
    id: newId(systemClock.now()),
    clientId: f.client.id,
    ...who,
  });
}

async function asksForPerson(
  f: TestFrontdesk,
  call: Call,
  reason = 'a broken tooth',
): Promise<void> {
  await greeted(call);
  f.says.push('let me talk to a person');
  f.openai.script({
    text: '',
    calls: [{ name: 'transfer_call', arguments: { person: 'p1', reason } }],
  });
  await call.say(f.voice('let me talk to a person'));
}

function heardByPerson(call: Call): string[] {
  return call.history.flatMap((event) => (event.type === 'called-hears' ? [event.text] : []));
}

const bridged = (call: Call) => call.history.some(({ type }) => type === 'bridged');

describe('a transfer', { concurrency: 5 }, () => {
  test('the person hears who is calling and why, takes it by key 1, and the caller is connected', async (t) => {
    const { f, dialled } = await startWithPeople(t);
    const call = f.call({ from: '+14155550123' });
    await asksForPerson(f, call);
    const { conversation, billed, summary } = await finished(f, call);
    assert.deepEqual(dialled, [ann]);
    assert.deepEqual(heardByPerson(call).slice(0, 2), [
      'A call for Test Business from 4 1 5, 5 5 5, 0 1 2 3. It is about: a broken tooth.',
      'Press 1 to take the call, or any other key to decline.',
    ]);
    assert.ok(bridged(call));
    assert.equal(conversation.outcome, 'transferred');
    assert.equal(summary.streams, 1, 'we do not come back after they have talked');
    assert.ok(billed >= 1);
    const [{ state }] = await f.database.general<[{ state: string }]>`SELECT state FROM transfers`;
    assert.equal(state, 'accepted');
    assert.doesNotMatch(JSON.stringify(f.log), /4155550123|2025550177/, 'no number in the log');
    await assertSound(f);
  });

  for (const [how, plan] of Object.entries({
    declines: { ...takes, keys: '2' },
    'does not answer': { ...takes, status: 'no-answer' },
  } satisfies Record<string, DialPlan>)) {
    test(`a person who ${how} sends the caller back to us, and the conversation goes on`, async (t) => {
      const { f } = await startWithPeople(t, plan);
      const call = f.call();
      await asksForPerson(f, call);
      await call.until(
        () => call.history.filter(({ type }) => type === 'stream-started').length === 2,
        60_000,
      );
      await call.speaking(20, 60_000);
      await call.quiet(900, 60_000);
      assert.ok(!bridged(call));
      f.says.push('then take a message');
      f.openai.script('Of course. What is it about?');
      await call.say(f.voice('then take a message'));
      await call.reply(700, 60_000);
      call.hangUp();
      const { conversation, utterances, leases } = await finished(f, call);
      assert.equal(conversation.endReason, 'caller');
      assert.equal(leases.length, 2, 'both parts are charged');
      const said = utterances.map(({ content }) => content);
      assert.match(said.join('\n'), /I am sorry, Dr\. Ruiz cannot come to the phone/);
      assert.equal(said.at(-1), 'Of course. What is it about?');
      const told = JSON.stringify(f.openai.requests.at(-1));
      assert.match(told, /Let me talk to a person/, 'the model knows what was said before');
      assert.match(told, /Dr\. Ruiz cannot come to the phone/);
      const [{ conversations }] = await f.database.general<[{ conversations: number }]>`
        SELECT count(*)::int AS conversations FROM conversations`;
      assert.equal(conversations, 1);
    });
  }

  test('cold: nothing is announced', async (t) => {
    const { f } = await startWithPeople(t, { ...takes, keys: '' });
    await saveLineSettings(f.database.general, f.client.id, {
      ...usualLineSettings,
      transferMode: 'cold',
    });
    const call = f.call();
    await asksForPerson(f, call);
    const { summary } = await finished(f, call);
    assert.deepEqual(heardByPerson(call), []);
    assert.ok(bridged(call));
    assert.equal(summary.streams, 1);
  });

  test('0 alone leads to a person while we speak; among other digits it is one of them', async (t) => {
    const { f, dialled } = await startWithPeople(t);
    const call = f.call();
    await greeted(call);
    f.openai.script('Thank you.');
    call.press('5550');
    await call.until(() => f.openai.requests.length > 0, 60_000);
    await call.quiet(900, 60_000);
    assert.deepEqual(dialled, []);
    call.press('0');
    await finished(f, call);
    assert.deepEqual(dialled, [ann]);
    assert.ok(bridged(call));
  });

  test('webhooks that are replayed or made up connect nobody', async (t) => {
    const { f, dialled } = await startWithPeople(t, { ...takes, keys: '2' });
    const call = f.call();
    await asksForPerson(f, call);
    await call.until(
      () => call.history.filter(({ type }) => type === 'stream-started').length === 2,
      60_000,
    );
    call.hangUp();
    await recordOf(f, call.sid);
    const [{ id }] = await f.database.general<[{ id: string }]>`SELECT id FROM transfers`;
    const fields = {
      ...ringFields(f, { from: '+14155550123', to: f.client.number, callSid: call.sid }),
      DialCallStatus: 'no-answer',
    };
    const ask = (path: string, more = {}) =>
      carrierPost(f, { path, fields: { ...fields, ...more } });
    for (const path of [
      `/voice/after-transfer?transfer=${id}`,
      `/voice/after-transfer?transfer=${newId(0)}`,
    ]) {
      const { text } = await ask(path);
      assert.match(text, /<Response><Hangup\/><\/Response>/, 'no second life');
    }
    for (const path of [
      `/voice/transfer/key?transfer=${id}`,
      '/voice/transfer/key',
      `/voice/transfer/key?transfer=${newId(0)}`,
    ]) {
      assert.match((await ask(path, { Digits: '1' })).text, /<Hangup\/>/);
    }
    assert.match(
      (await ask(`/voice/transfer/announce?transfer=${id}`)).text,
      /<Response><Hangup\/>/,
    );
    const forged = await carrierPost(f, {
      path: `/voice/transfer/key?transfer=${id}`,
      fields: { Digits: '1' },
      signature: 'x',
    });
    assert.equal(forged.status, 403);
    assert.equal(dialled.length, 1);
  });
});
