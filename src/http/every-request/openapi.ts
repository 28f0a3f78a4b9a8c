// The OpenAPI 3.1 document, made from the routes' schemas, as JSON and as a page to read.

import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { html } from '../../lib/html.ts';
import type { Html } from '../../lib/html.ts';
import { SESSION_COOKIE } from '../identity/auth.ts';

/** As much of a document as its page shows. */
export interface OpenapiDocument {
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description?: string;
    readonly schema?: unknown;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { schema?: unknown }>> };
  readonly responses: Readonly<Record<string, { description?: string; content?: unknown }>>;
}

/** To be registered before the routes: it collects them as they are added. */
export async function collectOpenapi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Frontdesk',
        version,
        description: 'Answers the phone for a business. Owners run theirs through this.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
        },
      },
    },
  });
}

/**
 * `/openapi.json`, and `/docs` for people: no script, nothing from elsewhere. Both are written when they are first asked
 * for and stay as they are: it takes longer than a call may be kept waiting for its next piece of sound.
 */
export async function openapiRoutes(app: FastifyInstance): Promise<void> {
  const hidden = { schema: { hide: true } };
  let document: string | undefined;
  let written: string | undefined;
  app.get('/openapi.json', hidden, async (_request, reply) => {
    document ??= JSON.stringify(app.swagger());
    return reply.type('application/json; charset=utf-8').send(document);
  });
  app.get('/docs', hidden, async (_request, reply) => {
    written ??= page(app.swagger() as unknown as OpenapiDocument).toString();
    return reply.type('text/html; charset=utf-8').send(written);
  });
}

function page({ info, paths }: OpenapiDocument): Html {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const tags = [...new Set(operations.map(({ operation }) => operation.tags?.[0] ?? 'Other'))];
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${info.title} API</title>
      </head>
      <body>
        <h1>${info.title} API ${info.version}</h1>
        <p>The same for programs: <a href="/openapi.json">openapi.json</a></p>
        ${tags.map(
          (tag) =>
            html`<h2>${tag}</h2>
              ${operations
                .filter(({ operation }) => (operation.tags?.[0] ?? 'Other') === tag)
                .map((each) => section(each.path, each.method, each.operation))}`,
        )}
      </body>
    </html>`;
}

function section(path: string, method: string, operation: Operation): Html {
  const { summary = '', description, parameters = [], requestBody, responses } = operation;
  const open = (operation.security ?? []).some((each) => Object.keys(each).length === 0);
  const body = Object.entries(requestBody?.content ?? {});
  return html`<details>
    <summary><code>${method.toUpperCase()} ${path}</code> ${summary}</summary>
    ${description === undefined ? '' : html`<p>${description}</p>`}
    <p>${open ? 'Open to all.' : 'Needs a session or a token.'}</p>
    ${
      parameters.length === 0
        ? ''
        : html`<ul>
            ${parameters.map(
              (each) =>
                html`<li>
                  <code>${each.name}</code> (${each.in}${each.required ? ', required' : ''})
                  ${each.description ?? ''} <code>${JSON.stringify(each.schema)}</code>
                </li>`,
            )}
          </ul>`
    }
    ${body.map(
      ([type, { schema }]) =>
        html`<p>Body, ${type}:</p>
          <pre>${JSON.stringify(schema, null, 2)}</pre>`,
    )}
    ${Object.entries(responses).map(
      ([status, { description: what, content }]) =>
        html`<p>${status} ${what ?? ''}</p>
          ${content === undefined ? '' : html`<pre>${JSON.stringify(content, null, 2)}</pre>`}`,
    )}
  </details>`;
}
