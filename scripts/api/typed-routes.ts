// The OpenAPI document as one TypeScript interface: each route with what it takes and gives.

import { routesOf } from './document.ts';
import type { Document, Operation, Parameter, Schema } from './document.ts';

export function formatRoutes(document: Document): string {
  const lines = [
    '// Every route of the API with what it takes and gives. Made by scripts/api.ts; change the routes, never this file.',
    '',
    'export interface Routes {',
  ];
  for (const { method, path, operation } of routesOf(document)) {
    if (operation.summary)
      lines.push(`  /** ${operation.summary}${/[.?!]$/.test(operation.summary) ? '' : '.'} */`);
    lines.push(`  '${method} ${path}': {`);
    for (const [name, type] of Object.entries(partsOf(operation)))
      lines.push(`    ${name}: ${type};`);
    lines.push('  };');
  }
  lines.push('}', '');
  return lines.join('\n');
}

function partsOf(operation: Operation): Record<string, string> {
  const parts: Record<string, string> = {};
  const params = parametersType(operation, 'path');
  const query = parametersType(operation, 'query');
  if (params) parts['params'] = params;
  if (query) parts[query.includes('?:') && !/\w: /.test(query) ? 'query?' : 'query'] = query;
  const body = Object.entries(operation.requestBody?.content ?? {})[0];
  if (body)
    parts['body'] = body[0] === 'application/json' ? typeOf(body[1].schema ?? {}) : 'string';
  parts['answer'] = answerType(operation);
  return parts;
}

function parametersType({ parameters = [] }: Operation, place: string): string | undefined {
  const found = parameters.filter((each) => each.in === place);
  if (found.length === 0) return undefined;
  // What has a default may be left out.
  const required = (each: Parameter) =>
    place === 'path' || (each.required === true && !('default' in (each.schema ?? {})));
  const parts = found.map(
    (each) => `${each.name}${required(each) ? '' : '?'}: ${typeOf(each.schema ?? {})}`,
  );
  return `{ ${parts.join('; ')} }`;
}

/** Of success. What is no JSON is text, or a Blob. */
function answerType({ responses }: Operation): string {
  const good = Object.entries(responses).find(([status]) => status.startsWith('2'));
  const [type, content] = Object.entries(good?.[1].content ?? {})[0] ?? [];
  if (type === undefined) return 'undefined';
  if (type === 'application/json') return typeOf(content?.schema ?? {});
  return type.startsWith('text/') ? 'string' : 'Blob';
}

function typeOf(schema: Schema): string {
  if (schema.enum) return schema.enum.map(literal).join(' | ');
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' | ');
  switch (schema.type ?? '') {
    case 'string':
      return 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'null':
      return 'null';
    case 'array':
      return `(${typeOf(schema.items ?? {})})[]`;
    case 'object':
      return objectType(schema);
    default:
      return 'unknown';
  }
}

function objectType({ properties = {}, required = [], ...schema }: Schema): string {
  const parts = Object.entries(properties).map(
    ([name, each]) => `${name}${required.includes(name) ? '' : '?'}: ${typeOf(each)}`,
  );
  const rest = Object.values(schema.patternProperties ?? {})[0] ?? schema.additionalProperties;
  if (parts.length === 0) {
    return typeof rest === 'object' ? `Record<string, ${typeOf(rest)}>` : 'Record<string, unknown>';
  }
  return `{ ${parts.join('; ')} }`;
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
}
