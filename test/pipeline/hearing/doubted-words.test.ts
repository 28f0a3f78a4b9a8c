// Words that may be somebody else's: when they are given, and what is taken from those of the caller.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DoubtedWords } from '../../../src/pipeline/hearing/doubted-words.ts';

const words = (text: string, final = false) =>
  ({ type: 'words', text, final, flushed: false, words: [] }) as const;

function pass(doubted: DoubtedWords, ms: number): void {
  for (let passed = 0; passed < ms; passed += 20) doubted.onFrame();
}

const taken = (doubted: DoubtedWords) => doubted.take().map(({ text }) => text);

test('they wait when nothing was added for two and a half seconds, and are given once', () => {
  const doubted = new DoubtedWords();
  doubted.add(words('when do you'));
  pass(doubted, 1000);
  doubted.add(words('when do you open', true));
  doubted.add(words('on'));
  pass(doubted, 2400);
  doubted.add(words('on'));
  assert.equal(doubted.wait, false);
  pass(doubted, 100);
  assert.equal(doubted.wait, true);
  assert.deepEqual(taken(doubted), ['when do you open', 'on']);
  assert.equal(doubted.any, false);
});

test('what others said is taken from what the caller says in the same breath of the recogniser', () => {
  const doubted = new DoubtedWords();
  doubted.add(words('and now the weather'));
  assert.equal(doubted.without(words('And now the weather. When do you')).text, 'When do you');
  const final = words('And now, the weather. When do you open?', true);
  assert.equal(doubted.without(final).text, 'When do you open?');
  assert.equal(doubted.without(words('and now the weather')).text, 'and now the weather');
});

test('who speaks for a quarter of a minute without waiting speaks to nobody here', () => {
  const doubted = new DoubtedWords();
  for (let part = 0; part < 9; part += 1) {
    doubted.add(words(`part ${part}`, true));
    pass(doubted, 2000);
  }
  assert.equal(doubted.any, false);
  pass(doubted, 2500);
  doubted.add(words('when do you open'));
  assert.deepEqual(taken(doubted), ['when do you open']);
});
