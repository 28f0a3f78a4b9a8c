// What a dashboard needs before its first page, and what it looks at again and again, in one answer each: a user has a hundred
// requests a minute.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { listRunningCalls } from '../../../store/calls/active-calls.ts';
import { countUnread } from '../../../store/calls/messages.ts';
import { listClients } from '../../../store/clients/owned-clients.ts';
import type { Reach } from '../../../store/clients/owned-clients.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { reachOf, requireUser, userOf } from '../../identity/auth.ts';
import { errors, Id, signedIn } from '../../schemas/schemas.ts';
import { UserAnswer, userAnswer } from '../../schemas/user-schemas.ts';
import { toWire } from '../../schemas/wire.ts';
import { RunningCallAnswer, runningCallAnswer } from './active-calls.ts';
import { ClientAnswer, clientAnswer } from './clients.ts';

const LISTED_MAX = 100;

const Pulse = Type.Object(
  {
    active_calls: Type.Array(RunningCallAnswer, {
      description: 'The newest hundred that run now, as in the list of active calls.',
    }),
    unread_messages: Type.Array(Type.Object({ client_id: Id, unread: Type.Integer() }), {
      description: 'Of clients that have any; counted as far as a hundred.',
    }),
  },
  {
    examples: [
      {
        active_calls: [],
        unread_messages: [{ client_id: '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5a', unread: 2 }],
      },
    ],
  },
);

const Start = Type.Object({
  user: UserAnswer,
  clients: Type.Array(ClientAnswer, { description: 'The newest hundred.' }),
  pulse: Pulse,
});

const tags = ['Overview'];

export function startRoutes({ sql }: { sql: Sql }): FastifyPluginAsync {
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);

    app.get(
      '/api/start',
      {
        schema: {
          tags,
          summary: 'Everything to begin with',
          description:
            'Who is signed in, the clients and what goes on now: what a dashboard needs before its first page, in one request. Administrators and moderators see all clients.',
          security: signedIn,
          response: { 200: Start, ...errors(401) },
        },
      },
      async (request) => {
        const user = userOf(request);
        const reach = reachOf(user);
        const [clients, pulse] = await Promise.all([
          listClients(sql, reach, { limit: LISTED_MAX, offset: 0, after: undefined }),
          readPulse(reach),
        ]);
        return { user: userAnswer(user), clients: clients.rows.map(clientAnswer), pulse };
      },
    );

    app.get(
      '/api/pulse',
      {
        schema: {
          tags,
          summary: 'What goes on now',
          description:
            'Calls that run and messages nobody has read, of all clients: to be asked every few seconds by who shows them.',
          security: signedIn,
          response: { 200: Pulse, ...errors(401) },
        },
      },
      async (request) => readPulse(reachOf(userOf(request))),
    );
  };
  return routes;

  async function readPulse(reach: Reach) {
    const [calls, unread] = await Promise.all([
      listRunningCalls(sql, reach, { limit: LISTED_MAX, offset: 0, after: undefined }),
      countUnread(sql, reach),
    ]);
    return {
      active_calls: calls.rows.map(runningCallAnswer),
      unread_messages: unread.map(toWire),
    };
  }
}
