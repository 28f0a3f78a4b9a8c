// Schemas from owners and from servers of tools: what is taken from them, and what is refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Compile } from 'typebox/compile';
import { readSchema } from '../../../src/reception/tools/tool-schema.ts';

const strict = (value: unknown) => readSchema(value, { strict: true });
const lenient = (value: unknown) => readSchema(value, { strict: false });
const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });

test('a schema is rebuilt from what we know, with a bound where it has none', () => {
  const given = object(
    {
      number: { type: 'string', description: 'Of the order', maxLength: 20 },
      size: { type: 'string', enum: ['s', 'm'] },
      count: { type: 'integer', minimum: 1 },
      gift: { type: 'boolean' },
      items: { type: 'array', items: object({ id: { type: 'number' } }) },
    },
    { required: ['number'], title: 'An order' },
  );
  const reading = strict(given);
  assert.ok('schema' in reading, JSON.stringify(reading));
  const empty = { required: [], additionalProperties: false };
  assert.deepEqual(reading.schema, {
    type: 'object',
    properties: {
      number: { type: 'string', description: 'Of the order', maxLength: 20 },
      size: { type: 'string', enum: ['s', 'm'], maxLength: 2000 },
      count: { type: 'integer', minimum: 1 },
      gift: { type: 'boolean' },
      items: {
        type: 'array',
        items: { type: 'object', properties: { id: { type: 'number' } }, ...empty },
        maxItems: 50,
      },
    },
    required: ['number'],
    additionalProperties: false,
  });
  const check = Compile(reading.schema);
  assert.ok(check.Check({ number: '12', count: 2, items: [{ id: 1 }] }));
  for (const wrong of [{}, { number: 1 }, { number: '1', count: 0 }, { number: '1', x: 1 }]) {
    assert.ok(!check.Check(wrong), JSON.stringify(wrong));
  }
});

test('what an owner writes is taken whole, or refused with the place', () => {
  let deep: object = { type: 'string' };
  for (let depth = 0; depth < 6; depth += 1) deep = object({ a: deep });
  const many = Object.fromEntries(
    Array.from({ length: 61 }, (_, n) => [`p${n}`, { type: 'string' }]),
  );
  const cases: [value: unknown, fault: RegExp][] = [
    [undefined, /parameters is not an object/],
    [[], /parameters is not an object/],
    [{ type: 'string' }, /parameters: must be of type object/],
    [{ properties: {} }, /parameters: type must be/],
    [object({ a: {} }), /parameters\.a: type must be/],
    [
      object({ a: { type: 'string', pattern: '(a+)+$' } }),
      /parameters\.a: "pattern" is not supported/,
    ],
    [object({ a: { $ref: '#' } }), /"\$ref" is not supported/],
    [object({ a: { type: 'string', format: 'date' } }), /"format"/],
    [object({ a: { type: 'integer', minimum: '1' } }), /minimum must be a number/],
    [object({ __proto__x: { type: 'string' } }), /cannot be a name/],
    [
      JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"}}}'),
      /cannot be a name/,
    ],
    [object({ 'a b': { type: 'string' } }), /cannot be a name/],
    [object({ a: { type: 'string' } }, { required: ['b'] }), /required names/],
    [object({ a: { type: 'string', enum: [] } }), /enum/],
    [object({ a: { type: 'string', enum: [{}] } }), /enum/],
    [deep, /nested too deeply/],
    [object(many), /more than 60/],
  ];
  for (const [value, fault] of cases) {
    const reading = strict(value);
    assert.ok('fault' in reading, JSON.stringify(value));
    assert.match(reading.fault, fault);
  }
});

test('of what a server sends, the rest is left out', () => {
  const reading = lenient(
    object(
      {
        a: { type: 'string', pattern: '(a+)+$', format: 'email', minLength: 'x' },
        b: { anyOf: [{ type: 'string' }, { type: 'null' }], description: 'Either' },
        c: { $ref: '#/definitions/c' },
      },
      { required: ['a', 'gone', 7], definitions: { c: {} }, $schema: 'https://json-schema.org' },
    ),
  );
  assert.deepEqual(reading, {
    schema: {
      type: 'object',
      properties: { a: { type: 'string', maxLength: 2000 }, b: { description: 'Either' }, c: {} },
      required: ['a'],
      additionalProperties: false,
    },
  });
  assert.ok('fault' in lenient('not a schema'));
  assert.ok('fault' in lenient({ type: 'array' }));
});
