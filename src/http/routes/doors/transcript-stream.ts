// The transcript of a voice session as it happens, for who had it started: words, sentences, and when the agent speaks.

import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { RawData, WebSocket } from 'ws';
import { AppError } from '../../../lib/errors.ts';
import { isId } from '../../../lib/ids.ts';
import type { LiveEvent } from '../../../reception/records/live-event.ts';
import type { LiveEvents } from '../../../reception/records/live-events.ts';
import { useTicket } from '../../../store/accounts/tickets.ts';
import { findVoiceSession } from '../../../store/accounts/voice-sessions.ts';
import { found, isStill, refuseWrongProof } from '../../identity/auth.ts';
import type { AuthParts } from '../../identity/auth.ts';
import { keepSocket } from '../../every-request/kept-socket.ts';
import { isMine } from './voice-sessions.ts';

/** Who has shown nothing with the upgrade shows a ticket within this time. */
const TICKET_MS = 5000;
const NORMAL = 1000;
const STATUS_BASE = 4000;
const MESSAGE_CHARACTERS_MAX = 1000;

export interface TranscriptStreamParts extends AuthParts {
  readonly live: LiveEvents;
}

/** contracts/voice-agent-api.md "WebSocket Transcript Stream". */
export function transcriptStreamRoutes(parts: TranscriptStreamParts): FastifyPluginAsync {
  const { sql, clock, live } = parts;
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.get(
      '/ws/transcript/:session_id',
      { websocket: true, onRequest: refuseWrongProof, schema: { hide: true } },
      (socket, request) => serve(socket, request),
    );
  };
  return routes;

  function serve(socket: WebSocket, request: FastifyRequest): void {
    const { session_id: id } = request.params as { session_id: string };
    let watching: Disposable | undefined;
    const timer = clock.after(TICKET_MS, () => refuse(new AppError('unauthorized', 'no ticket')));
    socket.on('error', () => {});
    socket.on('close', () => {
      timer[Symbol.dispose]();
      watching?.[Symbol.dispose]();
    });
    if (request.visitor) admit(undefined).then(begin).catch(refuse);
    else {
      socket.once('message', (raw: RawData) => {
        // Node's default binary type: always one Buffer.
        admit(ticketOf((raw as Buffer).toString('utf8')))
          .then(begin)
          .catch(refuse);
      });
    }
    keepSocket(socket, {
      clock: parts.clock,
      async mayStay() {
        // Its end is told, but not by a process that has died.
        if (watching && (await findVoiceSession(sql, id))?.ended !== false) socket.close(NORMAL);
        return request.visitor === null || isStill(request, parts);
      },
      leave: () => refuse(new AppError('unauthorized', 'logged out meanwhile')),
    });

    /** Whether there is anything left to watch; throws unless they may. */
    async function admit(ticket: string | undefined): Promise<boolean> {
      found(isId(id) || undefined);
      const session = found(await findVoiceSession(sql, id));
      if (request.visitor) {
        found(isMine(request, session) || undefined);
        return !session.ended;
      }
      const used =
        ticket === undefined
          ? undefined
          : await useTicket(sql, ticket, { purpose: 'transcript', subject: id });
      if (!used) throw new AppError('unauthorized', 'no ticket that holds');
      return !session.ended;
    }

    function begin(runs: boolean): void {
      if (socket.readyState !== socket.OPEN) return;
      timer[Symbol.dispose]();
      if (!runs) return socket.close(NORMAL);
      const watch = live.watch(id);
      watching = watch;
      void tell(watch.events);
    }

    async function tell(events: AsyncIterable<LiveEvent>): Promise<void> {
      for await (const event of events) {
        const message = messageOf(event);
        if (message && socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
        if (event.type === 'end') break;
      }
      socket.close(NORMAL);
    }

    function refuse(raised: unknown): void {
      const error = raised instanceof AppError ? raised : new AppError('unavailable', 'no answer');
      socket.close(STATUS_BASE + error.status, error.publicMessage.slice(0, 100));
    }
  }
}

function ticketOf(text: string): string | undefined {
  if (text.length > MESSAGE_CHARACTERS_MAX) return undefined;
  try {
    const message = JSON.parse(text) as { ticket?: unknown } | null;
    return typeof message?.ticket === 'string' ? message.ticket : undefined;
  } catch {
    return undefined;
  }
}

/** In the words of the document; what it has no words for is left out. */
export function messageOf(event: LiveEvent): object | undefined {
  switch (event.type) {
    case 'words':
      return { role: 'user', text: event.text, final: event.final };
    case 'utterance':
      // The caller's have been told as words already, and nobody hears what was not said.
      return event.role === 'user' || event.content === ''
        ? undefined
        : { role: 'agent', text: event.content, final: true };
    case 'speech':
      return { role: 'agent', event: 'speech_started' };
    case 'tool_begun':
    case 'tool_ended':
    case 'tool':
    case 'latency':
    case 'balance':
    case 'not_put_through':
    case 'end':
      return undefined;
  }
}
