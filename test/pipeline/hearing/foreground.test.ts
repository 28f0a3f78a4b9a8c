// Whose voice it is: the caller's, or somebody's behind, by how loud each has been.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Foreground } from '../../../src/pipeline/hearing/foreground.ts';

/** Levels in decibels of full scale. */
const CALLER = -16;
const BEHIND = -36;

/** `ms` of voice as loud as `levelDb`; how much of it was taken for the caller's, in milliseconds. */
function voice(foreground: Foreground, ms: number, levelDb: number, { over = false } = {}): number {
  let callersMs = 0;
  for (let passed = 0; passed < ms; passed += 20) {
    if (foreground.judge(true, levelDb, over)) callersMs += 20;
  }
  return callersMs;
}

function quiet(foreground: Foreground, ms: number): void {
  for (let passed = 0; passed < ms; passed += 20) foreground.judge(false, -70, false);
}

function turn(foreground: Foreground, levelDb = CALLER): void {
  quiet(foreground, 1000);
  voice(foreground, 1000, levelDb);
  foreground.noteWords();
  foreground.noteTurn();
  quiet(foreground, 1000);
}

test('on a quiet line all voice is the caller’s, faint or loud', () => {
  const foreground = new Foreground();
  for (const levelDb of [CALLER, BEHIND, -50]) {
    quiet(foreground, 500);
    assert.equal(voice(foreground, 800, levelDb, { over: true }), 800);
  }
  assert.equal(foreground.crowded, false);
});

test('voice that never ceases is behind the caller, who is heard over it', () => {
  const foreground = new Foreground();
  voice(foreground, 2000, BEHIND);
  assert.equal(foreground.crowded, true);
  assert.equal(voice(foreground, 1000, BEHIND), 0);
  assert.equal(voice(foreground, 400, CALLER), 400);
  assert.ok(voice(foreground, 1000, BEHIND) <= 160);
});

test('who takes a breath now and then is nobody behind', () => {
  const foreground = new Foreground();
  for (let sentence = 0; sentence < 6; sentence += 1) {
    assert.equal(voice(foreground, 1100, CALLER), 1100);
    quiet(foreground, 700);
  }
  assert.equal(foreground.crowded, false);
});

test('what silenced us for nothing does not do it again, unless it is louder', () => {
  const foreground = new Foreground();
  quiet(foreground, 1000);
  voice(foreground, 300, BEHIND, { over: true });
  foreground.noteNothing();
  quiet(foreground, 2000);
  assert.equal(voice(foreground, 300, BEHIND, { over: true }), 0);
  assert.equal(voice(foreground, 300, CALLER, { over: true }), 300);
});

test('a cough as loud as the caller does not make us deaf to the caller', () => {
  const foreground = new Foreground();
  turn(foreground);
  voice(foreground, 300, CALLER + 6, { over: true });
  foreground.noteNothing();
  quiet(foreground, 500);
  assert.equal(voice(foreground, 300, CALLER, { over: true }), 300);
});

test('over our speech only what is about as loud as the caller was in turns is the caller', () => {
  const foreground = new Foreground();
  turn(foreground);
  assert.equal(voice(foreground, 300, BEHIND, { over: true }), 0);
  assert.equal(voice(foreground, 300, CALLER - 10, { over: true }), 300);
  quiet(foreground, 400);
  assert.equal(voice(foreground, 300, CALLER - 13), 300);
});

test('who is far fainter than the caller was is not the caller, unless nobody else answers', () => {
  const foreground = new Foreground();
  turn(foreground);
  quiet(foreground, 1200);
  assert.equal(voice(foreground, 300, BEHIND), 0);
  quiet(foreground, 200);
  assert.equal(foreground.whose(), 'others');
  foreground.noteSilence();
  assert.equal(voice(foreground, 300, BEHIND), 300);
  assert.equal(foreground.whose(), 'callers');
});

test('who has begun may go on as faintly as sentences end', () => {
  const foreground = new Foreground();
  turn(foreground);
  quiet(foreground, 1500);
  voice(foreground, 300, CALLER);
  quiet(foreground, 600);
  assert.equal(voice(foreground, 600, BEHIND), 600);
});

