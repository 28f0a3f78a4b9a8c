// The Idempotency-Key header: a creating request that is sent again gets the first one's answer, and creates nothing.

import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest, FastifySchema } from 'fastify';
import { Type } from 'typebox';
import { AppError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import {
  releaseIdempotencyKey,
  saveAnswer,
  takeIdempotencyKey,
} from '../../store/service/idempotency.ts';
import type { IdempotencyKey } from '../../store/service/idempotency.ts';
import type { Sql } from '../../store/database/sql.ts';
import { Detail } from '../schemas/schemas.ts';

/** Longer answers are not kept: asking again is refused. */
const ANSWER_CHARACTERS_MAX = 256 * 1024;

/** When it is worth asking again how the first request went. */
const RUNNING_SECONDS = 1;

const KeyHeader = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      description:
        'Of your making; the same request with the same key within 24 hours gets the same answer.',
    }),
  ),
});

interface RouteSchema {
  readonly hide?: boolean;
  readonly headers?: unknown;
  readonly response?: object;
  readonly security?: readonly object[];
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Its answers are not kept for an Idempotency-Key: they create nothing, or are too large. */
    neverKept?: boolean;
  }
  interface FastifyRequest {
    /** The key this request has taken, until its answer is stored. */
    idempotency: IdempotencyKey | null;
  }
}

/** For every POST of `app` by somebody who is signed in, except what is about their own account. */
export function answerTwice(app: FastifyInstance, { sql, log }: { sql: Sql; log: Log }): void {
  app.decorateRequest('idempotency', null);
  app.addHook('onRoute', (route) => {
    const schema = route.schema as RouteSchema | undefined;
    if (route.method !== 'POST' || !schema || !isCreating(schema, route.config)) return;
    route.schema = {
      ...schema,
      headers: schema.headers ?? KeyHeader,
      response: { 409: Detail, ...schema.response },
    } as FastifySchema;
  });
  app.addHook('preHandler', async (request, reply) => {
    const key = keyOf(request);
    if (!key) return;
    const found = await takeIdempotencyKey(sql, key);
    switch (found.state) {
      case 'first':
        request.idempotency = key;
        return;
      case 'running':
        // Which tells it from a conflict that stays one.
        reply.header('retry-after', RUNNING_SECONDS);
        throw new AppError('conflict', 'the first request still runs', {
          publicMessage: 'A request with this Idempotency-Key is still running.',
        });
      case 'other request':
        throw new AppError('conflict', 'the key is of another request', {
          publicMessage: 'This Idempotency-Key was used for another request.',
        });
      case 'answered':
        return reply
          .code(found.answer.status)
          .type(found.answer.contentType)
          .header('idempotency-replayed', 'true')
          .serializer((body: string) => body)
          .send(found.answer.body);
    }
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const key = request.idempotency;
    if (!key) return;
    request.idempotency = null;
    const failed = reply.statusCode >= 500 || reply.statusCode === 429;
    try {
      if (failed || typeof payload !== 'string' || payload.length > ANSWER_CHARACTERS_MAX) {
        await releaseIdempotencyKey(sql, key);
        return;
      }
      const contentType = String(reply.getHeader('content-type') ?? 'application/json');
      await saveAnswer(sql, key, { status: reply.statusCode, contentType, body: payload });
    } catch (error) {
      // The request itself is done, and its answer goes out.
      log.warn('an answer could not be kept for its Idempotency-Key', { error });
    }
  });
}

/** Only what needs somebody who is signed in; answers about their own account hold secrets and are not kept. */
function isCreating(
  schema: RouteSchema,
  config: { ownAccount?: boolean; neverKept?: boolean } | undefined,
): boolean {
  const { security = [] } = schema;
  if (config?.ownAccount || config?.neverKept || schema.hide) return false;
  return security.length > 0 && security.every((each) => Object.keys(each).length > 0);
}

function keyOf(request: FastifyRequest): IdempotencyKey | undefined {
  const given = request.headers['idempotency-key'];
  if (given === undefined || request.method !== 'POST' || !request.visitor) return undefined;
  const { schema, config } = request.routeOptions;
  if (!schema || !isCreating(schema as RouteSchema, config)) return undefined;
  if (typeof given !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(given)) {
    throw new AppError('invalid', 'an odd key', {
      fields: { 'Idempotency-Key': ['1 to 255 printable characters without spaces.'] },
    });
  }
  const requestHash = createHash('sha256')
    .update(`${request.method} ${request.url}\0${JSON.stringify(request.body) ?? ''}`)
    .digest();
  return { userId: request.visitor.user.id, key: given, requestHash };
}
