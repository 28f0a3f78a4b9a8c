// Who asks: the cookie of a browser or the token of a program becomes a user, and routes demand one.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { within } from '../../lib/clock.ts';
import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import { isId } from '../../lib/ids.ts';
import { signToken, verifyToken } from '../../lib/secrets.ts';
import { findFamilyUser } from '../../store/accounts/refresh-tokens.ts';
import { findSessionUser } from '../../store/accounts/sessions.ts';
import type { Sql } from '../../store/database/sql.ts';
import type { Role, User } from '../../store/accounts/users.ts';

export type { Role, User } from '../../store/accounts/users.ts';

/** The cookie's name is part of the contract. */
export const SESSION_COOKIE = 'sessionid';
/** What access tokens are for: no other token of ours opens the API. */
const TOKEN_AUDIENCE = 'frontdesk-api';
/** How long an access token is good. */
export const ACCESS_SECONDS = 3600;

/** Somebody who has shown who they are, and by what: the session's cookie, or a family's access token. */
export type Visitor =
  | { readonly user: User; readonly by: 'session'; readonly sessionToken: string }
  | { readonly user: User; readonly by: 'token'; readonly familyId: string };

declare module 'fastify' {
  interface FastifyRequest {
    /** Null for those who have shown nothing, or nothing that holds. */
    visitor: Visitor | null;
  }
  interface FastifyContextConfig {
    /** About the user's own account: moderators, who write nothing else, may do this. */
    ownAccount?: boolean;
    /** How long the database may take to tell who asks, and how often they have: for routes that promise an answer. */
    askMs?: number;
  }
}

export interface AuthParts {
  readonly sql: Sql;
  readonly clock: Clock;
  /** Signs access tokens. */
  readonly jwtSecret: string;
  /** Who issues them. */
  readonly publicUrl: string;
}

/** Finds out, for every route of `app`, who asks. Routes that demand somebody add `requireUser`. */
export function identifyVisitors(app: FastifyInstance, parts: AuthParts): void {
  app.decorateRequest('visitor', null);
  app.addHook('onRequest', async (request) => {
    const found = findVisitor(request, parts);
    request.visitor = (await inTime(request, parts.clock, found)) ?? null;
  });
}

/** What the database is asked for a route, or `unavailable` where the route does not wait so long. */
export function inTime<T>(request: FastifyRequest, clock: Clock, asked: Promise<T>): Promise<T> {
  const { askMs } = request.routeOptions.config;
  const late = () => new AppError('unavailable', 'the database is too slow for this route');
  return askMs === undefined ? asked : within(clock, askMs, asked, late);
}

/** The visitor behind a request, by bearer token if there is one, otherwise by cookie. */
export async function findVisitor(
  request: FastifyRequest,
  parts: AuthParts,
  asked: 'by them' | 'by us' = 'by them',
): Promise<Visitor | undefined> {
  const bearer = bearerOf(request);
  if (bearer !== undefined) return findTokenVisitor(bearer, parts);
  const sessionToken = request.cookies[SESSION_COOKIE];
  if (!sessionToken) return undefined;
  const user = await findSessionUser(parts.sql, sessionToken, asked === 'by them');
  return user && { user, by: 'session', sessionToken };
}

/** Whether they still are who they were: for what stays open. That we look is no use of a session. */
export async function isStill(request: FastifyRequest, parts: AuthParts): Promise<boolean> {
  return (await findVisitor(request, parts, 'by us')) !== undefined;
}

/** Whose access token it is. */
export async function findTokenVisitor(
  token: string,
  { sql, clock, jwtSecret, publicUrl }: AuthParts,
): Promise<Visitor | undefined> {
  const expected = { iss: publicUrl, aud: TOKEN_AUDIENCE, nowMs: clock.now() };
  const claims = verifyToken(jwtSecret, token, expected);
  const familyId = claims?.['sid'];
  if (!claims || !isId(claims.sub) || typeof familyId !== 'string' || !isId(familyId)) {
    return undefined;
  }
  const user = await findFamilyUser(sql, familyId, claims.sub);
  return user && { user, by: 'token', familyId };
}

/** A hook: 401 unless somebody is signed in, 403 for a moderator who wants to change something. */
export async function requireUser(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const visitor = request.visitor;
  if (!visitor) {
    reply.header('www-authenticate', 'Bearer');
    throw notSignedIn(request);
  }
  const reads = request.method === 'GET' || request.method === 'HEAD';
  if (visitor.user.role === 'moderator' && !reads && !request.routeOptions.config.ownAccount) {
    throw new AppError('forbidden', 'a moderator writes nothing');
  }
}

/** A hook for sockets: 401 for a proof that does not hold. Who shows none shows it in the first message. */
export async function refuseWrongProof(request: FastifyRequest): Promise<void> {
  if (!request.visitor && shownBy(request) !== undefined) throw notSignedIn(request);
}

function notSignedIn(request: FastifyRequest): AppError {
  return new AppError('unauthorized', 'nobody is signed in', {
    publicMessage:
      shownBy(request) === undefined
        ? 'Authentication credentials were not provided.'
        : 'Invalid authentication credentials',
  });
}

function shownBy(request: FastifyRequest): string | undefined {
  return bearerOf(request) ?? (request.cookies[SESSION_COOKIE] || undefined);
}

/** A hook, after `requireUser`: 403 for everybody without one of these roles. */
export function requireRole(...roles: readonly Role[]) {
  return async (request: FastifyRequest): Promise<void> => {
    if (!roles.includes(userOf(request).role)) {
      throw new AppError('forbidden', `only for ${roles.join(' and ')}`);
    }
  };
}

/** Opens the API for `ACCESS_SECONDS`; at the same `atMs` it is the same token. */
export function signAccessToken(
  { jwtSecret, publicUrl }: Pick<AuthParts, 'jwtSecret' | 'publicUrl'>,
  { userId, familyId, atMs }: { userId: string; familyId: string; atMs: number },
): string {
  const iat = Math.floor(atMs / 1000);
  const exp = iat + ACCESS_SECONDS;
  const claims = { iss: publicUrl, aud: TOKEN_AUDIENCE, sub: userId, sid: familyId, iat, exp };
  return signToken(jwtSecret, claims);
}

/** Who asks, on routes that demand a user. */
export function userOf(request: FastifyRequest): User {
  return visitorOf(request).user;
}

/** The same with the proof they have shown. */
export function visitorOf(request: FastifyRequest): Visitor {
  if (!request.visitor) throw new AppError('unauthorized', 'nobody is signed in');
  return request.visitor;
}

/** Whose rows the user may see: their own, or with `ownerId` undefined everybody's. What is out of reach is a 404. */
export function reachOf(user: User): { readonly ownerId: string | undefined } {
  return { ownerId: user.role === 'user' ? user.id : undefined };
}

/** What was asked for, or the 404 that others' rows and unknown ids have in common. */
export function found<Row>(row: Row | undefined, publicMessage?: string): Row {
  if (row !== undefined) return row;
  throw new AppError('not_found', 'no such row in reach', publicMessage ? { publicMessage } : {});
}

/** The token of an `Authorization: Bearer` header; undefined without such a header. */
function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
}
