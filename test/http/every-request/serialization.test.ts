// Answers as JSON: only what a schema names; and every schema of the API can be made into code, which is done when it is first needed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import SerializerSelector from '@fastify/fast-json-stringify-compiler';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import Fastify from 'fastify';
import { serializeAnswers } from '../../../src/http/every-request/serialization.ts';
import { startTestApi } from '../../support/product/api.ts';

const named = { type: 'object', properties: { name: { type: 'string' } } };

test('what a schema does not name is not sent, whatever the status', async () => {
  const app = Fastify();
  serializeAnswers(app);
  const schema = { response: { 200: named, 404: { type: 'object', properties: {} } } };
  app.get<{ Querystring: { status: string } }>('/', { schema }, async (request, reply) =>
    reply.code(Number(request.query.status)).send({ name: 'Ada', secret: 'x' }),
  );
  for (const expected of [{ name: 'Ada' }, { name: 'Ada' }]) {
    assert.deepEqual((await app.inject('/?status=200')).json(), expected);
  }
  assert.deepEqual((await app.inject('/?status=404')).json(), {});
  await app.close();
});

test('a schema that cannot be made into code keeps no other route from answering', async () => {
  const app = Fastify();
  serializeAnswers(app);
  const broken = { type: 'object', properties: { name: { $ref: '#/nowhere' } } };
  app.get('/broken', { schema: { response: { 200: broken } } }, async () => ({ name: 'Ada' }));
  app.get('/whole', { schema: { response: { 200: named } } }, async () => ({ name: 'Ada' }));
  assert.equal((await app.inject('/broken')).statusCode, 500);
  assert.deepEqual((await app.inject('/whole')).json(), { name: 'Ada' });
  await app.close();
});

test('every schema of every route can be made into code', async (t) => {
  const { document } = await startTestApi(t);
  const serializer = SerializerSelector()();
  const ajv = new Ajv({ strict: false });
  (formats as unknown as (target: Ajv) => void)(ajv);
  let made = 0;
  for (const { method, path: url, operation } of document.routes) {
    const { parameters = [], requestBody, responses } = operation;
    const bodies = Object.values(requestBody?.content ?? {});
    for (const { schema } of [...parameters, ...bodies]) {
      assert.doesNotThrow(() => ajv.compile(schema ?? {}), `${method} ${url}`);
    }
    for (const [httpStatus, { content }] of Object.entries(responses)) {
      const schema = content?.['application/json']?.schema;
      if (!schema) continue;
      const route = { method, url, httpStatus, schema };
      assert.doesNotThrow(() => serializer(route), `${method} ${url} ${httpStatus}`);
      made += 1;
    }
  }
  assert.ok(made > 100);
});
