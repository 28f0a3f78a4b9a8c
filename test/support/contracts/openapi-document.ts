// A server's OpenAPI document as a judge: is this answer one that the document promises?

import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

export interface DocumentedOperation {
  readonly description?: string;
  readonly summary?: string;
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema?: object;
    readonly example?: unknown;
  }[];
  readonly requestBody?: { content: Readonly<Record<string, { schema?: object }>> };
  readonly responses: Readonly<Record<string, { content?: Record<string, { schema?: object }> }>>;
}

export interface DocumentedRoute {
  readonly method: string;
  /** With `{names}`. */
  readonly path: string;
  readonly operation: DocumentedOperation;
}

export interface OpenapiDocument {
  readonly routes: readonly DocumentedRoute[];
  /** Fails on a status or a body that the document does not have. Paths outside of it pass. */
  check(
    method: string,
    path: string,
    answer: { status: number; json: unknown; text: string },
  ): void;
}

/** Reads `/openapi.json`. */
export async function openDocument(url: string): Promise<OpenapiDocument> {
  const response = await fetch(`${url}/openapi.json`);
  const { paths } = (await response.json()) as {
    paths: Record<string, Record<string, DocumentedOperation>>;
  };
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
    })),
  );
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  (formats as unknown as (target: Ajv2020) => void)(ajv);
  const compiled = new Map<object, ValidateFunction>();
  return {
    routes,
    check(method, path, { status, json, text }) {
      const route = findRoute(method, path);
      if (!route) return;
      const where = `${method} ${route.path} ${status}`;
      const documented = route.operation.responses[String(status)];
      assert.ok(documented, `${where} is not in the document: ${text.slice(0, 300)}`);
      const schema = documented.content?.['application/json']?.schema;
      if (!schema || json === undefined) return;
      let validate = compiled.get(schema);
      if (!validate) compiled.set(schema, (validate = ajv.compile(schema)));
      assert.ok(validate(json), `${where}: ${ajv.errorsText(validate.errors)} in ${text}`);
    },
  };

  /** Literal segments go before `{names}`. */
  function findRoute(method: string, path: string): DocumentedRoute | undefined {
    const segments = path.split('/');
    const literals = (route: DocumentedRoute) =>
      route.path.split('/').filter((each) => !each.startsWith('{')).length;
    return routes
      .filter((route) => {
        const names = route.path.split('/');
        return (
          route.method === method &&
          names.length === segments.length &&
          names.every((each, index) => each.startsWith('{') || each === segments[index])
        );
      })
      .toSorted((a, b) => literals(b) - literals(a))[0];
  }
}
