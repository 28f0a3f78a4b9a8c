// Who speaks beside a known caller: others are known by their speaking over us, a caller by waiting for an answer and listening to it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TalkBeside } from '../../../src/pipeline/hearing/talk-beside.ts';

const CALLER = -16;
const FAINT = -26;

function voice(beside: TalkBeside, ms: number, levelDb: number, over = false): void {
  for (let passed = 0; passed < ms; passed += 20) beside.push(true, levelDb, over, CALLER);
}

function quiet(beside: TalkBeside, ms: number, over = false): void {
  for (let passed = 0; passed < ms; passed += 20) beside.push(false, -70, over, CALLER);
}

test('faint voice over our speech is others’, as loud as it was; in the caller’s own time it is not', () => {
  const beside = new TalkBeside();
  voice(beside, 3000, FAINT);
  voice(beside, 3000, CALLER, true);
  voice(beside, 900, FAINT, true);
  assert.equal(beside.known, false);
  voice(beside, 1700, FAINT, true);
  assert.equal(beside.known, true);
  assert.ok(Math.abs(beside.levelDb - FAINT) < 1);
});

test('what had silenced us and goes on counts on, and what begins in quiet does not', () => {
  const beside = new TalkBeside();
  voice(beside, 200, FAINT, true);
  voice(beside, 1500, FAINT);
  assert.equal(beside.known, true);
  const other = new TalkBeside();
  quiet(other, 1000, true);
  quiet(other, 500);
  voice(other, 3000, FAINT);
  assert.equal(other.known, false);
});

test('others are forgotten a minute after they were heard last', () => {
  const beside = new TalkBeside();
  voice(beside, 6000, FAINT, true);
  quiet(beside, 50_000);
  assert.equal(beside.known, true);
  quiet(beside, 20_000);
  assert.equal(beside.known, false);
});

test('who is silent for two seconds waits, unless too faint to speak to us', () => {
  const beside = new TalkBeside();
  voice(beside, 1000, FAINT);
  quiet(beside, 1900);
  assert.equal(beside.waits, false);
  quiet(beside, 200);
  assert.equal(beside.waits, true);
  const faint = new TalkBeside();
  voice(faint, 1000, CALLER - 20);
  quiet(faint, 2100);
  assert.equal(faint.waits, false);
});

test('others do not keep somebody from waiting who is louder than they are', () => {
  const beside = new TalkBeside();
  voice(beside, 3000, FAINT, true);
  quiet(beside, 3000);
  voice(beside, 1000, FAINT + 4);
  voice(beside, 2200, FAINT);
  assert.equal(beside.waits, true);
});

test('who is answered is the caller once they have listened for three seconds, and not when they speak on', () => {
  const beside = new TalkBeside();
  voice(beside, 1000, FAINT);
  quiet(beside, 2000);
  beside.noteAnswer();
  quiet(beside, 2900, true);
  assert.equal(beside.listenerDb, undefined);
  quiet(beside, 100, true);
  assert.equal(beside.listenerDb, FAINT);
  beside.noteAnswer(FAINT);
  voice(beside, 400, FAINT, true);
  assert.equal(beside.speaksOn, true);
  quiet(beside, 4000, true);
  assert.equal(beside.listenerDb, undefined);
});
