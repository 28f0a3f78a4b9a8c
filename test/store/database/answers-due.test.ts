// Which bytes leave an answer due, in pieces of any size.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnswersDue, startupMessage } from '../../../src/store/database/answers-due.ts';

const startup = Buffer.from('000000090003000000', 'hex');
const query = Buffer.from('5100000007533b00', 'hex');
const parse = Buffer.from('500000000800000000', 'hex');
const sync = Buffer.from('5300000004', 'hex');
const flush = Buffer.from('4800000004', 'hex');
const parameterStatus = Buffer.from('530000000861006200', 'hex');
const notification = Buffer.from('410000000b00000001610000', 'hex');
const row = Buffer.from('440000000a00015a000000', 'hex');
const ready = Buffer.from('5a0000000549', 'hex');

function opened(): AnswersDue {
  const answers = new AnswersDue();
  answers.sent(startup);
  answers.received(Buffer.concat([parameterStatus, ready]));
  return answers;
}

test('the opening message is answered like a query', () => {
  const answers = new AnswersDue();
  assert.equal(answers.due, false);
  answers.sent(startup);
  assert.equal(answers.due, true);
  assert.equal(answers.received(parameterStatus).completed, false);
  assert.equal(answers.due, true);
  assert.equal(answers.received(ready).completed, true);
  assert.equal(answers.due, false);
});

test('each query and each sync is answered once, however the bytes are cut', () => {
  for (const size of [1, 2, 3, 5, 7, 1000]) {
    const answers = opened();
    answers.sent(Buffer.concat([query, parse, sync]));
    const bytes = Buffer.concat([row, notification, ready, row, ready]);
    const dues: boolean[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      if (answers.received(bytes.subarray(at, at + size)).completed) dues.push(answers.due);
    }
    assert.equal(dues.at(-1), false, `pieces of ${size}`);
    if (size < 10) assert.deepEqual(dues, [true, false]);
  }
});

test('a flush leaves an answer due until the sync behind it is answered', () => {
  const answers = opened();
  answers.sent(Buffer.concat([parse, flush]));
  assert.equal(answers.due, true);
  answers.received(row);
  assert.equal(answers.due, true);
  answers.sent(sync);
  answers.received(ready);
  assert.equal(answers.due, false);
});

test('what comes unasked leaves nothing due', () => {
  const answers = opened();
  assert.equal(answers.received(notification).completed, false);
  assert.equal(answers.due, false);
});

test('the end of a session is told, also in pieces', () => {
  const text = 'SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0';
  const end = Buffer.concat([
    Buffer.from('E\0\0\0'),
    Buffer.from([4 + text.length]),
    Buffer.from(text),
  ]);
  assert.equal(opened().received(end).fatal, 'terminating connection (57P01)');
  const cut = opened();
  assert.equal(cut.received(end.subarray(0, 20)).fatal, undefined);
  assert.equal(cut.received(end.subarray(20)).fatal, 'terminating connection (57P01)');
  const mild = Buffer.from(end.toString('latin1').replaceAll('FATAL', 'ERROR'), 'latin1');
  assert.equal(opened().received(mild).fatal, undefined);
});

test('an opening message loses what stands before it, and only that', () => {
  assert.deepEqual(startupMessage(startup), startup);
  assert.deepEqual(startupMessage(Buffer.concat([query, parse, sync, startup])), startup);
  assert.deepEqual(startupMessage(query), query);
});