test('the loudest who have had a turn are the caller, and fainter turns say little', () => {
  const foreground = new Foreground();
  turn(foreground, CALLER - 12);
  turn(foreground);
  turn(foreground, CALLER - 8);
  assert.equal(voice(foreground, 300, CALLER - 20, { over: true }), 0);
});

test('others who speak when the line is opened are behind, and their words are', () => {
  const foreground = new Foreground();
  voice(foreground, 1000, BEHIND, { over: true });
  for (let sentence = 0; sentence < 3; sentence += 1) {
    quiet(foreground, 1200);
    assert.equal(voice(foreground, 1000, BEHIND, { over: true }), 0);
    assert.equal(foreground.whose(), 'others');
  }
  assert.equal(foreground.crowded, true);
  assert.ok(voice(foreground, 300, CALLER, { over: true }) >= 240);
  assert.equal(foreground.whose(), 'callers');
});

test('however faint who answers a call of ours is, it is who we called', () => {
  const foreground = new Foreground(false);
  assert.equal(voice(foreground, 600, BEHIND, { over: true }), 600);
});

test('nobody is taken for others for ever: after the second question whoever speaks is the caller', () => {
  const foreground = new Foreground();
  for (let part = 0; part < 10; part += 1) {
    voice(foreground, 800, BEHIND);
    quiet(foreground, 1000);
  }
  assert.equal(voice(foreground, 300, BEHIND), 0);
  foreground.noteLongSilence();
  assert.equal(voice(foreground, 300, BEHIND), 300);
});

test('words are believed where the caller was heard, and those of others are not', () => {
  const foreground = new Foreground();
  turn(foreground);
  voice(foreground, 8000, BEHIND);
  assert.equal(foreground.whose(), 'others');
  voice(foreground, 300, CALLER);
  assert.equal(foreground.whose(), 'callers');
});

test('words of a voice that was not believed say that it was somebody’s after all', () => {
  const foreground = new Foreground();
  quiet(foreground, 1000);
  voice(foreground, 300, BEHIND, { over: true });
  foreground.noteNothing();
  quiet(foreground, 4000);
  voice(foreground, 600, BEHIND);
  assert.equal(foreground.whose(), 'callers');
  foreground.noteWords();
  assert.equal(voice(foreground, 300, BEHIND), 300);
});

test('after two stops for nothing it takes words to stop us, for twenty seconds', () => {
  const foreground = new Foreground();
  turn(foreground);
  for (let stop = 0; stop < 2; stop += 1) {
    assert.equal(voice(foreground, 200, CALLER, { over: true }), 200);
    foreground.noteNothing();
    quiet(foreground, 1000);
  }
  assert.equal(voice(foreground, 200, CALLER, { over: true }), 0);
  assert.equal(foreground.whose(), 'callers');
  assert.equal(voice(foreground, 200, CALLER), 200);
  quiet(foreground, 20_000);
  assert.equal(voice(foreground, 200, CALLER, { over: true }), 200);
});

/** A caller who is known, and others who have spoken over us. */
function beside(): Foreground {
  const foreground = new Foreground();
  turn(foreground);
  quiet(foreground, 1000);
  voice(foreground, 2000, CALLER - 10, { over: true });
  quiet(foreground, 3000);
  return foreground;
}

test('beside others who spoke over us, fainter voice does not stop us, and its words are doubtful', () => {
  const foreground = beside();
  assert.equal(voice(foreground, 300, CALLER - 9, { over: true }), 0);
  assert.equal(foreground.whose(), 'doubtful');
  assert.equal(voice(foreground, 300, CALLER - 3, { over: true }), 300);
  assert.equal(foreground.whose(), 'callers');
});

test('beside others the caller is not forgotten by being silent, but once, when nobody answers two questions', () => {
  const foreground = beside();
  foreground.noteSilence();
  quiet(foreground, 4000);
  assert.equal(voice(foreground, 300, CALLER - 9), 0);
  foreground.noteLongSilence();
  assert.equal(voice(foreground, 1000, CALLER - 9), 1000);
  foreground.noteWords();
  foreground.noteTurn();
  // Our answer: whoever it is speaks on.
  voice(foreground, 1000, CALLER - 9, { over: true });
  quiet(foreground, 4000);
  assert.equal(voice(foreground, 300, CALLER - 9, { over: true }), 0);
  foreground.noteLongSilence();
  assert.equal(voice(foreground, 300, CALLER - 9), 0);
});
