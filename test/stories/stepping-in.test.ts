// Whole calls in virtual time: whoever watches has words said or the caller put through, and a key leads to a person.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startTestCall } from '../support/virtual-calls/call.ts';
import type { TestCall } from '../support/virtual-calls/call.ts';
import { bothKinds } from '../support/virtual-calls/both-kinds.ts';
import { conversingModel } from '../support/virtual-calls/conversing.ts';
import type { ConversingModel } from '../support/virtual-calls/conversing.ts';

const person = { phoneNumber: '+12025550100' };
const hours = 'We are open from nine to five.';
const offer = 'Doctor Ruiz can see you at four.';

type Said = readonly [kind: string, heard: string];
const byKind = ([a]: Said, [b]: Said) => a.localeCompare(b);
const said = ({ turns }: TestCall) => turns.slice(1).map(({ kind, heard }): Said => [kind, heard]);

test('where it is never quiet words are said all the same', async () => {
  const { call } = await bothKinds['of parts']([hours]);
  await call.line.hearsOut();
  call.line.behind = () => 3000;
  await call.line.isQuiet(400);
  call.control.push({ type: 'say', text: offer });
  await call.line.isQuietUntil(() => call.line.playing, 8000);
  call.line.behind = () => 0;
  await call.finish();
});

test('a model that speaks is asked to say them where we have no voice, and goes on', async () => {
  let model: ConversingModel | undefined;
  const call = await startTestCall({
    conversing: (clock, line) => (model = conversingModel(clock, line, [offer, offer, hours])),
    ownVoice: () => Promise.reject(new Error('away')),
  });
  await call.line.hearsOut();
  await call.line.isQuiet(800);
  for (const turns of [3, 5]) {
    call.control.push({ type: 'say', text: offer });
    await call.line.isQuietUntil(() => call.turns.length === turns, 10_000);
    assert.deepEqual([call.turns.at(-1)?.kind, call.turns.at(-1)?.heard], ['reply', offer]);
  }
  assert.ok(
    model!.asked.includes(`tell (Say to the caller now, word for word: "${offer}")`),
    model!.asked.join('; '),
  );
  await call.line.says('when do you open?', 900);
  await call.line.hearsOut();
  assert.equal(call.turns.at(-1)?.heard, hours);
  assert.equal(await call.finish(), 'caller');
});

