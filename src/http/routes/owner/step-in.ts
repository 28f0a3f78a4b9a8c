// Whoever watches a running call steps in: has words said to the caller, or the caller put through to a person.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { AppError } from '../../../lib/errors.ts';
import type { LiveEvents } from '../../../reception/records/live-events.ts';
import { findRunningCall } from '../../../store/calls/active-calls.ts';
import type { RunningCall } from '../../../store/calls/active-calls.ts';
import { listTransferTargets } from '../../../store/clients/transfer-targets.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { found, reachOf, requireUser, userOf } from '../../identity/auth.ts';
import { writable } from '../../schemas/fields.ts';
import { errors, Id, Message, nullable, optional, signedIn } from '../../schemas/schemas.ts';

/** Half a minute of speech: the caller listens meanwhile. */
const TEXT_MAX = 500;

const ofCall = Type.Object({ call_id: Id });
const Words = Type.Object(
  {
    text: Type.String({
      maxLength: TEXT_MAX,
      pattern: '\\S',
      description: "Said word for word, in the client's voice.",
    }),
  },
  { examples: [{ text: 'Dr. Ruiz can see you today at four, if you like.' }] },
);
const Whom = Type.Object(
  { target_id: optional(nullable(Id)) },
  { examples: [{ target_id: '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5d' }] },
);
const tags = ['Active calls'];

export interface StepInParts {
  readonly sql: Sql;
  readonly live: Pick<LiveEvents, 'stepIn'>;
}

export function stepInRoutes({ sql, live }: StepInParts): FastifyPluginAsync {
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);

    app.post(
      '/api/active-calls/:call_id/say',
      {
        schema: {
          tags,
          summary: 'Have words said in a call',
          description:
            'As soon as neither the caller nor we speak, before the next answer. It stands in the transcript as ours, and the model knows of it. Five texts may wait; what the caller speaks into before a word of it was heard is said again.',
          security: signedIn,
          params: ofCall,
          body: Words,
          response: { 202: Message, ...errors(401, 403, 404) },
        },
      },
      async (request, reply) => {
        const { text } = writable(Words, request.body);
        const reach = reachOf(userOf(request));
        const call = found(await findRunningCall(sql, reach, request.params.call_id));
        live.stepIn(call.id, { type: 'say', text: text.trim() });
        reply.code(202);
        return { message: 'It will be said' };
      },
    );

    app.post(
      '/api/active-calls/:call_id/put-through',
      {
        schema: {
          tags,
          summary: 'Put the caller of a call through',
          description:
            "Now, whatever is being said: to this transfer target of the client, or to the first (the fallback number where none is named). As in every transfer the client's way of it counts: a person who is asked first and does not take the call leaves it with us. When nobody can be dialled after all, whoever watches gets an event `not_put_through` with a `reason`: `nobody`, or `too_often`. 409 for calls that are no telephone calls, and where nobody is named.",
          security: signedIn,
          params: ofCall,
          body: Whom,
          response: { 202: Message, ...errors(401, 403, 404, 409) },
        },
      },
      async (request, reply) => {
        const { target_id: targetId } = writable(Whom, request.body);
        const reach = reachOf(userOf(request));
        const call = found(await findRunningCall(sql, reach, request.params.call_id));
        if (call.channel !== 'phone') {
          throw conflict('not a telephone call', 'Only telephone calls can be put through.');
        }
        await requirePerson(call, targetId ?? undefined);
        live.stepIn(call.id, { type: 'put-through', targetId: targetId ?? undefined });
        reply.code(202);
        return { message: 'The caller is being put through' };
      },
    );
  };
  return routes;

  /** Whether they may be dialled is seen when they are. */
  async function requirePerson(
    { clientId, fallbackNumber }: RunningCall,
    targetId: string | undefined,
  ): Promise<void> {
    const targets = await listTransferTargets(sql, clientId);
    if (targetId === undefined) {
      if (fallbackNumber !== null || targets.some(({ isActive }) => isActive)) return;
      throw conflict(
        'nobody to put through to',
        'Nobody is named yet: add a transfer target, or a fallback number, to the client.',
      );
    }
    const { isActive } = found(targets.find(({ id }) => id === targetId));
    if (isActive) return;
    throw conflict('a target that is off', 'This transfer target is switched off.');
  }
}

function conflict(message: string, publicMessage: string): AppError {
  return new AppError('conflict', message, { publicMessage });
}
