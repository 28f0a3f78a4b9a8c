// The OpenAPI document as a page of Markdown.

import { routesOf } from './document.ts';
import type { Document, Route, Schema } from './document.ts';

const head = `# API

Every route, made from the routes' schemas by \`scripts/api.ts\`; the same for programs is at \`/openapi.json\`, and as a page at \`/docs\`.

- *Who asks*: the cookie of a session (\`/api/auth/login\`) or \`Authorization: Bearer\` with a token (\`/auth/login\`, Google).
- *Errors* are \`{"detail": "…"}\`, or \`{"field": ["…"]}\` for what is wrong with a request. What is another's is 404.
- *Lists* take \`limit\` and \`offset\`; \`X-Total-Count\` counts to \`X-Total-Count-Max\` (10,000; 1,000 of phrases), \`Link: rel="next"\` leads on by a cursor.
- *Creating requests* take \`Idempotency-Key\`: asked again, the first answer is given again.
- *Addresses* may end with a slash. *Times* in requests are ISO 8601, in UTC where they have no offset.
- *Limits*: 100 requests a minute and user; \`X-RateLimit-*\` tells what is left, 429 comes with \`Retry-After\`.
`;

export function formatReference(document: Document): string {
  const routes = routesOf(document);
  const tags = [...new Set(routes.map(tagOf))];
  const sections = tags.map((tag) => {
    const parts = routes.filter((route) => tagOf(route) === tag).map(formatRoute);
    return `## ${tag}\n\n${parts.join('\n')}`;
  });
  return `${head}\n${sections.join('\n')}`;
}

function tagOf({ operation }: Route): string {
  return operation.tags?.[0] ?? 'Other';
}

function formatRoute({ method, path, operation }: Route): string {
  const { summary = '', description, parameters = [], requestBody, responses } = operation;
  const isOpen = operation.security?.some((each) => Object.keys(each).length === 0) ?? false;
  const lines = [
    `### ${summary}`,
    '',
    `\`${method} ${path}\`${isOpen ? ' (open to all)' : ''}`,
    '',
  ];
  if (description) lines.push(description, '');
  for (const each of parameters.filter((parameter) => parameter.in === 'query')) {
    const need = each.required && !('default' in (each.schema ?? {})) ? ', required' : '';
    lines.push(`- \`${each.name}\` (${kindOf(each.schema ?? {})}${need})${said(each.description)}`);
  }
  if (lines.at(-1) !== '') lines.push('');
  for (const [type, { schema = {}, example }] of Object.entries(requestBody?.content ?? {})) {
    lines.push(`Body (\`${type}\`):`, '', ...fieldLines(schema), '');
    if (example !== undefined) lines.push(...code(example));
  }
  const statuses = Object.keys(responses);
  const good = statuses.find((status) => status.startsWith('2'));
  const [type, content] = Object.entries(responses[good ?? '']?.content ?? {})[0] ?? [];
  lines.push(`Answers ${statuses.map((status) => `\`${status}\``).join(', ')}.`, '');
  if (good && type)
    lines.push(`\`${good}\` (\`${type}\`):`, '', ...answerLines(content?.schema ?? {}), '');
  if (content?.example !== undefined) lines.push(...code(content.example));
  return lines.join('\n');
}

function answerLines(schema: Schema): string[] {
  if (schema.type !== 'array' || !schema.items?.properties) return fieldLines(schema);
  return ['A list of:', '', ...fieldLines(schema.items)];
}

function fieldLines(schema: Schema): string[] {
  const fields = Object.entries(schema.properties ?? {});
  if (fields.length === 0) return [`- ${kindOf(schema)}${said(schema.description)}`];
  return fields.flatMap(([name, each]) => {
    const need = schema.required?.includes(name) ? '' : ', optional';
    const line = `- \`${name}\` (${kindOf(each)}${need})${said(each.description)}`;
    const within = objectIn(each);
    return within ? [line, ...fieldLines(within).map((inner) => `  ${inner}`)] : [line];
  });
}

/** The object with fields of its own that a field is, or is a list of. */
function objectIn(schema: Schema): Schema | undefined {
  if (Object.keys(schema.properties ?? {}).length > 0) return schema;
  return [...(schema.items ? [schema.items] : []), ...(schema.anyOf ?? [])]
    .map(objectIn)
    .find((each) => each !== undefined);
}

function kindOf(schema: Schema): string {
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.anyOf) return schema.anyOf.map(kindOf).join(' or ');
  if (schema.type === 'array') return `list of ${kindOf(schema.items ?? {})}`;
  return schema.type ?? 'anything';
}

function said(description: string | undefined): string {
  return description ? `: ${description}` : '';
}

function code(value: unknown): string[] {
  return ['```json', JSON.stringify(value, null, 2), '```', ''];
}
