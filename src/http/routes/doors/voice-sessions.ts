// Voice in the browser over LiveKit rooms: a token for the user, an agent that joins them, and the transcript as it happens.

import { createHmac } from 'node:crypto';
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { AppError, toError } from '../../../lib/errors.ts';
import type { Log } from '../../../lib/log.ts';
import type { AdmittedCall } from '../../../reception/calls/admit.ts';
import type { AskedSession } from '../../../reception/doors/admit-session.ts';
import type { LiveEvents } from '../../../reception/records/live-events.ts';
import { endConversation } from '../../../store/conversations/conversations.ts';
import { saveTicket } from '../../../store/accounts/tickets.ts';
import { findVoiceSession } from '../../../store/accounts/voice-sessions.ts';
import type { FoundVoiceSession } from '../../../store/accounts/voice-sessions.ts';
import type { Line } from '../../../telephony/line.ts';
import type { JoinedRoom } from '../../../telephony/livekit-room.ts';
import { signRoomToken } from '../../../telephony/livekit-token.ts';
import type { LivekitConfig } from '../../../telephony/livekit-token.ts';
import { found, requireUser } from '../../identity/auth.ts';
import type { AuthParts } from '../../identity/auth.ts';
import { networkOf } from '../../every-request/rate-limit.ts';
import { errors, Id, open, optional, signedIn } from '../../schemas/schemas.ts';

const PRIVATE_CHARACTERS = 12;

/** LiveKit takes any name: ids of other systems have bars and plus signs, and people spaces. */
const anyName = {
  minLength: 1,
  maxLength: 100,
  pattern: '^(?=.*\\S)[^\\p{Cc}]+$',
  'x-messages': { pattern: 'Text in one line is expected.' },
};
const room = Type.String({
  ...anyName,
  description: 'Made private to the user: the token carries the real name.',
  examples: ['quickstart'],
});
const identity = Type.String({ ...anyName, examples: ['user123'] });
const SessionGiven = Type.Object(
  {
    room,
    identity,
    system_prompt: optional(Type.String({ maxLength: 20_000 })),
  },
  {
    examples: [
      {
        room: 'quickstart',
        identity: 'user123',
        system_prompt: 'You are a friendly travel assistant.',
      },
    ],
  },
);
const params = Type.Object({ session_id: Id });
const tags = ['Voice sessions'];
/** In the words of the contract. */
const UNKNOWN = 'Session not found';

export interface VoiceSessionsParts extends AuthParts {
  readonly log: Log;
  readonly live: LiveEvents;
  /** Undefined: rooms are off. */
  readonly livekit: LivekitConfig | undefined;
  readonly anonymousSessions: boolean;
  readonly sessions: {
    /** Throws an AppError that says why not. */
    admit(asked: AskedSession): Promise<AdmittedCall>;
    /** Throws `vendor_failed` within 5 s. */
    join(asked: { room: string; identity: string; callerIdentity: string }): Promise<JoinedRoom>;
    /** Takes the session over, until it is stored. Never rejects. */
    answer(call: AdmittedCall, line: Line): Promise<void>;
    /** The process that has the sessions it opens. */
    readonly owner: string;
  };
}

