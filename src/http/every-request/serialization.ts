// Turns answers into JSON by the routes' schemas; what a schema does not name is never sent.

import SerializerSelector from '@fastify/fast-json-stringify-compiler';
import type { FastifyInstance } from 'fastify';

/**
 * Replaces Fastify's compiler, which makes the code for every status of every route before the server can listen: each
 * is made when its first answer is.
 */
export function serializeAnswers(app: FastifyInstance): void {
  const compile = SerializerSelector()();
  app.setSerializerCompiler((route) => {
    let serialize: ReturnType<typeof compile> | undefined;
    return (value: unknown) => (serialize ??= compile({ httpStatus: '', ...route }))(value);
  });
}
