// Which words a caller has heard, from word times and the milliseconds played.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Heard } from '../../../src/pipeline/speaking/heard.ts';

test('what was played decides which words were heard, by the times the voice gives', () => {
  const heard = new Heard(1000);
  heard.begin(1);
  heard.addText('We open at nine.');
  heard.addWords([
    { text: 'We', startMs: 0, endMs: 200 },
    { text: 'open', startMs: 200, endMs: 500 },
    { text: 'at', startMs: 500, endMs: 600 },
    { text: 'nine.', startMs: 600, endMs: 1000 },
  ]);
  heard.addAudio(1000);
  const table: readonly [heardMs: number, text: string][] = [
    [1000, ''],
    [1050, ''],
    [1100, 'We'],
    [1400, 'We open'],
    [1799, 'We open at'],
    [1800, 'We open at nine.'],
    [5000, 'We open at nine.'],
  ];
  for (const [heardMs, text] of table) assert.equal(heard.upTo(heardMs), text, `${heardMs}`);
});

test('stretches follow each other, each with its own word times', () => {
  const heard = new Heard(0);
  heard.begin(undefined);
  heard.addText('One moment.');
  heard.addAudio(800);
  heard.begin(7);
  heard.addText('You are booked.');
  heard.addWords([
    { text: 'You', startMs: 0, endMs: 200 },
    { text: 'are', startMs: 200, endMs: 400 },
    { text: 'booked.', startMs: 400, endMs: 900 },
  ]);
  heard.addAudio(900);
  heard.complete();
  assert.deepEqual(heard.stretchesUpTo(1150), [
    { step: undefined, text: 'One moment.' },
    { step: 7, text: 'You are' },
  ]);
  assert.equal(heard.upTo(1700), 'One moment. You are booked.');
  assert.equal(heard.after(1150), 'booked.');
  assert.equal(heard.after(-1), 'One moment. You are booked.');
  assert.equal(heard.after(1700), '');
});

test('a number is heard by half, an address only whole', () => {
  const heard = new Heard(0);
  heard.begin(1);
  const number = { written: '415 0123 ', spoken: 'four one five, oh one two three ' };
  const address = { written: 'a@b.com.', spoken: 'A, at B dot com.' };
  heard.addText([number, address]);
  heard.addWords(
    `${number.spoken}${address.spoken}`
      .split(' ')
      .map((text, at) => ({ text, startMs: at * 100, endMs: at * 100 + 100 })),
  );
  heard.addAudio(1200);
  assert.deepEqual(
    [200, 400, 1100, 1200].map((ms) => heard.upTo(ms)),
    ['', '415 0123', '415 0123', '415 0123 a@b.com.'],
  );
});

test('a voice without times is estimated by characters, and never ahead by more than a word', () => {
  const heard = new Heard(0);
  heard.begin(1);
  heard.addText('Our office is on Main Street.');
  heard.addAudio(29 * 65);
  heard.complete();
  assert.equal(heard.upTo(29 * 65 * 0.5), 'Our office is');
  assert.equal(heard.upTo(29 * 65), 'Our office is on Main Street.');
});

test('a voice that splits our words into others is followed by shares', () => {
  const heard = new Heard(0);
  heard.begin(1);
  heard.addText('At 2:30 today.');
  heard.addWords([
    { text: 'At', startMs: 0, endMs: 100 },
    { text: 'two', startMs: 100, endMs: 300 },
    { text: 'thirty', startMs: 300, endMs: 600 },
    { text: 'today', startMs: 600, endMs: 1000 },
  ]);
  heard.addAudio(1000);
  heard.complete();
  assert.equal(heard.upTo(600), 'At 2:30');
  assert.equal(heard.upTo(1000), 'At 2:30 today.');
});

test('what is still to be heard, while the voice has told of few words and when it is done', () => {
  const heard = new Heard(1000);
  assert.equal(heard.remainingMs(1000), 0);
  heard.begin(1);
  heard.addText('Is there anything else you would like to know?');
  assert.ok(heard.remainingMs(1000) > 2500, 'by letters');
  heard.addWords([{ text: 'Is', startMs: 0, endMs: 200 }]);
  heard.addAudio(300);
  assert.ok(heard.remainingMs(1200) > 2000, 'by words that are to come');
  heard.addAudio(2200);
  heard.complete();
  assert.equal(heard.remainingMs(1500), 2000);
  assert.equal(heard.remainingMs(9000), 0);
});
