// Fields of JSON from outside: what each reader takes, and what it says of the rest.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  asText,
  parseObject,
  readFlag,
  readList,
  readNumber,
  readObject,
  readText,
} from '../../src/lib/untrusted-json.ts';

const from = parseObject(
  '{"text":"a","empty":null,"number":1.5,"flag":true,"maybe":"true","list":["a","b"],"object":{"x":1}}',
);

test('fields of the right type are given', () => {
  assert.equal(readText(from, 'text'), 'a');
  assert.equal(readNumber(from, 'number'), 1.5);
  assert.equal(readFlag(from, 'flag'), true);
  assert.deepEqual(readList(from, 'list', asText), ['a', 'b']);
  assert.deepEqual(readObject(from, 'object'), { x: 1 });
});

test('texts and lists may be missing, flags are true or not', () => {
  for (const field of ['empty', 'missing']) {
    assert.equal(readText(from, field), '');
    assert.deepEqual(readList(from, field, asText), []);
  }
  for (const field of ['missing', 'maybe', 'number']) assert.equal(readFlag(from, field), false);
});

test('what has the wrong type is named', () => {
  const wrong: readonly (readonly [act: () => unknown, message: RegExp])[] = [
    [() => readText(from, 'number'), /number is not a text/],
    [() => readNumber(from, 'text'), /text is not a number/],
    [() => readNumber(from, 'missing'), /missing is not a number/],
    [() => readList(from, 'text', asText), /text is not a list/],
    [() => readList({ list: [1] }, 'list', asText), /list is not a text/],
    [() => readObject(from, 'list'), /list is not an object/],
    [() => readObject(from, 'empty'), /empty is not an object/],
    [() => parseObject('[]'), /the message is not an object/],
    [() => parseObject('null'), /the message is not an object/],
    [() => parseObject(Uint8Array.of(123, 125)), /the message is not text/],
  ];
  for (const [act, message] of wrong) assert.throws(act, { name: 'TypeError', message });
  assert.throws(() => parseObject('{'), SyntaxError);
});