for (const [kind, start] of Object.entries(bothKinds)) {
  describe(`a call ${kind}`, () => {
    test('words are said where nobody speaks, and the model knows of them', async () => {
      const { call, asked } = await start([hours]);
      await call.line.hearsOut();
      await call.line.isQuiet(800);
      call.control.push({ type: 'say', text: offer });
      await call.line.isQuiet(200);
      assert.equal(call.line.playing, true);
      await call.line.hearsOut();
      assert.deepEqual(said(call), [['notice', offer]]);
      await call.line.says('when do you open?', 900);
      await call.line.hearsOut();
      assert.ok(asked().some((each) => each.includes(offer)));
      await call.finish();
    });

    test('they wait for the end of what we say', async () => {
      const { call } = await start([hours]);
      await call.line.hearsOut();
      await call.line.says('when do you open?', 900);
      await call.line.isQuietUntil(() => call.line.playing, 5000);
      call.control.push({ type: 'say', text: offer });
      await call.line.isQuietUntil(() => call.turns.length === 3, 10_000);
      assert.deepEqual(said(call), [
        ['reply', hours],
        ['notice', offer],
      ]);
      await call.finish();
    });

    test('a caller who speaks is not spoken into', async () => {
      const { call } = await start([hours]);
      await call.line.hearsOut();
      await call.line.says('and when do you', 900);
      call.control.push({ type: 'say', text: offer });
      for (let spoken = 0; spoken < 1500; spoken += 100) {
        await call.line.says('', 100);
        assert.equal(call.line.playing, false);
      }
      await call.line.isQuietUntil(() => call.turns.length === 3, 10_000);
      assert.deepEqual(said(call).toSorted(byKind), [
        ['notice', offer],
        ['reply', hours],
      ]);
      await call.finish();
    });

    test('five may wait, and no more', async () => {
      const { call } = await start([hours]);
      await call.line.isQuiet(100);
      for (let count = 1; count <= 7; count += 1) {
        call.control.push({ type: 'say', text: `Number ${count}.` });
      }
      await call.line.isQuietUntil(() => call.turns.length === 6, 20_000);
      await call.line.isQuiet(2000);
      assert.deepEqual(
        said(call).map(([, heard]) => heard),
        [1, 2, 3, 4, 5].map((count) => `Number ${count}.`),
      );
      await call.finish();
    });

    test('what the caller spoke into before a word was heard is said again', async () => {
      const { call } = await start([hours]);
      await call.line.hearsOut();
      await call.line.isQuiet(800);
      call.control.push({ type: 'say', text: offer });
      await call.line.isQuiet(40);
      await call.line.says('when do you open?', 900);
      await call.line.isQuietUntil(() => said(call).some(([, heard]) => heard === offer), 20_000);
      assert.deepEqual(said(call)[0], ['notice', '']);
      await call.finish();
    });

    test('a caller is put through in the middle of our sentence, whatever they say meanwhile', async () => {
      let whom: string | undefined;
      const { call } = await start([`${hours} And on Saturdays from ten to two.`], {
        parts: { putThrough: (targetId) => Promise.resolve(((whom = targetId), person)) },
      });
      await call.line.hearsOut();
      await call.line.says('when do you open?', 900);
      await call.line.isQuietUntil(() => call.line.playing, 5000);
      call.control.push({ type: 'put-through', targetId: 'Ruiz' });
      await call.line.isQuiet(100);
      await call.line.says('no, wait a moment please', 1200);
      await call.line.isQuietUntil(() => call.line.isOver, 5000);
      assert.equal(await call.finish(), 'transferred');
      assert.equal(whom, 'Ruiz');
      const ours = call.turns.slice(2).filter((turn) => turn.kind !== 'reply' || turn.heard !== '');
      assert.deepEqual(
        ours.map(({ kind, ending }) => [kind, ending]),
        [['notice', 'interrupted']],
      );
      assert.deepEqual(call.line.transferredTo, person);
    });

    test('where nobody can be reached the call goes on', async () => {
      const { call } = await start([hours], {
        parts: { putThrough: () => Promise.reject(new Error('away')) },
      });
      await call.line.hearsOut();
      call.control.push({ type: 'put-through', targetId: undefined });
      await call.line.says('when do you open?', 900);
      await call.line.hearsOut();
      assert.deepEqual(said(call), [['reply', hours]]);
      assert.equal(await call.finish(), 'caller');
    });

    test('0 alone leads to a person, in the middle of our sentence', async () => {
      const { call } = await start([hours], {
        parts: { personByKey: () => Promise.resolve(person) },
      });
      await call.line.hearsOut();
      await call.line.says('when do you open?', 900);
      await call.line.isQuietUntil(() => call.line.playing, 5000);
      call.line.keys.push('0');
      await call.line.isQuietUntil(() => call.line.isOver, 10_000);
      assert.equal(await call.finish(), 'transferred');
      assert.deepEqual(call.line.transferredTo, person);
      assert.equal(call.turns.findLast(({ heard }) => heard !== '')?.heard, 'One moment.');
    });

    test('and is a key like any other where nobody is there', async () => {
      const { call, asked } = await start([hours], {
        parts: { personByKey: () => Promise.resolve(undefined) },
      });
      await call.line.hearsOut();
      call.line.keys.push('0');
      await call.line.hearsOut();
      assert.ok(asked().some((each) => each.includes('(pressed on the keypad: 0)')));
      assert.deepEqual(said(call), [['reply', hours]]);
      await call.finish();
    });
  });
}
