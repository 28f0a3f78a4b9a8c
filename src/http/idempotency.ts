// The Idempotency-Key header: a creating request that is sent again gets the first one's answer, and creates nothing.

import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { releaseIdempotencyKey, saveAnswer, takeIdempotencyKey } from '../store/idempotency.ts';
import type { IdempotencyKey } from '../store/idempotency.ts';
import type { Sql } from '../store/sql.ts';

/** Longer answers are not kept: asking again is refused. */
const ANSWER_CHARACTERS_MAX = 256 * 1024;

declare module 'fastify' {
  interface FastifyRequest {
    /** The key this request has taken, until its answer is stored. */
    idempotency: IdempotencyKey | null;
  }
}

/** For every POST of `app` by somebody who is signed in, except what is about their own account. */
export function answerTwice(app: FastifyInstance, { sql, log }: { sql: Sql; log: Log }): void {
  app.decorateRequest('idempotency', null);
  app.addHook('preHandler', async (request, reply) => {
    const key = keyOf(request);
    if (!key) return;
    const found = await takeIdempotencyKey(sql, key);
    switch (found.state) {
      case 'first':
        request.idempotency = key;
        return;
      case 'running':
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

function keyOf(request: FastifyRequest): IdempotencyKey | undefined {
  const given = request.headers['idempotency-key'];
  if (given === undefined || request.method !== 'POST' || !request.visitor) return undefined;
  if (request.routeOptions.config.ownAccount) return undefined;
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
