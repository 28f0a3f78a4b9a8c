// Checks what comes in against the routes' schemas: numbers in addresses are read from text, those in bodies are not.

import { Ajv } from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { FastifyInstance, FastifySchemaCompiler } from 'fastify';
import { faultTexts } from '../../lib/fault-texts.ts';
import { isId } from '../../lib/ids.ts';

/** Deeper bodies are refused: nothing of ours is so deep, and code that follows them would run out of stack. */
const DEPTH_MAX = 32;
/** Of a request, texts, numbers, lists and all: several times what any route of ours takes. Each that is wrong costs a fault. */
const VALUES_MAX = 10_000;
/** More faults than this are not named. */
const FAULTS_MAX = 50;

/** What a schema may say about itself besides JSON Schema: its own texts for faults, by keyword. */
const vocabulary = ['x-messages'];

interface Messages {
  readonly 'x-messages'?: Readonly<Record<string, string>>;
}

/**
 * Replaces Fastify's compiler, which reads numbers out of text everywhere and stops at the first fault. A schema is
 * compiled for the first request that it judges: all of them at once would be most of what a start takes.
 */
export function validateRequests(app: FastifyInstance): void {
  const bodies = compiler(false);
  const texts = compiler(true);
  const compile: FastifySchemaCompiler<object> = ({ schema, httpPart }) => {
    const ajv = httpPart === 'body' ? bodies : texts;
    let validate: ValidateFunction | undefined;
    return (value: unknown) => {
      validate ??= ajv.compile(schema);
      if (validate(value)) return { value };
      return { error: validationFault(validate.errors ?? []) };
    };
  };
  app.setValidatorCompiler(compile);
  app.addHook('preValidation', async ({ params, query, body }) => {
    const count = { values: 0 };
    mend(body);
    for (const part of [params, query, body]) {
      const fault = storable(part, count);
      if (fault) throw Object.assign(new Error('cannot be stored'), { faults: fault });
    }
  });
}

function compiler(coerceTypes: boolean): Ajv {
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    useDefaults: true,
    removeAdditional: true,
    coerceTypes,
    strict: false,
    ownProperties: true,
  });
  (formats as unknown as (target: Ajv) => void)(ajv);
  ajv.addFormat('email', /^[^\s@\0]{1,64}@[^\s@.\0]+(\.[^\s@.\0]+)+$/);
  // The usual one takes urn:uuid: as well, which no column does.
  ajv.addFormat('uuid', (text) => isId(text.toLowerCase()));
  return ajv.addVocabulary(vocabulary);
}

/** The check of a body for what comes on other ways than in one: the same faults in the same words. */
export function bodyCheck(schema: object): (value: unknown) => Faults | undefined {
  let validate: ValidateFunction | undefined;
  return (value) => {
    validate ??= compiler(false).compile(schema);
    return validate(value) ? undefined : faultsOf(validationFault(validate.errors ?? []));
  };
}

/** Field to its faults; what `answerErrors` and routes with `attachValidation` read. */
export type Faults = Record<string, string[]>;

/** Fastify takes any error here, and hands it to the error handler. */
function validationFault(errors: readonly ErrorObject[]): Error {
  const byField = new Map<string, ErrorObject[]>();
  for (const error of errors.slice(0, FAULTS_MAX)) {
    const name = fieldOf(error);
    byField.set(name, [...(byField.get(name) ?? []), error]);
  }
  const faults: Faults = {};
  for (const [name, those] of byField) {
    const texts = textsOf(those);
    if (texts.length > 0) faults[name] = texts;
  }
  if (Object.keys(faults).length === 0) faults['body'] = ['Not valid.'];
  return Object.assign(new Error('the request is not valid'), { faults });
}

/** The faults that the check of a request found; undefined for other errors. */
export function faultsOf(error: unknown): Faults | undefined {
  return (error as { faults?: Faults } | null | undefined)?.faults;
}

function fieldOf({ instancePath, keyword, params }: ErrorObject): string {
  const path = instancePath.slice(1).replaceAll('/', '.').replaceAll('~1', '/');
  const missing: unknown = keyword === 'required' ? params['missingProperty'] : undefined;
  const name = typeof missing === 'string' ? (path ? `${path}.${missing}` : missing) : path;
  return name.slice(0, 100) || 'body';
}

/** Of one field: the schema's own words, or the usual ones. */
function textsOf(errors: readonly ErrorObject[]): string[] {
  if (errors.some(({ keyword, instancePath }) => keyword === 'type' && instancePath === '')) {
    return ['A JSON object is expected.'];
  }
  return faultTexts(
    errors.map(({ keyword, params, parentSchema }) => {
      const own = (parentSchema as Messages | undefined)?.['x-messages'];
      return { keyword, params, text: own?.[keyword] };
    }),
  );
}

/**
 * Half a character, as a text has where a program cut an emoji in two, becomes the sign for what cannot be read: nobody
 * would know what to do about a refusal, and JSON in the database takes none. Deeper than anything may be it is left alone.
 */
function mend(value: unknown, depth = 0): void {
  if (typeof value !== 'object' || value === null || depth >= DEPTH_MAX) return;
  const parts = value as Record<string, unknown>;
  for (const [key, each] of Object.entries(parts)) {
    if (typeof each !== 'string') mend(each, depth + 1);
    else if (!each.isWellFormed()) parts[key] = each.toWellFormed();
  }
}

/**
 * What no column can hold, wherever in the request it is: NUL characters, structures too deep to follow, and more values
 * than it is worth looking at.
 */
function storable(
  value: unknown,
  count: { values: number },
  name = '',
  depth = 0,
): Faults | undefined {
  count.values += 1;
  const many = Array.isArray(value) ? count.values + value.length : count.values;
  if (many > VALUES_MAX) return { body: [`At most ${VALUES_MAX} values.`] };
  if (typeof value === 'string') {
    return value.includes('\0')
      ? { [name || 'body']: ['Null characters are not allowed.'] }
      : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth >= DEPTH_MAX) return { body: [`At most ${DEPTH_MAX} levels deep.`] };
  for (const [key, each] of Object.entries(value)) {
    if (key.includes('\0')) return { body: ['Null characters are not allowed.'] };
    const fault = storable(each, count, name ? `${name}.${key}` : key, depth + 1);
    if (fault) return fault;
  }
  return undefined;
}
