// What a proof of identity turns into: a cookie session for a browser, a pair of tokens for a program.

import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../lib/errors.ts';
import { newId, newToken } from '../../lib/ids.ts';
import { verifyPassword } from '../../lib/passwords.ts';
import { deriveSecret } from '../../lib/secrets.ts';
import { createTokenFamily, useRefreshToken } from '../../store/accounts/refresh-tokens.ts';
import { SESSION_SECONDS, createSession, deleteSession } from '../../store/accounts/sessions.ts';
import { findLogin } from '../../store/accounts/users.ts';
import type { User } from '../../store/accounts/users.ts';
import { ACCESS_SECONDS, SESSION_COOKIE, signAccessToken } from './auth.ts';
import type { AuthParts } from './auth.ts';
import { networkOf, refuse, tellLimit } from '../every-request/rate-limit.ts';
import type { RateLimiter } from '../every-request/rate-limit.ts';

/** Guesses at one account from everywhere, for each allowed from one place: a botnet has many places. */
const ACCOUNT_LOGINS_FACTOR = 10;

export interface SignInParts extends AuthParts {
  readonly limiter: RateLimiter;
}

export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresSeconds: number;
}

/** Logs the browser in under a new id, whatever id it came with. */
export async function startSession(
  request: FastifyRequest,
  reply: FastifyReply,
  { sql, publicUrl }: SignInParts,
  userId: string,
): Promise<void> {
  const before = request.cookies[SESSION_COOKIE];
  if (before) await deleteSession(sql, before);
  const token = await createSession(sql, userId);
  reply.setCookie(SESSION_COOKIE, token, {
    ...cookieRules(publicUrl),
    maxAge: SESSION_SECONDS,
  });
}

export function clearSession(reply: FastifyReply, { publicUrl }: SignInParts): void {
  reply.clearCookie(SESSION_COOKIE, cookieRules(publicUrl));
}

/** Out of reach for scripts and other sites; over HTTPS only, where there is HTTPS. */
export function cookieRules(publicUrl: string) {
  return {
    path: '/',
    httpOnly: true,
    sameSite: 'lax' as const,
    secure: publicUrl.startsWith('https:'),
  };
}

/** Starts a family of tokens. */
export async function startTokens(parts: SignInParts, userId: string): Promise<TokenPair> {
  const { sql, clock } = parts;
  const familyId = newId(clock.now());
  const refreshToken = newToken();
  await createTokenFamily(sql, { id: familyId, userId, token: refreshToken });
  const accessToken = signAccessToken(parts, { userId, familyId, atMs: clock.now() });
  return { accessToken, refreshToken, expiresSeconds: ACCESS_SECONDS };
}

/**
 * The next pair; throws `unauthorized` for a token that is not good. Both of two that race get the very same pair: it
 * follows from the token and the moment of its first use, so nothing secret is stored for it.
 */
export async function refreshTokens(parts: SignInParts, token: string): Promise<TokenPair> {
  const successor = deriveSecret(parts.jwtSecret, 'refresh token', token);
  const refreshed = await useRefreshToken(parts.sql, token, successor);
  if (!refreshed) throw new AppError('unauthorized', 'a refresh token that is not good');
  const { user, familyId, usedAt } = refreshed;
  const accessToken = signAccessToken(parts, {
    userId: user.id,
    familyId,
    atMs: usedAt.getTime(),
  });
  return { accessToken, refreshToken: successor, expiresSeconds: ACCESS_SECONDS };
}

/**
 * The user with this name or address and password. Undefined, always after the same time, when there is none or they may
 * not log in; 'refused' when the answer has gone out already, because it was tried too often.
 */
export async function checkPassword(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: SignInParts,
  { login, password }: { login: string; password: string },
): Promise<User | undefined | 'refused'> {
  const { limiter, clock, sql } = parts;
  const { logins } = limiter.limits;
  const account = createHash('sha256').update(login.toLowerCase().normalize()).digest('base64url');
  const here = { key: `login:${account}:${networkOf(request.ip)}`, limit: logins };
  const anywhere = { key: `login:${account}`, limit: logins * ACCOUNT_LOGINS_FACTOR };
  for (const { key, limit } of [here, anywhere]) {
    const verdict = await limiter.take(key, limit);
    if (verdict.allowed) continue;
    tellLimit(reply, verdict, clock);
    await refuse(reply, verdict);
    return 'refused';
  }
  const found = await findLogin(sql, login);
  const right = await verifyPassword(password, found?.passwordHash ?? null);
  if (!found || !right || !found.mayLogIn) return undefined;
  // Only failures count: whoever knows the password is not guessing.
  for (const { key } of [here, anywhere]) limiter.giveBack(key);
  const { passwordHash: _hash, mayLogIn: _may, ...user } = found;
  return user;
}
