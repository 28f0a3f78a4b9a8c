// What is wrong with a value, in words for people; and that no request of the API can be answered with a pattern.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Compile } from 'typebox/compile';
import { Type } from 'typebox';
import { faultTexts } from '../../src/lib/fault-texts.ts';

const cases: readonly [schema: object, value: unknown, texts: readonly string[]][] = [
  [{ type: 'string' }, 7, ['Must be text.']],
  [{ type: 'integer' }, 1.5, ['Must be a whole number.']],
  [{ type: ['string', 'integer'] }, true, ['Must be text or a whole number.']],
  [{ type: 'string', minLength: 1 }, '', ['This field may not be blank.']],
  [
    { type: 'string', pattern: '\\S', maxLength: 2 },
    '   ',
    ['At most 2 characters.', 'This field may not be blank.'],
  ],
  [
    { type: 'string', pattern: '^[A-Z]{2}$' },
    'usa',
    ['Must be the two capital letters of a country, such as US.'],
  ],
  [{ type: 'string', pattern: '^strange$' }, 'x', ['Not in the form that is expected.']],
  [{ type: 'array', minItems: 1 }, [], ['At least one is needed.']],
  [{ type: 'array', uniqueItems: true }, [1, 1], ['Each may stand there once.']],
  [{ type: 'integer', minimum: 60, maximum: 90 }, 7, ['Must be 60 or more.']],
  [{ enum: ['warm', 'cold'] }, 'hot', ['Must be one of: warm, cold.']],
  [Type.Union([Type.Literal('a'), Type.Literal('b')]), 'c', ['Must be one of: a, b.']],
  [Type.Union([Type.Integer({ minimum: 5 }), Type.Null()]), 1, ['Must be 5 or more.']],
  [
    Type.Union([Type.String({ pattern: '^[a-z]{3}$' }), Type.Null()]),
    'EUR',
    ['Must be the three small letters of a currency, such as usd.'],
  ],
  [Type.Null(), 1, ['Must be null.']],
];

test('each fault is one sentence that says what to do', () => {
  for (const [schema, value, texts] of cases) {
    const check = Compile(schema);
    assert.ok(!check.Check(value));
    assert.deepEqual(
      faultTexts(check.Errors(value)).toSorted(),
      texts.toSorted(),
      JSON.stringify(value),
    );
  }
  const text = 'Ours.';
  assert.deepEqual(faultTexts([{ keyword: 'pattern', params: { pattern: 'x' }, text }]), [text]);
  const inside = [
    { keyword: 'type', params: { type: 'null' } },
    { keyword: 'anyOf', params: {} },
  ];
  assert.deepEqual(faultTexts(inside), [], 'it is said where it is');
});