/** contracts/voice-agent-api.md "FastAPI Backend". */
export function voiceSessionRoutes(parts: VoiceSessionsParts): FastifyPluginAsync {
  const { sql, log, live, sessions } = parts;
  const security = [...signedIn, ...open];
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.get(
      '/token',
      {
        schema: {
          tags,
          summary: 'Get a LiveKit token',
          description:
            'For one room, ten minutes. The room is private to the user. Without a login only where anonymous sessions are allowed.',
          security,
          querystring: Type.Object({
            room,
            identity,
            name: optional(Type.String({ maxLength: 200 })),
          }),
          response: {
            200: Type.Object({
              token: Type.String({ examples: ['eyJhbGciOiJIUzI1NiJ9.e30.c2ln'] }),
              room: Type.String(),
              url: Type.String({ examples: ['wss://livekit.example.com'] }),
            }),
            ...errors(401),
          },
        },
      },
      async (request) => {
        await visitorOrAnonymous(request);
        const livekit = configured();
        const { room: wanted, ...who } = request.query;
        const name = privateRoom(request, wanted);
        const token = await signRoomToken(livekit, { room: name, ...who });
        return { token, room: name, url: livekit.url };
      },
    );

    app.post(
      '/session',
      {
        config: { neverKept: true },
        schema: {
          tags,
          summary: 'Start an agent session',
          description:
            'The agent joins the room of /token with the same room and login, and waits a minute for the user. Their voice, language, topics and prompt are applied. On the daily allowance.',
          security,
          body: SessionGiven,
          response: {
            200: Type.Object({
              session_id: Id,
              ticket: Type.String({
                description: 'Opens /ws/transcript/{session_id} once, within a minute.',
              }),
            }),
            ...errors(401, 402, 502),
          },
        },
      },
      async (request) => {
        await visitorOrAnonymous(request);
        configured();
        const {
          room: wanted,
          identity: callerIdentity,
          system_prompt: systemPrompt,
        } = request.body;
        const userId = request.visitor?.user.id ?? null;
        const name = privateRoom(request, wanted);
        const call = await sessions.admit({
          userId,
          subject: userId === null ? `address:${networkOf(request.ip)}` : `user:${userId}`,
          room: wanted,
          systemPrompt,
        });
        const joined = await join(call, { room: name, callerIdentity });
        void serve(call, joined);
        const purpose = 'transcript' as const;
        const ticket = await saveTicket(sql, { purpose, subject: call.callId, userId });
        return { session_id: call.callId, ticket };
      },
    );

    app.delete(
      '/session/:session_id',
      {
        config: { ownAccount: true, unknown: UNKNOWN },
        schema: {
          tags,
          summary: 'Stop an agent session',
          description: 'Of the user, or of nobody in particular.',
          security,
          params,
          response: {
            200: Type.Object({ stopped: Type.Boolean({ examples: [true] }) }),
            ...errors(401, 404),
          },
        },
      },
      async (request, reply) => {
        await visitorOrAnonymous(request, reply);
        const session = found(await findVoiceSession(sql, request.params.session_id), UNKNOWN);
        found(isMine(request, session) || undefined, UNKNOWN);
        if (!session.ended) live.hangUp(session.id);
        return { stopped: !session.ended };
      },
    );
  };
  return routes;

  function configured(): LivekitConfig {
    if (parts.livekit) return parts.livekit;
    throw new AppError('not_configured', 'LiveKit is not configured', {
      publicMessage:
        'Voice rooms are not configured: LIVEKIT_URL is not set. A test call over a WebSocket works without.',
    });
  }

  async function visitorOrAnonymous(
    request: FastifyRequest,
    reply?: Parameters<typeof requireUser>[1],
  ): Promise<void> {
    if (request.visitor || parts.anonymousSessions) return;
    if (reply) return requireUser(request, reply);
    throw new AppError('unauthorized', 'anonymous sessions are off', {
      publicMessage: 'Authentication credentials were not provided.',
    });
  }

  /** The same room for the same user, another for every other: who knows a name knows nobody's room. */
  function privateRoom(request: FastifyRequest, name: string): string {
    const who = request.visitor?.user.id ?? `address ${networkOf(request.ip)}`;
    const mark = createHmac('sha256', parts.jwtSecret)
      .update(`room\0${who}\0${name}`)
      .digest('hex')
      .slice(0, PRIVATE_CHARACTERS);
    return `${name}-${mark}`;
  }

  /** The agent is in the room, or the session has failed. */
  async function join(
    call: AdmittedCall,
    asked: { room: string; callerIdentity: string },
  ): Promise<JoinedRoom> {
    try {
      return await sessions.join({ ...asked, identity: `agent-${call.callId}` });
    } catch (error) {
      await giveUp(call, 'failed');
      throw error;
    }
  }

  async function serve(call: AdmittedCall, joined: JoinedRoom): Promise<void> {
    const { callId } = call;
    try {
      const line = await joined.caller(() =>
        live.publish(callId, { type: 'speech', role: 'assistant', event: 'started' }),
      );
      if (line) await sessions.answer(call, line);
      else await giveUp(call, 'lost');
    } catch (error) {
      log.error('a voice session failed', { callId, error: toError(error) });
      await giveUp(call, 'failed').catch(() => {});
    } finally {
      await joined.leave();
    }
  }

  /** Nothing was said: nothing is charged. */
  async function giveUp(call: AdmittedCall, endReason: 'failed' | 'lost'): Promise<void> {
    await call.meter.settle(0, 'error');
    const outcome = endReason === 'failed' ? 'failed' : 'abandoned';
    const end = { endReason, outcome, durationMs: 0 };
    await endConversation(sql, call.callId, sessions.owner, end);
    live.publish(call.callId, { type: 'end', reason: endReason });
  }
}

/** One's own, that of one's client, and for an administrator any; one of nobody is whoever's that knows it. */
export function isMine(
  { visitor }: FastifyRequest,
  { userId, clientOwnerId }: FoundVoiceSession,
): boolean {
  if (userId === null && clientOwnerId === null) return true;
  const user = visitor?.user;
  if (!user) return false;
  return user.role === 'admin' || user.id === userId || user.id === clientOwnerId;
}
