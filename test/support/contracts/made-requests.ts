// Requests made from the OpenAPI document: one that is right for a route, and as many strange ones as are wanted.

import type { Ask } from '../product/api.ts';
import type { DocumentedRoute } from './openapi-document.ts';
import { uploadOf, voicedWav } from '../recording.ts';

/** As much of JSON Schema as our document uses. */
export interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly format?: string;
  readonly examples?: readonly unknown[];
}

export interface MadeRequest {
  readonly method: string;
  readonly path: string;
  readonly ask: Ask;
}

/** The route's path with these ids; throws when a name is missing, so that nothing new goes untested. */
function pathOf(route: DocumentedRoute, ids: Readonly<Record<string, string>>): string {
  return route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const id = ids[name];
    if (id === undefined) throw new Error(`no test knows a ${name} for ${route.path}`);
    return encodeURIComponent(id);
  });
}

/** A request that passes validation, its body from the document's example. */
export function rightRequest(
  route: DocumentedRoute,
  ids: Readonly<Record<string, string>>,
): MadeRequest {
  const path = pathOf(route, ids);
  const query = new URLSearchParams();
  for (const each of route.operation.parameters ?? []) {
    if (each.in === 'query' && each.required) query.append(each.name, String(given(each)));
  }
  const search = query.size > 0 ? `?${query.toString()}` : '';
  return { method: route.method, path: `${path}${search}`, ask: rightBody(route, ids) };
}

/** A value that a parameter takes. */
function given({ schema, example }: { schema?: object; example?: unknown }): unknown {
  return example ?? right(schema ?? {});
}

function rightBody(route: DocumentedRoute, ids: Readonly<Record<string, string>>): Ask {
  const content = route.operation.requestBody?.content ?? {};
  if ('text/csv' in content) {
    const raw = 'phone_number,name\r\n+14155550177,Zoe\r\n';
    return { raw, headers: { 'content-type': 'text/csv' } };
  }
  if ('multipart/form-data' in content) return uploadOf(voicedWav(100));
  const json: { schema?: Schema; example?: object } | undefined = content['application/json'];
  if (!json) return {};
  const body = { ...(json.example ?? (right(json.schema ?? {}) as object)) } as Record<
    string,
    unknown
  >;
  for (const name of Object.keys(body)) if (ids[name] !== undefined) body[name] = ids[name];
  return { body };
}

function right(schema: Schema): unknown {
  if (schema.examples) return schema.examples[0];
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf) return right(schema.anyOf[0]!);
  switch (schema.type ?? 'string') {
    case 'object': {
      const names = schema.required ?? [];
      return Object.fromEntries(
        names.map((name) => [name, right(schema.properties?.[name] ?? {})]),
      );
    }
    case 'array':
      return [];
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return true;
    default:
      return 'x'.repeat(Math.max(schema.minLength ?? 0, 1));
  }
}

/** Numbers from 0 to below 1, the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What has broken others: quotes, controls, numbers that are none, structures, other alphabets. */
const strange: readonly unknown[] = [
  '',
  ' ',
  "'",
  "' OR '1'='1",
  '"; DROP TABLE clients; --',
  '\\',
  '%',
  '_',
  '\u0000',
  'a\u0000b',
  '\uD800',
  '🙂',
  'ﬁ‮',
  '../../etc/passwd',
  '${7*7}',
  '<script>alert(1)</script>',
  '=1+1',
  '1e309',
  'NaN',
  'null',
  '-0',
  '9'.repeat(40),
  '2026-02-30',
  '0000-00-00',
  '9999-12-31T23:59:60Z',
  '+010000-01-01',
  '-1',
  '00',
  'x'.repeat(3000),
  0,
  -1,
  1.5,
  1e21,
  -1e308,
  2_147_483_648,
  9_007_199_254_740_992,
  true,
  false,
  null,
  [],
  {},
  [[]],
  [null],
  ['x', 1],
  { length: 1 },
  { $gt: '' },
  { toString: 1 },
  { constructor: { prototype: 1 } },
  '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5a',
];

/** A request that may be right or wrong in any part. */
export function strangeRequest(
  route: DocumentedRoute,
  ids: Readonly<Record<string, string>>,
  random: () => number,
): MadeRequest {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const text = () => {
    const value = pick(strange);
    return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  };
  const used = Object.fromEntries(
    Object.entries(ids).map(([name, id]) => [
      name,
      random() < 0.85 ? id : text().toWellFormed() || '-',
    ]),
  );
  const query = new URLSearchParams();
  for (const parameter of route.operation.parameters ?? []) {
    const { name, in: place } = parameter;
    if (place !== 'query' || random() < 0.4) continue;
    query.append(name, random() < 0.5 ? text() : String(given(parameter)));
    if (random() < 0.05) query.append(name, text());
  }
  const search = query.size > 0 ? `?${query.toString()}` : '';
  return {
    method: route.method,
    path: `${pathOf(route, used)}${search}`,
    ask: strangeBody(),
  };

  function strangeBody(): Ask {
    const fit = rightBody(route, ids);
    if (fit.raw !== undefined) return random() < 0.5 ? fit : { ...fit, raw: text().repeat(3) };
    if (route.method === 'GET' || !fit.body) return {};
    const chance = random();
    if (chance < 0.05) return { body: pick(strange) };
    if (chance < 0.1) return { raw: '{"name": ', headers: { 'content-type': 'application/json' } };
    if (chance < 0.15) return { raw: 'name=x', headers: { 'content-type': 'text/plain' } };
    const json = route.operation.requestBody?.content['application/json'];
    const schema: Schema | undefined = json?.schema;
    const properties = schema?.properties ?? {};
    const body: Record<string, unknown> = { ...fit.body };
    for (const [name, schema] of Object.entries(properties)) {
      const roll = random();
      if (roll < 0.25) body[name] = pick(strange);
      else if (roll < 0.5) body[name] = right(schema);
      else if (roll < 0.55) delete body[name];
    }
    if (random() < 0.1) body[text()] = pick(strange);
    return { body };
  }
}
