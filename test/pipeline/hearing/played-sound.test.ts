// What the caller hears of us at each moment, from what we gave to the line and what the line says of itself.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PlayedSound } from '../../../src/pipeline/hearing/played-sound.ts';

const RATE = 8000;
/** Every sample of the n-th frame is n, from 1 on. */
function counted(count: number, from = 1): Int16Array {
  return Int16Array.from({ length: count * 160 }, (_, i) => from + Math.floor(i / 160));
}

/** The first and the last sample of the frame that is heard. */
function at(played: PlayedSound, heardMs: number): [number, number] {
  played.advance(heardMs);
  const frame = played.read();
  return [frame[0]!, frame[159]!];
}

test('it is read in step with the frames of the caller, whatever pieces it came in', () => {
  const played = new PlayedSound(RATE);
  const sound = counted(6);
  played.add(sound.subarray(0, 100));
  played.add(sound.subarray(100, 500));
  played.add(sound.subarray(500));
  assert.equal(played.playing, false);
  assert.deepEqual(
    [20, 40, 60, 80, 100, 120].map((ms) => at(played, ms)),
    [1, 2, 3, 4, 5, 6].map((n) => [n, n]),
  );
  assert.deepEqual(at(played, 140), [0, 0]);
  assert.equal(played.playing, true);
});

test('a line that says it a bit early or late is not followed, one that is elsewhere is', () => {
  const played = new PlayedSound(RATE);
  played.add(counted(200));
  at(played, 20);
  const { steps } = played;
  assert.deepEqual(at(played, 75), [2, 2]);
  assert.deepEqual(at(played, 75), [3, 3]);
  assert.deepEqual(at(played, 75), [4, 4]);
  assert.deepEqual(at(played, 95), [5, 5]);
  assert.equal(played.steps, steps);
  let frame = 6;
  for (; played.steps === steps && frame < 50; frame += 1) at(played, frame * 20 + 300);
  assert.equal(played.steadyFrames, 0);
  assert.deepEqual(at(played, frame * 20 + 300), [frame + 15, frame + 15]);
  assert.equal(played.steadyFrames, 1);
});

test('a line that stands still plays nothing, and goes on from where it was', () => {
  const played = new PlayedSound(RATE);
  played.add(counted(20));
  at(played, 20);
  at(played, 40);
  for (let i = 0; i < 5; i += 1) at(played, 40);
  assert.equal(played.playing, false);
  assert.deepEqual(at(played, 40), [0, 0]);
  assert.deepEqual(at(played, 60), [3, 3]);
  assert.deepEqual(at(played, 80), [4, 4]);
});

test('what was dropped is never heard, and what comes next begins there', () => {
  const played = new PlayedSound(RATE);
  played.add(counted(20));
  at(played, 20);
  played.clear(40);
  played.add(counted(20, 101));
  assert.deepEqual(at(played, 60), [101, 101]);
});

test('a line that fills up the last frame of what we say moves on what we say next', () => {
  const played = new PlayedSound(RATE);
  played.add(counted(2).subarray(0, 200));
  assert.deepEqual(
    [at(played, 20), at(played, 40)],
    [
      [1, 1],
      [2, 0],
    ],
  );
  for (let i = 0; i < 20; i += 1) at(played, 40);
  played.add(counted(4, 101));
  assert.deepEqual(
    [at(played, 60), at(played, 80)],
    [
      [101, 101],
      [102, 102],
    ],
  );
});
