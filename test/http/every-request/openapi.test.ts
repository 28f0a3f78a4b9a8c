// Every route of the OpenAPI document says what it is for, who may ask, what goes wrong, and shows an example.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultTexts } from '../../../src/lib/fault-texts.ts';
import { BotSettings, SystemSettings } from '../../../src/reception/settings.ts';
import { startTestApi } from '../../support/product/api.ts';
import type { DocumentedRoute } from '../../support/contracts/openapi-document.ts';

test('every route has a summary, security, errors and examples', async (t) => {
  const { document } = await startTestApi(t);
  assert.ok(document.routes.length > 150, `${document.routes.length} routes`);
  assert.deepEqual(
    document.routes.flatMap((route) =>
      missing(route).map((what) => `${route.method} ${route.path}: ${what}`),
    ),
    [],
  );
});

test('whatever a request gets wrong is told in words: no pattern and no format is without', async (t) => {
  const { document } = await startTestApi(t);
  const wordless = new Set<string>();
  let seen = 0;
  const look = (part: unknown, where: string): void => {
    if (typeof part !== 'object' || part === null) return;
    for (const keyword of ['pattern', 'format']) {
      const rule: unknown = (part as Record<string, unknown>)[keyword];
      const own = (part as { 'x-messages'?: Record<string, string> })['x-messages'];
      if (typeof rule !== 'string' || rule === 'binary' || own?.[keyword] !== undefined) continue;
      seen += 1;
      const [text] = faultTexts([{ keyword, params: { [keyword]: rule } }]);
      if (text === 'Not in the form that is expected.') wordless.add(`${where}: ${rule}`);
    }
    for (const [name, each] of Object.entries(part)) if (name !== 'x-messages') look(each, where);
  };
  for (const { method, path, operation } of document.routes) {
    look([operation.parameters, operation.requestBody], `${method} ${path}`);
  }
  look([SystemSettings, BotSettings], 'settings');
  assert.deepEqual([...wordless], []);
  assert.ok(seen > 60, `${seen} rules`);
});

test('what is missing is seen', () => {
  const schema = { type: 'object' };
  const content = { 'application/json': { schema } };
  const bare = { requestBody: { content }, responses: { 200: { content } } };
  assert.deepEqual(missing({ method: 'POST', path: '/api/{id}', operation: bare }), [
    'no summary',
    'no security',
    'no 400',
    'no 401',
    'no 404',
    'no 500',
    'no example of the request',
    'no example of the answer 200',
  ]);
});

function missing({ path, operation }: DocumentedRoute): string[] {
  const { summary, security, parameters = [], requestBody, responses } = operation;
  const isOpen = security?.some((each) => Object.keys(each).length === 0);
  const sent = Object.entries(requestBody?.content ?? {})
    // Of files there are none.
    .filter(([type]) => type !== 'multipart/form-data')
    .map(([, schema]) => ['the request', schema] as const);
  const answered = Object.entries(responses)
    .filter(([status]) => status.startsWith('2'))
    .flatMap(([status, { content }]) => {
      const json = content?.['application/json'];
      return json ? [[`the answer ${status}`, json] as const] : [];
    });
  const expected: readonly [status: number, when: boolean][] = [
    [400, parameters.length > 0 || requestBody !== undefined],
    [401, !isOpen],
    [404, path.includes('{')],
    [500, true],
  ];
  return [
    ...(summary ? [] : ['no summary']),
    ...(security && security.length > 0 ? [] : ['no security']),
    ...expected
      .filter(([status, when]) => when && !(status in responses))
      .map(([status]) => `no ${status}`),
    ...[...sent, ...answered]
      .filter(([, schema]) => !showsSomething(schema))
      .map(([what]) => `no example of ${what}`),
  ];
}

/** Whether there is an example in it, however deep. */
function showsSomething(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false;
  if ('example' in schema || 'examples' in schema) return true;
  return Object.values(schema).some((each) => showsSomething(each));
}
