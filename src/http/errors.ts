// Failures as answers: an AppError by its table, everything else as a plain 500 that names only the request.

import type { FastifyInstance } from 'fastify';
import { AppError, toError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';

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

interface Fault {
  readonly statusCode?: number;
  readonly validation?: readonly { instancePath: string; message?: string; params?: unknown }[];
  readonly validationContext?: string;
}

/** Answers `{detail}`, or `{field: [what is wrong]}` for validation, and never more of an error than that. */
export function answerErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((thrown: unknown, request, reply) => {
    if (thrown instanceof AppError) {
      if (thrown.status >= 500)
        log.error('request failed', { requestId: request.id, error: thrown });
      return reply.code(thrown.status).send(thrown.fields ?? { detail: thrown.publicMessage });
    }
    const fault = thrown as Fault;
    if (fault.validation) return reply.code(400).send(fieldsOf(fault));
    const status = fault.statusCode ?? 500;
    const known = CLIENT_FAULTS[status];
    if (known !== undefined) return reply.code(status).send({ detail: known });
    log.error('request failed', { requestId: request.id, error: toError(thrown) });
    const detail = `Something went wrong on our side. Request ${request.id}.`;
    return reply.code(500).send({ detail });
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ detail: 'Not found.' }));
}

function fieldsOf({ validation = [] }: Fault): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  for (const { instancePath, message, params } of validation) {
    const missing = (params as { requiredProperties?: string[] } | undefined)?.requiredProperties;
    const names = missing ?? [instancePath.slice(1).replaceAll('/', '.') || 'body'];
    for (const name of names) {
      (fields[name] ??= []).push(missing ? 'This field is required.' : (message ?? 'Not valid.'));
    }
  }
  return fields;
}
