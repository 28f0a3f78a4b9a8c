// Where one recogniser ends and another goes on: which audio is heard again, which words count, as tables.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeardAudio } from '../../../src/pipeline/hearing/heard-audio.ts';
import type { Transcript, Word } from '../../../src/pipeline/types.ts';

const RATE = 8000;

function audio(heard: HeardAudio, ms: number): void {
  for (let at = 0; at < ms; at += 20) heard.addAudio(new Int16Array(160));
}

/** Words of 500 ms each. */
function words(text: string, startMs: number, flags: object = {}): Transcript {
  const list = text.split(' ').filter((word) => word !== '');
  const timed: Word[] = list.map((word, i) => ({
    text: word,
    startMs: startMs + i * 500,
    endMs: startMs + (i + 1) * 500,
  }));
  return { type: 'words', text, final: false, flushed: false, words: timed, ...flags };
}

function replayedMs(replay: readonly Int16Array[]): number {
  return (replay.reduce((sum, each) => sum + each.length, 0) / RATE) * 1000;
}

test('what has no final words is heard again, at most the last four seconds', () => {
  const heard = new HeardAudio(RATE);
  audio(heard, 3000);
  assert.equal(replayedMs(heard.handOver().replay), 3000);
  audio(heard, 3000);
  const { replay, startMs } = heard.handOver();
  assert.deepEqual([replayedMs(replay), startMs], [4000, 2000]);
});

test('final words are not heard again, and later times go on from there', () => {
  const heard = new HeardAudio(RATE);
  audio(heard, 2000);
  heard.hear(words('good morning', 0, { final: true }));
  audio(heard, 500);
  const { replay, startMs, carried } = heard.handOver();
  assert.deepEqual([replayedMs(replay), startMs, carried.text], [1500, 1000, '']);
  const next = heard.hear(words('do you open', 0));
  assert.ok(next.type === 'words');
  assert.deepEqual(
    next.words.map((word) => word.startMs),
    [1000, 1500, 2000],
  );
});

test('words that are not final are heard again; those of audio that is gone are kept', () => {
  const heard = new HeardAudio(RATE);
  audio(heard, 6000);
  heard.hear(words('i would like to book a table for four', 1000));
  const { carried, startMs } = heard.handOver();
  assert.equal(startMs, 2000);
  assert.deepEqual([carried.text, carried.final], ['i would', true]);
  // The word at the seam is not told twice.
  const next = heard.hear(words('would like to book', -500));
  assert.ok(next.type === 'words');
  assert.equal(next.text, 'like to book');
});

test('without times of words: all is heard again while all is kept, and the seam is found by the words', () => {
  const short = new HeardAudio(RATE);
  audio(short, 2000);
  short.hear({ ...words('a table', 0), words: [] } as Transcript);
  assert.equal(short.handOver().carried.text, '');
  const long = new HeardAudio(RATE);
  audio(long, 6000);
  long.hear({ ...words('I would like a table.', 0), words: [] } as Transcript);
  audio(long, 400);
  const { carried, startMs } = long.handOver();
  assert.deepEqual([carried.text, startMs], ['I would like a table.', 6000]);
  const next = long.hear({ type: 'end-of-turn', text: 'a table for four' });
  assert.deepEqual(next, { type: 'end-of-turn', text: 'for four' });
});

test('words that are told to end after the audio so far end with it: what follows is heard all the same', () => {
  for (const endMs of [9_000_000, Number.POSITIVE_INFINITY]) {
    const heard = new HeardAudio(RATE);
    audio(heard, 1000);
    const list = [{ text: 'hello', startMs: 200, endMs }];
    heard.hear({ ...words('hello', 0, { final: true }), words: list } as Transcript);
    audio(heard, 1400);
    const { replay, startMs } = heard.handOver();
    assert.deepEqual([replayedMs(replay), startMs], [1400, 1000]);
    const next = heard.hear(words('do you open', 0));
    assert.ok(next.type === 'words');
    assert.equal(next.text, 'do you open');
  }
});

test('a flush without an answer is asked again, one with an answer closes what was before it', () => {
  const heard = new HeardAudio(RATE);
  audio(heard, 1000);
  heard.addFlush();
  assert.equal(heard.quiet, false);
  heard.hear(words('yes', 0, { final: true, flushed: true }));
  assert.equal(heard.quiet, true);
  audio(heard, 1000);
  heard.addFlush();
  const { replay, flush } = heard.handOver();
  assert.deepEqual([replayedMs(replay), flush, heard.quiet], [1000, true, false]);
  // Words that were not final were no answer.
  heard.hear(words('', 0, { flushed: true }));
  assert.equal(heard.quiet, true);
  audio(heard, 200);
  const next = heard.handOver();
  assert.deepEqual([replayedMs(next.replay), next.flush], [1200, true]);
});
