// Tests of how heard words are written: a table.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { write } from '../../../sandbox/speech/wording.ts';

const heard = (text: string) =>
  text.split(' ').map((word, at) => ({ text: word, startMs: at * 100, endMs: at * 100 + 90 }));
const all = { punctuate: true, numerals: true, final: true };

for (const [said, written, options] of [
  ['yes please', 'Yes please.', all],
  ["hi i'd like to book an appointment", "Hi I'd like to book an appointment.", all],
  ['my name is john smith', 'My name is John Smith.', all],
  ['when do you close on friday', 'When do you close on Friday?', all],
  ['okay are you open', 'Okay are you open?', all],
  ['i would like to', 'I would like to', all],
  ['five five five oh one double two', '5550122.', all],
  ['five five five', 'Five five five.', { ...all, numerals: false }],
  ['ten oh five', 'Ten oh five.', all],
  ['two thirty p. m.', 'Two thirty p.m.', all],
  ['spelled s. m. i.', 'Spelled S M I.', all],
  ['yes please', 'Yes please', { ...all, final: false }],
  ['on tuesday', 'on tuesday', { ...all, punctuate: false }],
] as const) {
  test(`${said} -> ${written}`, () => {
    const words = write(heard(said), options);
    assert.equal(words.map((word) => word.written).join(' '), written);
  });
}

test('a number has the time of all its digits', () => {
  const [word] = write(heard('one two three'), all);
  assert.deepEqual(word, { text: '123', written: '123.', startMs: 0, endMs: 290 });
});
