// What is on the line from its first moment on: who stands out of it, and when it is forgotten.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OpeningTalk } from '../../../src/pipeline/hearing/opening-talk.ts';

const TALK = -36;
const QUIET = -80;

/** `ms` of sound; for how many milliseconds of it somebody stood out by `aboveDb`. */
function sound(talk: OpeningTalk, ms: number, levelDb: number, voiced = true, aboveDb = 5): number {
  let stoodMs = 0;
  for (let passed = 0; passed < ms; passed += 20) {
    talk.push(levelDb, voiced);
    if (talk.standsOut(aboveDb)) stoodMs += 20;
  }
  return stoodMs;
}

test('what was there before anybody could answer us is talk, and louder voice stands out of it within 60 ms', () => {
  const talk = new OpeningTalk();
  sound(talk, 2000, TALK);
  assert.equal(talk.certain, true);
  assert.equal(sound(talk, 1000, TALK + 2), 0);
  assert.ok(sound(talk, 100, TALK + 8) >= 60);
});

test('a single loud frame is nobody, and a line that is quiet at first has no talk', () => {
  const talk = new OpeningTalk();
  sound(talk, 200, QUIET);
  sound(talk, 20, TALK);
  sound(talk, 900, QUIET);
  sound(talk, 1000, TALK);
  assert.equal(talk.known, false);
  assert.ok(talk.standsOut(5));
});

test('who begins a moment later may be answering us', () => {
  const talk = new OpeningTalk();
  sound(talk, 600, QUIET);
  sound(talk, 800, TALK);
  assert.equal(talk.known, true);
  assert.equal(talk.certain, false);
});

test('who was silent for the first half second need not be as loud as others to be the caller', () => {
  const talk = new OpeningTalk();
  sound(talk, 600, QUIET);
  sound(talk, 300, -24);
  assert.equal(talk.known, false);
  const other = new OpeningTalk();
  sound(other, 900, -24);
  assert.equal(other.known, true);
});

test('talk grows louder by windows in which the caller was not heard', () => {
  const talk = new OpeningTalk();
  sound(talk, 1200, TALK);
  sound(talk, 1200, TALK + 2.5);
  assert.equal(sound(talk, 300, TALK + 5), 0);
});

test('voice stands out of a noise sooner than of talk', () => {
  const [noise, talk] = [new OpeningTalk(), new OpeningTalk()];
  sound(noise, 2000, TALK, false);
  sound(talk, 2000, TALK);
  assert.ok(sound(noise, 200, TALK + 2.5) > 0);
  assert.equal(sound(talk, 200, TALK + 2.5), 0);
});

test('it is forgotten after three seconds of quiet, and not in the pauses of talk', () => {
  const talk = new OpeningTalk();
  sound(talk, 1200, TALK);
  sound(talk, 2000, QUIET);
  sound(talk, 400, TALK);
  assert.equal(talk.known, true);
  sound(talk, 3100, QUIET);
  assert.equal(talk.known, false);
});
