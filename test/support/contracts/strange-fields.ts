// Requests that are right but for one value: each field of a route's body, query and path in turn, as its document names them.

import type { DocumentedRoute } from './openapi-document.ts';
import { rightRequest } from './made-requests.ts';
import type { MadeRequest, Schema } from './made-requests.ts';

export interface StrangeField {
  readonly place: 'body' | 'query' | 'path';
  /** Undefined for what is below the first level, which faults may call by the list or by its part. */
  readonly schema: Schema | undefined;
  /** As a fault would name it. */
  readonly field: string;
  readonly value: unknown;
  readonly request: MadeRequest;
}

/** Stands for a field that is not sent at all. */
const MISSING = undefined;

const bodyValues: readonly unknown[] = [
  MISSING,
  null,
  '',
  '   ',
  'a\u0000b',
  '\uD800',
  'x'.repeat(20_000),
  -1,
  1.5,
  1e308,
  2_147_483_648,
  true,
  {},
  [[]],
  '__proto__',
  '2026-02-30T10:00:00Z',
  '2026-06-30T23:59:60Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '9999-12-31',
  'Europe/Nowhere',
];

/** What is inside a list or an object passes the same checks: fewer show that it does. */
const innerValues: readonly unknown[] = [
  MISSING,
  null,
  '   ',
  'a\u0000b',
  1e308,
  [[]],
  '9999-12-31',
];

const texts: readonly string[] = [
  '',
  '\u0000',
  'x'.repeat(3000),
  'NaN',
  '-1',
  '1e308',
  '99999999999999999999',
  '__proto__',
  '2026-02-30',
  '2026-06-30T23:59:60Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59-23:59',
];

const idValues: readonly string[] = ['\u0000', ' ', '-1', '__proto__'];

/** `serial` is another number each time: what may exist once is then new. */
export function* strangeFields(
  route: DocumentedRoute,
  ids: Readonly<Record<string, string>>,
  serial: () => number,
): Generator<StrangeField> {
  const right = rightRequest(route, ids);
  const [pathname = '', search = ''] = right.path.split('?');
  for (const [, name = ''] of route.path.matchAll(/\{(\w+)\}/g)) {
    for (const value of idValues) {
      const path = rightRequest(route, { ...ids, [name]: value }).path;
      yield {
        place: 'path',
        schema: undefined,
        field: name,
        value,
        request: { ...right, path },
      };
    }
  }
  // What it names would be gone for those that follow.
  if (route.method === 'DELETE') return;
  for (const { name, in: place, schema } of route.operation.parameters ?? []) {
    if (place !== 'query') continue;
    for (const value of texts) {
      const query = new URLSearchParams(search);
      query.set(name, value);
      const path = `${pathname}?${query.toString()}`;
      yield { place, schema, field: name, value, request: { ...right, path } };
    }
    const path = `${pathname}?${search}&${name}=1&${name}=1`;
    yield { place, schema: undefined, field: name, value: 'twice', request: { ...right, path } };
  }
  const json: { schema?: Schema } | undefined =
    route.operation.requestBody?.content['application/json'];
  const body = right.ask.body as Readonly<Record<string, unknown>> | undefined;
  if (!json || !body) return;
  for (const [field, schema] of Object.entries(json.schema?.properties ?? {})) {
    for (const [value, isWhole] of valuesFor(schema, body[field])) {
      const given = { ...body, ...fresh(body, serial()), [field]: value };
      const request = { ...right, ask: { body: given } };
      const judged = isWhole && value !== MISSING ? schema : undefined;
      yield { place: 'body', schema: judged, field, value, request };
    }
  }
}

/** Of a list or an object also its parts, one at a time; whether it is the whole field. */
function* valuesFor(schema: Schema, right: unknown): Generator<[value: unknown, isWhole: boolean]> {
  for (const value of bodyValues) yield [value, true];
  const inner = schema.anyOf?.find(({ items, properties }) => items ?? properties) ?? schema;
  const part = inner.items ?? inner;
  const first: unknown = Array.isArray(right) ? right[0] : right;
  const known = typeof first === 'object' && first !== null ? first : {};
  const wrap = (value: unknown) => (inner.items ? [value] : value);
  for (const name of Object.keys(part.properties ?? {})) {
    for (const value of innerValues) yield [wrap({ ...known, [name]: value }), false];
  }
  if (!inner.items || part.properties) return;
  for (const value of innerValues) yield [[value ?? null], false];
}

/** Names and numbers that nothing else has yet. */
function fresh(body: Readonly<Record<string, unknown>>, serial: number): Record<string, string> {
  const values: Readonly<Record<string, string>> = {
    phone_number: `+1720555${String(serial % 10_000).padStart(4, '0')}`,
    name: `name_${serial}`,
    username: `user_${serial}`,
  };
  return Object.fromEntries(Object.entries(values).filter(([name]) => name in body));
}
