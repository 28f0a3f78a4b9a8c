// When a call goes round in circles, and when it only looks so.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LoopDetector } from '../../../src/pipeline/machines/loop-detector.ts';

function loops(exchanges: readonly (readonly [caller: string, heard: string])[]): boolean[] {
  const detector = new LoopDetector();
  return exchanges.map(([caller, heard]) => detector.note(caller, heard));
}

const times = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);

test('the same exchange four times is a loop', () => {
  assert.deepEqual(loops(times(4, ['Hello?', 'How can I help?'] as const)), [
    false,
    false,
    false,
    true,
  ]);
});

test('a long sentence word for word is a machine, whatever we answer', () => {
  const menu = 'For sales press one, for support press two.';
  const answers = ['Hello.', 'Who is there?', 'Can you hear me?', 'Goodbye.'];
  assert.deepEqual(loops(answers.map((answer) => [menu, answer])), [false, false, false, true]);
});

test('short answers to different questions are no loop, nor what is broken by something else', () => {
  const yes = ['Monday?', 'At nine?', 'For one?', 'For you?'].map(
    (asked) => ['yes', asked] as const,
  );
  assert.ok(!loops(yes).includes(true));
  const broken = [
    ...times(3, ['Hello?', 'Yes?'] as const),
    ['Monday', 'Good.'],
    ['Hello?', 'Yes?'],
  ];
  assert.ok(!loops(broken as [string, string][]).includes(true));
});
