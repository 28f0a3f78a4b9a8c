// Typed conversation over a socket of one's own: messages one after the other, each with its answer.

import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Compile } from 'typebox/compile';
import type { RawData, WebSocket } from 'ws';
import { AppError, toError } from '../../../lib/errors.ts';
import { storeError } from '../../../store/database/store-error.ts';
import type { User } from '../../../store/accounts/users.ts';
import { findTokenVisitor, findVisitor, refuseWrongProof } from '../../auth.ts';
import type { AuthParts } from '../../auth.ts';
import { endpointRates } from '../../endpoint-rates.ts';
import type { RateLimiter } from '../../rate-limit.ts';
import { chat, ChatMessageGiven } from './chat.ts';
import type { ChatRoutesParts } from './chat.ts';

/** Who has shown nothing with the upgrade shows it within this time. */
const AUTH_MS = 5000;
/** Messages waiting for the answer to the one before. */
const WAITING_MAX = 8;
/** Messages without sense before the socket is closed. */
const REJECTED_MAX = 20;
/** What a browser offers beside its token, for want of headers. */
const SUBPROTOCOL = 'bearer';

const NOT_ALLOWED = 1008;
const STATUS_BASE = 4000;

const check = Compile(ChatMessageGiven);

export interface ChatSocketParts extends AuthParts, ChatRoutesParts {
  /** Messages count like requests to `/chat`. */
  readonly limiter: RateLimiter;
}

/** contracts/gateway-api.md "WebSocket API"; docs/GATEWAY.md "Chat". */
export function chatSocketRoutes(parts: ChatSocketParts): FastifyPluginAsync {
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.get(
      '/ws/:user_id',
      {
        websocket: true,
        onRequest: [showSubprotocol, refuseWrongProof, refuseOthers],
        schema: { hide: true },
      },
      (socket, request) => serve(parts, socket, request),
    );
  };
  return routes;

  /** A token among the subprotocols counts like one in the header. */
  async function showSubprotocol(request: FastifyRequest): Promise<void> {
    const token = offeredToken(request);
    if (token === undefined) return;
    request.visitor = (await findTokenVisitor(token, parts)) ?? null;
    if (!request.visitor) throw new AppError('unauthorized', 'a wrong token as subprotocol');
  }
}

function offeredToken({ headers }: FastifyRequest): string | undefined {
  const [name, token] = (headers['sec-websocket-protocol'] ?? '').split(/ *, */);
  return name === SUBPROTOCOL && token ? token : undefined;
}

async function refuseOthers(request: FastifyRequest): Promise<void> {
  if (request.visitor) mayTalkAs(request.visitor.user, request);
}

/** Others' sockets, like those of nobody, are not there. */
function mayTalkAs(user: User, request: FastifyRequest): void {
  const { user_id: id } = request.params as { user_id: string };
  if (user.id !== id) throw new AppError('not_found', "somebody else's socket");
  if (user.role === 'moderator') throw new AppError('forbidden', 'a moderator spends nothing');
}

function serve(parts: ChatSocketParts, socket: WebSocket, request: FastifyRequest): void {
  const { clock, log, limiter } = parts;
  let user = request.visitor?.user;
  /** Whether the proof still holds is asked with each message. */
  const offered = offeredToken(request);
  let proof = () =>
    offered === undefined ? findVisitor(request, parts) : findTokenVisitor(offered, parts);
  const waiting: string[] = [];
  let working = false;
  let rejected = 0;

  const authTimer = clock.after(AUTH_MS, () => {
    if (!user) refuse(new AppError('unauthorized', 'no token in time'));
  });
  socket.on('close', () => authTimer[Symbol.dispose]());
  // The library has sent the fitting close code.
  socket.on('error', () => {});
  socket.on('message', (raw: RawData, isBinary) => {
    if (isBinary) return reject('Messages are JSON.');
    if (waiting.length >= WAITING_MAX) {
      return tell(new AppError('too_many', 'too many messages wait'));
    }
    // Node's default binary type: always one Buffer.
    waiting.push((raw as Buffer).toString('utf8'));
    if (!working) void work();
  });

  async function work(): Promise<void> {
    working = true;
    for (let text = waiting.shift(); text !== undefined; text = waiting.shift()) {
      try {
        await take(text);
      } catch (error) {
        tell(error);
      }
      if (socket.readyState !== socket.OPEN) break;
    }
    working = false;
  }

  async function take(text: string): Promise<void> {
    const message = parsed(text);
    if (!message) return reject('A JSON object is expected.');
    if (message['type'] === 'auth') return authenticate(message['token']);
    if (!user) return refuse(new AppError('unauthorized', 'a message before the token'));
    const streams = message['stream'] === true;
    if (!check.Check(message)) {
      const [fault] = check.Errors(message);
      const field = fault?.instancePath.slice(1) || 'message';
      return reject(`${field}: ${fault?.message ?? 'not valid'}.`);
    }
    const visitor = await proof();
    if (!visitor) return refuse(new AppError('unauthorized', 'logged out meanwhile'));
    const verdict = await limiter.takeEndpoint(
      { name: '/chat', rate: endpointRates.chat },
      `user:${visitor.user.id}`,
    );
    if (!verdict.allowed) {
      const seconds = Math.max(1, Math.ceil(verdict.waitMs / 1000));
      return send({
        type: 'error',
        code: 'too_many',
        detail: 'Rate limit exceeded',
        retry_after: seconds,
      });
    }
    const onText = (piece: string) => send({ type: 'delta', content: piece });
    const answer = await chat(parts, visitor.user, message, streams ? onText : undefined);
    send({ ...answer, timestamp: new Date(clock.now()).toISOString() });
  }

  async function authenticate(token: unknown): Promise<void> {
    if (user) return;
    const given = typeof token === 'string' ? token : '';
    proof = () => findTokenVisitor(given, parts);
    const visitor = await proof();
    if (!visitor) return refuse(new AppError('unauthorized', 'a wrong token'));
    try {
      mayTalkAs(visitor.user, request);
    } catch (error) {
      return refuse(error);
    }
    user = visitor.user;
    send({ type: 'ready', user_id: user.id });
  }

  function reject(detail: string): void {
    rejected += 1;
    send({ type: 'error', code: 'invalid', detail });
    if (rejected >= REJECTED_MAX) socket.close(NOT_ALLOWED);
  }

  /** What went wrong with one message; the socket stays. */
  function tell(raised: unknown): AppError {
    const error = storeError(raised);
    const known =
      error instanceof AppError
        ? error
        : new AppError('internal', 'a chat message failed', { cause: error });
    if (known.status >= 500) log.error('chat failed', { error: toError(raised) });
    const [fault] = Object.entries(known.fields ?? {});
    const detail = fault ? `${fault[0]}: ${fault[1].join(' ')}` : known.publicMessage;
    send({ type: 'error', code: known.code, detail });
    return known;
  }

  function refuse(raised: unknown): void {
    const { status } = tell(raised);
    waiting.length = 0;
    socket.close(STATUS_BASE + status);
  }

  function send(message: object): void {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  }
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
