// Typed conversation over a socket of one's own: messages one after the other, each with its answer.

import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { RawData, WebSocket } from 'ws';
import { AppError, toError } from '../../../lib/errors.ts';
import { storeError } from '../../../store/database/store-error.ts';
import type { User } from '../../../store/accounts/users.ts';
import { findTokenVisitor, findVisitor, refuseWrongProof } from '../../identity/auth.ts';
import type { AuthParts } from '../../identity/auth.ts';
import { endpointRates } from '../../every-request/endpoint-rates.ts';
import { keepSocket } from '../../every-request/kept-socket.ts';
import { lowerOwnIds } from '../../every-request/lower-ids.ts';
import type { RateLimiter } from '../../every-request/rate-limit.ts';
import { bodyCheck } from '../../every-request/validation.ts';
import { chat, ChatMessageGiven } from './chat.ts';
import type { ChatRoutesParts } from './chat.ts';

/** Who has shown nothing with the upgrade shows it within this time. */
const AUTH_MS = 5000;
/** Messages waiting for the answer to the one before. */
const WAITING_MAX = 8;
/** Messages in a row that are turned away, for want of sense or by their number, before the socket is closed. */
const REJECTED_MAX = 20;
/** Of one user in this process. */
const SOCKETS_MAX = 20;
/** What a browser offers beside its token, for want of headers. */
const SUBPROTOCOL = 'bearer';

const NOT_ALLOWED = 1008;
const STATUS_BASE = 4000;

const check = bodyCheck(ChatMessageGiven);

export interface ChatSocketParts extends AuthParts, ChatRoutesParts {
  /** Messages count like requests to `/chat`. */
  readonly limiter: RateLimiter;
}

/** contracts/gateway-api.md "WebSocket API"; docs/GATEWAY.md "Chat". */
export function chatSocketRoutes(parts: ChatSocketParts): FastifyPluginAsync {
  const counts: SocketCounts = new Map();
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.get(
      '/ws/:user_id',
      {
        websocket: true,
        onRequest: [showSubprotocol, refuseWrongProof, refuseOthers],
        schema: { hide: true },
      },
      (socket, request) => serve({ ...parts, counts }, socket, request),
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
  const offers = headers['sec-websocket-protocol'] ?? '';
  const [name, token] = offers.split(',').map((each) => each.trim());
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

/** Open sockets by user. */
type SocketCounts = Map<string, number>;

function serve(
  parts: ChatSocketParts & { readonly counts: SocketCounts },
  socket: WebSocket,
  request: FastifyRequest,
): void {
  const { clock, log, limiter, counts } = parts;
  let user = request.visitor?.user;
  /** Whether the proof still holds is asked with each message, and by us in between. */
  const offered = offeredToken(request);
  let proof = (asked: 'by them' | 'by us') =>
    offered === undefined ? findVisitor(request, parts, asked) : findTokenVisitor(offered, parts);
  const waiting: string[] = [];
  let working = false;
  let rejected = 0;

  const authTimer = clock.after(AUTH_MS, () => {
    if (!user) refuse(new AppError('unauthorized', 'no token in time'));
  });
  socket.on('close', () => authTimer[Symbol.dispose]());
  keepSocket(socket, {
    clock,
    mayStay: async () => !user || (await proof('by us')) !== undefined,
    leave: () => refuse(new AppError('unauthorized', 'logged out meanwhile')),
  });
  // The library has sent the fitting close code.
  socket.on('error', () => {});
  if (user && !count(user)) return;
  socket.on('message', (raw: RawData, isBinary) => {
    if (isBinary) return reject('Messages are JSON.');
    if (waiting.length >= WAITING_MAX) {
      return turnAway(() => tell(new AppError('too_many', 'too many messages wait')));
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
    lowerOwnIds(message);
    const faults = check(message);
    if (faults) return reject(sentence(faults));
    const visitor = await proof('by them');
    if (!visitor) return refuse(new AppError('unauthorized', 'logged out meanwhile'));
    const verdict = await limiter.takeEndpoint(
      { name: '/chat', rate: endpointRates.chat },
      `user:${visitor.user.id}`,
    );
    if (!verdict.allowed) {
      const seconds = Math.max(1, Math.ceil(verdict.waitMs / 1000));
      const error = { type: 'error', code: 'too_many', detail: 'Rate limit exceeded' };
      return turnAway(() => send({ ...error, retry_after: seconds }));
    }
    rejected = 0;
    const onText = (piece: string) => send({ type: 'delta', content: piece });
    const given = message as unknown as ChatMessageGiven;
    const answer = await chat(parts, visitor.user, given, streams ? onText : undefined);
    send({ ...answer, timestamp: new Date(clock.now()).toISOString() });
  }

  /** Whether there is room for one more of this user; closes the socket otherwise. */
  function count({ id }: User): boolean {
    const open = counts.get(id) ?? 0;
    if (open >= SOCKETS_MAX) {
      refuse(new AppError('too_many', 'a user has too many sockets'));
      return false;
    }
    counts.set(id, open + 1);
    socket.on('close', () => {
      const left = (counts.get(id) ?? 1) - 1;
      if (left > 0) counts.set(id, left);
      else counts.delete(id);
    });
    return true;
  }

  async function authenticate(token: unknown): Promise<void> {
    if (user) return;
    const given = typeof token === 'string' ? token : '';
    proof = () => findTokenVisitor(given, parts);
    const visitor = await proof('by them');
    if (!visitor) return refuse(new AppError('unauthorized', 'a wrong token'));
    try {
      mayTalkAs(visitor.user, request);
    } catch (error) {
      return refuse(error);
    }
    user = visitor.user;
    if (!count(user)) return;
    send({ type: 'ready', user_id: user.id });
  }

  function reject(detail: string): void {
    turnAway(() => send({ type: 'error', code: 'invalid', detail }));
  }

  function turnAway(say: () => void): void {
    rejected += 1;
    say();
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
    const detail = known.fields ? sentence(known.fields) : known.publicMessage;
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

/** All that is wrong, each after its field. */
function sentence(faults: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(faults)
    .map(([field, texts]) => `${field}: ${texts.join(' ')}`)
    .join(' ');
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
