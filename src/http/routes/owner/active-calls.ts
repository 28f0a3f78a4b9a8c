// Calls that run now, in any process: listed, watched, ended.

import { Readable } from 'node:stream';
import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { LiveEvent } from '../../../reception/records/live-event.ts';
import type { LiveEvents, Watch } from '../../../reception/records/live-events.ts';
import { findRunningCall, listRunningCalls } from '../../../store/calls/active-calls.ts';
import type { RunningCall } from '../../../store/calls/active-calls.ts';
import { listSaid, listTurns } from '../../../store/conversations/conversation-list.ts';
import type { ListedTurn } from '../../../store/conversations/conversation-list.ts';
import { findBalance } from '../../../store/money/ledger-entries.ts';
import { findVisitor, found, reachOf, requireUser, userOf } from '../../identity/auth.ts';
import type { AuthParts, User } from '../../identity/auth.ts';
import { pageHeaders, pageQuery, parsePage, tellPage } from '../../schemas/page.ts';
import {
  errors,
  Id,
  Message,
  nullable,
  PhoneNumber,
  signedIn,
  Timestamp,
} from '../../schemas/schemas.ts';
import { toWire } from '../../schemas/wire.ts';

/** This often the balance is told, and it is looked whether the call still runs and is still the user's to watch. */
const LOOK_MS = 10_000;

export const RunningCallAnswer = Type.Object(
  {
    call_id: Id,
    client_id: Id,
    client_name: Type.String(),
    caller_phone: nullable(PhoneNumber),
    start_time: Timestamp,
    owner_user_id: Id,
    contact_name: nullable(Type.String()),
    channel: Type.String(),
    used_seconds: Type.Integer({ description: 'Up to the last beat of its meter.' }),
  },
  {
    examples: [
      {
        call_id: '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5c',
        client_id: '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5a',
        client_name: 'Acme Corp',
        caller_phone: '+15551234567',
        start_time: '2026-02-06T10:00:00.000Z',
        owner_user_id: '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b50',
        contact_name: null,
        channel: 'phone',
        used_seconds: 12,
      },
    ],
  },
);
const ofCall = Type.Object({ call_id: Id });
const tags = ['Active calls'];

export interface ActiveCallRoutesParts extends AuthParts {
  readonly live: LiveEvents;
}

export function activeCallRoutes(parts: ActiveCallRoutesParts): FastifyPluginAsync {
  const { sql, clock, live } = parts;
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);

    app.get(
      '/api/active-calls',
      {
        schema: {
          tags,
          summary: 'List the calls that run now',
          description: `Of all one's clients, newest first; administrators see everybody's. ${pageHeaders}`,
          security: signedIn,
          querystring: Type.Object(pageQuery),
          response: { 200: Type.Array(RunningCallAnswer), ...errors(401) },
        },
      },
      async (request, reply) => {
        const reach = reachOf(userOf(request));
        const page = await listRunningCalls(sql, reach, parsePage(request.query));
        tellPage(request, reply, page);
        return page.rows.map(runningCallAnswer);
      },
    );

    app.get(
      '/api/active-calls/:call_id/events',
      {
        schema: {
          tags,
          summary: 'Watch a call',
          description:
            'Server-sent events: `call` (the call with `transcript` and `turns` so far, as in its conversation), then `words`, `tool_begun`, `tool_ended`, `utterance`, `tool`, `latency`, `balance` as they happen, and `end`. A turn may be both in `call` and an event of its own; turns have numbers. A tool that runs is told of when it begins and when it ends, and once more with its turn, under one `id`. What was interrupted has `unheard`: what was about to be said beyond `content`.',
          security: signedIn,
          params: ofCall,
          response: {
            200: {
              description: 'Events.',
              content: { 'text/event-stream': { schema: Type.String() } },
            },
            ...errors(401, 404),
          },
        },
      },
      async (request, reply) => {
        const reach = reachOf(userOf(request));
        const call = found(await findRunningCall(sql, reach, request.params.call_id));
        const watch = live.watch(call.id);
        const who = () => findVisitor(request, parts, 'by us').then((visitor) => visitor?.user);
        const events = Readable.from(stream(call, who, watch));
        events.once('close', () => watch[Symbol.dispose]());
        reply.type('text/event-stream').header('x-accel-buffering', 'no');
        return reply.send(events as never);
      },
    );

    app.post(
      '/api/active-calls/:call_id/hang-up',
      {
        schema: {
          tags,
          summary: 'End a call',
          description: 'At once, wherever it runs. It is charged for what was used.',
          security: signedIn,
          params: ofCall,
          response: { 202: Message, ...errors(401, 403, 404) },
        },
      },
      async (request, reply) => {
        const reach = reachOf(userOf(request));
        live.hangUp(found(await findRunningCall(sql, reach, request.params.call_id)).id);
        reply.code(202);
        return { message: 'The call is being ended' };
      },
    );
  };
  return routes;

  /** The beginning of the call from the database, then its events; every 10 s a look at balance, call and visitor. */
  async function* stream(
    call: RunningCall,
    who: () => Promise<User | undefined>,
    watch: Watch,
  ): AsyncGenerator<string> {
    using _watch = watch;
    const { events } = watch;
    const [said, turns] = await Promise.all([listSaid(sql, [call.id]), listTurns(sql, call.id)]);
    const transcript = (said.get(call.id) ?? []).map(({ turnNumber, at, ...each }) => ({
      ...each,
      turn: turnNumber,
      timestamp: at.toISOString(),
    }));
    yield line('call', { ...runningCallAnswer(call), transcript, turns: turns.map(turnOf) });
    look();
    using _looking = clock.every(LOOK_MS, look);
    for await (const { type, ...rest } of events) {
      yield line(type, rest);
      if (type === 'end') return;
    }

    function look(): void {
      inspect(call, who).then(
        (event) => (event ? events.push(event) : events.end()),
        () => events.end(),
      );
    }
  }

  /** What there is to tell; nothing when the visitor may not look any more. */
  async function inspect(
    { id, clientId }: RunningCall,
    who: () => Promise<User | undefined>,
  ): Promise<LiveEvent | undefined> {
    const user = await who();
    if (!user) return undefined;
    if (!(await findRunningCall(sql, reachOf(user), id))) return { type: 'end', reason: 'lost' };
    const balance = await findBalance(sql, clientId);
    return { type: 'balance', balance_seconds: balance?.liveSeconds ?? 0 };
  }
}

function turnOf(turn: ListedTurn) {
  return { ...toWire(turn), tools: turn.tools.map(toWire) };
}

function line(event: string, body: object): string {
  return `event: ${event}\ndata: ${JSON.stringify(body)}\n\n`;
}

export function runningCallAnswer(call: RunningCall) {
  return {
    call_id: call.id,
    client_id: call.clientId,
    client_name: call.clientName,
    caller_phone: call.callerPhone,
    start_time: call.startedAt.toISOString(),
    owner_user_id: call.ownerId,
    contact_name: call.contactName || null,
    channel: call.channel,
    used_seconds: call.usedSeconds,
  };
}
