// Failures as answers: an AppError by its table, everything else as a plain 500 that names only the request.

import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { AppError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { storeError } from '../../store/database/store-error.ts';
import { faultsOf } from './validation.ts';

/** The statuses that Fastify and its plug-ins give to what a client did wrong. */
const CLIENT_FAULTS: Readonly<Record<number, string>> = {
  400: 'The request is not valid.',
  404: 'Not found.',
  405: 'Method not allowed.',
  408: 'The request took too long.',
  413: 'The request is too large.',
  414: 'The address is too long.',
  415: 'This content type is not supported.',
  431: 'The headers are too large.',
};

const NOT_FOUND = CLIENT_FAULTS[404]!;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route says of an id that is none, where its contract has words of its own. */
    unknown?: string;
  }
}

/** When to come again where something has no more places: they are given back any moment. */
const BUSY_SECONDS = 5;

/** Of the parser, and of those who take too long to say what they want. */
const PARSER_STATUSES: Readonly<Record<string, 408 | 431>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

/** Answers what is no HTTP request, and so never reaches a route, in the form that all failures have. */
export function answerParser(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const status = PARSER_STATUSES[error.code ?? ''] ?? 400;
  const body = JSON.stringify({ detail: CLIENT_FAULTS[status] });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${body.length}`,
    'Connection: close',
  ];
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroy(error);
}

interface Fault {
  readonly statusCode?: number;
  readonly validationContext?: string;
}

/** Answers `{detail}`, or `{field: [what is wrong]}` for validation, and never more of an error than that. */
export function answerErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((raised: unknown, request, reply) => {
    const fault = raised as Fault;
    const faults = faultsOf(raised);
    // An id that is none is as unknown as any other.
    if (faults && fault.validationContext === 'params') {
      const { unknown = NOT_FOUND } = request.routeOptions.config;
      return reply.code(404).send({ detail: unknown });
    }
    if (faults) return reply.code(400).send(faults);
    const thrown = storeError(raised);
    if (thrown instanceof AppError) {
      // A service that the operator has not set up is no failure, however often it is asked for.
      if (thrown.status >= 500 && thrown.code !== 'not_configured') {
        log.error('request failed', { requestId: request.id, error: thrown });
      }
      if (thrown.status === 429) {
        const seconds = thrown.retrySeconds ?? BUSY_SECONDS;
        reply.header('retry-after', seconds);
        const body = { detail: thrown.publicMessage, retry_after: seconds };
        return reply.code(429).send(body);
      }
      return reply.code(thrown.status).send(thrown.fields ?? { detail: thrown.publicMessage });
    }
    const status = fault.statusCode ?? 500;
    const known = CLIENT_FAULTS[status];
    if (known !== undefined) return reply.code(status).send({ detail: known });
    log.error('request failed', { requestId: request.id, error: thrown });
    const detail = `Something went wrong on our side. Request ${request.id}.`;
    return reply.code(500).send({ detail });
  });
  // A plain request to the address of a socket: the plug-in for these answers nothing at all.
  app.addHook('onSend', async (_request, reply, payload) => {
    if (reply.statusCode !== 404 || (payload !== undefined && payload !== null)) return payload;
    reply.type('application/json; charset=utf-8');
    return JSON.stringify({ detail: NOT_FOUND });
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ detail: NOT_FOUND }));
}
