// JSON Schemas from outside, for the parameters of tools: only what can neither break nor stall us is taken from them.

import { asObject } from '../../lib/untrusted-json.ts';
import type { JsonObject } from '../../lib/untrusted-json.ts';

const DEPTH_MAX = 4;
/** In the whole schema. */
const PROPERTIES_MAX = 60;
const DESCRIPTION_MAX = 500;
const ENUM_MAX = 100;
const TEXT_MAX = 200;
/** What a text may hold where the schema sets no bound. */
const LENGTH_MAX = 2000;
const ITEMS_MAX = 50;

const propertyName = /^[A-Za-z][\w-]{0,63}$/;
const types = ['string', 'number', 'integer', 'boolean', 'array', 'object'] as const;
const bounds: Readonly<Record<string, readonly string[]>> = {
  string: ['minLength', 'maxLength'],
  number: ['minimum', 'maximum'],
  integer: ['minimum', 'maximum'],
  array: ['minItems', 'maxItems'],
};
const known = new Set(
  (
    'type description enum properties required items additionalProperties title default ' +
    'minLength maxLength minimum maximum minItems maxItems'
  ).split(' '),
);

/** Where a schema is wrong and why, or the schema as it is used. */
export type SchemaReading =
  | { readonly schema: Readonly<Record<string, unknown>> }
  | { readonly fault: string };

/**
 * The schema of an object, rebuilt from the keywords we know. Strict: unknown keywords are a fault (an owner wrote them
 * and means something by them). Lenient: they are left out, and a part that is not understood allows anything. Patterns
 * and references are known to neither: they can take forever.
 */
export function readSchema(value: unknown, { strict }: { strict: boolean }): SchemaReading {
  let properties = 0;
  try {
    const schema = read(value, 'parameters', 0);
    if (schema['type'] !== 'object') throw new TypeError('parameters: must be of type object.');
    return { schema };
  } catch (error) {
    if (error instanceof TypeError) return { fault: error.message };
    throw error;
  }

  function read(from: unknown, place: string, depth: number): Record<string, unknown> {
    const given = asObject(from, place);
    if (depth > DEPTH_MAX) throw new TypeError(`${place}: nested too deeply.`);
    const strange = Object.keys(given).find((key) => !known.has(key) && key !== '$schema');
    if (strict && strange !== undefined) {
      throw new TypeError(`${place}: ${JSON.stringify(strange.slice(0, 40))} is not supported.`);
    }
    const type = types.find((each) => each === given['type']);
    if (type === undefined) {
      if (strict || depth === 0)
        throw new TypeError(`${place}: type must be one of ${types.join(', ')}.`);
      return described({}, given, place);
    }
    const schema: Record<string, unknown> = described({ type }, given, place);
    for (const name of bounds[type] ?? []) {
      const bound = given[name];
      if (typeof bound === 'number' && Number.isFinite(bound)) schema[name] = bound;
      else if (bound !== undefined && strict)
        throw new TypeError(`${place}: ${name} must be a number.`);
    }
    if (type === 'string') schema['maxLength'] ??= LENGTH_MAX;
    if (type === 'array') {
      schema['items'] =
        given['items'] === undefined ? {} : read(given['items'], `${place}[]`, depth + 1);
      schema['maxItems'] ??= ITEMS_MAX;
    }
    if (type === 'object') Object.assign(schema, object(given, place, depth));
    return schema;
  }

  function object(given: JsonObject, place: string, depth: number): object {
    const names = Object.entries(asObject(given['properties'] ?? {}, `${place}.properties`));
    properties += names.length;
    if (properties > PROPERTIES_MAX)
      throw new TypeError(`${place}: more than ${PROPERTIES_MAX} properties.`);
    const own: Record<string, unknown> = {};
    for (const [name, schema] of names) {
      if (!propertyName.test(name)) {
        throw new TypeError(`${place}: ${JSON.stringify(name.slice(0, 40))} cannot be a name.`);
      }
      own[name] = read(schema, `${place}.${name}`, depth + 1);
    }
    const required = Array.isArray(given['required']) ? (given['required'] as unknown[]) : [];
    const missing = required.find((name) => typeof name !== 'string' || !Object.hasOwn(own, name));
    if (missing !== undefined && strict) {
      throw new TypeError(`${place}: required names a property that is not there.`);
    }
    return {
      properties: own,
      required: required.filter((name) => typeof name === 'string' && Object.hasOwn(own, name)),
      additionalProperties: false,
    };
  }

  function described(
    schema: Record<string, unknown>,
    given: JsonObject,
    place: string,
  ): Record<string, unknown> {
    const { description, enum: choices } = given;
    if (typeof description === 'string')
      schema['description'] = description.slice(0, DESCRIPTION_MAX);
    if (choices === undefined) return schema;
    const fits =
      Array.isArray(choices) &&
      choices.length > 0 &&
      choices.length <= ENUM_MAX &&
      choices.every(
        (choice) =>
          typeof choice === 'number' || (typeof choice === 'string' && choice.length <= TEXT_MAX),
      );
    if (fits) schema['enum'] = choices;
    else if (strict)
      throw new TypeError(`${place}: enum must list at most ${ENUM_MAX} short values.`);
    return schema;
  }
}
