// Hands a patient's app what it needs to talk to the Vapi assistant: public values only, within three seconds.

import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Clock } from '../../../lib/clock.ts';
import { AppError } from '../../../lib/errors.ts';
import type { Log } from '../../../lib/log.ts';
import { requireUser, userOf } from '../../identity/auth.ts';
import { optional, signedIn, Timestamp } from '../../schemas/schemas.ts';

/** For each of the two things that ask the database; together they stay below three seconds. */
const ASK_MS = 1400;

export interface VapiConfig {
  /** Meant for apps: whoever has it can start sessions and nothing else. */
  readonly publicApiKey: string | undefined;
  readonly assistantId: string | undefined;
}

const Started = Type.Object({
  success: Type.Literal(true),
  data: Type.Object({
    apiKey: Type.String(),
    assistantId: Type.String(),
    patientContext: Type.Object({ id: Type.String(), validatedAt: Timestamp }),
  }),
  message: Type.String(),
});
const Failed = Type.Object({
  success: Type.Literal(false),
  error: Type.Object({
    code: Type.String(),
    message: Type.String(),
    details: Type.String(),
  }),
});
const Given = Type.Object(
  {
    patientContext: optional(
      Type.Object({
        id: optional(
          Type.String({ maxLength: 100, description: "The patient's own; checked, not needed." }),
        ),
      }),
    ),
  },
  { examples: [{ patientContext: {} }] },
);

/** What the app is told for each status, whatever went wrong behind it. */
const failures: Readonly<Record<number, readonly [code: string, message: string]>> = {
  400: ['INVALID_REQUEST', 'The request is not valid'],
  401: ['UNAUTHORIZED', 'Authentication required'],
  403: ['FORBIDDEN', 'Forbidden'],
  429: ['RATE_LIMIT_EXCEEDED', 'Rate limit exceeded'],
};
const otherwise = ['VAPI_SESSION_FAILED', 'Unable to create voice session'] as const;

export interface VapiRoutesParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly vapi: VapiConfig;
}

/** contracts/vapi-sessions.md. */
export function vapiRoutes({ clock, log, vapi }: VapiRoutesParts): FastifyPluginAsync {
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('preSerialization', async (_request, reply: FastifyReply, payload: unknown) =>
      reply.statusCode < 400 ? payload : failureOf(reply.statusCode, payload),
    );
    app.addHook('onResponse', async (request, reply) => {
      if (reply.statusCode < 400) return;
      const userId = request.visitor?.user.id;
      log.warn('vapi session refused', { userId, status: reply.statusCode, requestId: request.id });
    });

    app.post(
      '/api/v1/sessions/vapi/start',
      {
        config: { neverKept: true, askMs: ASK_MS },
        onRequest: [requireUser, requirePatient],
        // Nothing needs to be said.
        preValidation: async (request) => {
          request.body ??= {};
        },
        schema: {
          tags: ['Vapi'],
          summary: 'Start a Vapi session',
          description:
            'For users of the type patient: what their app needs to start a session itself. Never a secret key. Every failure has the same form.',
          security: signedIn,
          body: Given,
          response: {
            200: Started,
            ...Object.fromEntries(
              [400, 401, 403, 413, 415, 429, 500, 503].map((status) => [status, Failed]),
            ),
          },
        },
      },
      async (request) => {
        const { id } = userOf(request);
        const given = request.body.patientContext?.id;
        if (given !== undefined && given !== id) {
          throw new AppError('forbidden', 'the context of another patient', {
            publicMessage: 'The patient context is not your own',
          });
        }
        const { publicApiKey, assistantId } = vapi;
        if (!publicApiKey || !assistantId) {
          throw new AppError('not_configured', 'Vapi is not configured', {
            publicMessage: `${publicApiKey ? 'VAPI_ASSISTANT_ID' : 'VAPI_PUBLIC_API_KEY'} is not set.`,
          });
        }
        log.info('vapi session started', { userId: id, assistantId, requestId: request.id });
        return {
          success: true as const,
          data: {
            apiKey: publicApiKey,
            assistantId,
            patientContext: { id, validatedAt: new Date(clock.now()).toISOString() },
          },
          message: 'Vapi configuration retrieved',
        };
      },
    );
  };
  return routes;
}

async function requirePatient(request: FastifyRequest): Promise<void> {
  if (userOf(request).type === 'patient') return;
  throw new AppError('forbidden', 'not a patient', {
    publicMessage: 'Only patients can access voice assistant',
  });
}

/** `{detail}` or `{field: [what is wrong]}` in the form that the app knows. */
function failureOf(status: number, payload: unknown): object {
  const [code, message] = failures[status] ?? otherwise;
  const said = (payload ?? {}) as Readonly<Record<string, unknown>>;
  const details =
    typeof said['detail'] === 'string'
      ? said['detail']
      : Object.entries(said)
          .filter(([, faults]) => Array.isArray(faults))
          .map(([field, faults]) => `${field}: ${(faults as string[]).join(' ')}`)
          .join(' ');
  return { success: false, error: { code, message, details } };
}
