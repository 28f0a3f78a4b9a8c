// Logging in and out: browsers with a cookie, programs with tokens.

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { AppError } from '../../../lib/errors.ts';
import { isId, newId } from '../../../lib/ids.ts';
import type { Log } from '../../../lib/log.ts';
import { hashPassword, passwordFaults } from '../../../lib/passwords.ts';
import { revokeFamilyById, revokeFamilyOf } from '../../../store/accounts/refresh-tokens.ts';
import { deleteSession } from '../../../store/accounts/sessions.ts';
import { createUser, findActiveUser, isEmailTaken } from '../../../store/accounts/users.ts';
import { requireUser, userOf, visitorOf } from '../../identity/auth.ts';
import type { User } from '../../identity/auth.ts';
import { endpointRates } from '../../every-request/endpoint-rates.ts';
import { rateLimits, refuse, tellLimit } from '../../every-request/rate-limit.ts';
import { Message, errors, open, signedIn } from '../../schemas/schemas.ts';
import {
  checkPassword,
  clearSession,
  refreshTokens,
  startSession,
  startTokens,
} from '../../identity/sign-in.ts';
import type { SignInParts, TokenPair } from '../../identity/sign-in.ts';
import {
  PASSWORD_GIVEN_MAX,
  UserAnswer,
  displayName,
  email,
  userAnswer,
} from '../../schemas/user-schemas.ts';
import { faultsOf } from '../../every-request/validation.ts';

export interface SessionParts extends SignInParts {
  readonly log: Log;
}

const RefreshToken = Type.Object(
  { refresh_token: Type.String({ minLength: 1, maxLength: 1000 }) },
  { examples: [{ refresh_token: 'r_5Jm8w0Vf3nQ' }] },
);
const tags = ['Signing in'];
const password = Type.String({ maxLength: PASSWORD_GIVEN_MAX, examples: ['securepass123'] });

const Registration = Type.Object({ email, password, display_name: displayName });
const Credentials = Type.Object({
  email: Type.String({
    minLength: 1,
    maxLength: 320,
    description: 'The e-mail address or the username.',
    examples: ['user@example.com'],
  }),
  password,
});

const nullableText = Type.Optional(Type.Union([Type.String({ maxLength: 1000 }), Type.Null()]));
const TokenLogin = Type.Object(
  { username: nullableText, password: nullableText, user_id: nullableText },
  { examples: [{ username: 'owner@example.com', password: 'four words of mine' }] },
);

const Tokens = Type.Object({
  access_token: Type.String(),
  refresh_token: Type.String(),
  token_type: Type.Literal('bearer'),
  expires_in: Type.Integer({ description: 'Seconds.', examples: [3600] }),
});

/** contracts/voice-agent-api.md "Django Authentication API", contracts/gateway-api.md "Authentication". */
export function sessionRoutes(parts: SessionParts): FastifyPluginAsyncTypebox {
  const { sql, clock, log, limiter } = parts;

  return async (app) => {
    app.post(
      '/api/auth/register',
      {
        attachValidation: true,
        schema: {
          tags,
          summary: 'Register',
          description: `Makes an account and logs the browser in. An address, of IPv6 a network of 64 bits, has ${rateLimits.registrations} tries an hour.`,
          security: open,
          body: Registration,
          response: { 201: UserAnswer, ...errors() },
        },
      },
      async (request, reply) => {
        const given = (request.body ?? {}) as Partial<Record<string, unknown>>;
        const text = (name: string) => (typeof given[name] === 'string' ? given[name] : '');
        const faults = { ...faultsOf(request.validationError) };
        if (request.validationError && Object.keys(faults).length === 0) {
          throw request.validationError;
        }
        if (faults['body']) throw invalid(faults);
        if (!faults['password']) {
          const address = text('email');
          const own = [address, address.split('@')[0] ?? '', text('display_name')];
          const wrong = await passwordFaults(text('password'), own);
          if (wrong.length > 0) faults['password'] = wrong;
        }
        if (!faults['email']) {
          const verdict = await limiter.takeRegistration(request.ip);
          if (!verdict.allowed) {
            tellLimit(reply, verdict, clock);
            return refuse(reply, verdict);
          }
          if (await isEmailTaken(sql, text('email'))) faults['email'] = [TAKEN];
        }
        if (Object.keys(faults).length > 0) throw invalid(faults);
        const user = await createUser(sql, {
          id: newId(clock.now()),
          email: text('email'),
          name: text('display_name').trim(),
          role: 'user',
          passwordHash: await hashPassword(text('password')),
        });
        if (!user) throw invalid({ email: [TAKEN] });
        await startSession(request, reply, parts, user.id);
        return reply.code(201).send(userAnswer(user));
      },
    );

    app.post(
      '/api/auth/login',
      {
        schema: {
          tags,
          summary: 'Log in with a cookie',
          security: open,
          body: Credentials,
          response: { 200: UserAnswer, ...errors(401) },
        },
      },
      async (request, reply) => {
        const { email: login, password: given } = request.body;
        const user = await checkPassword(request, reply, parts, { login, password: given });
        if (user === 'refused') return reply;
        if (!user) throw wrongCredentials();
        await startSession(request, reply, parts, user.id);
        return userAnswer(user);
      },
    );

    app.post(
      '/api/auth/logout',
      {
        config: { ownAccount: true },
        onRequest: requireUser,
        schema: {
          tags,
          summary: 'Log out',
          description: 'Ends the session of the cookie, or the login that the token belongs to.',
          security: signedIn,
          response: { 200: Message, ...errors(401) },
        },
      },
      async (request, reply) => {
        const visitor = visitorOf(request);
        if (visitor.by === 'session') await deleteSession(sql, visitor.sessionToken);
        else await revokeFamilyById(sql, visitor.familyId);
        clearSession(reply, parts);
        return { message: 'Logged out successfully' };
      },
    );

    app.get(
      '/api/auth/me',
      {
        schema: {
          tags,
          summary: 'Who am I?',
          security: [...signedIn, ...open],
          response: {
            200: UserAnswer,
            ...errors(),
            401: Type.Object({ authenticated: Type.Literal(false) }),
          },
        },
      },
      async (request, reply) => {
        const user = request.visitor?.user;
        if (!user) return reply.code(401).send({ authenticated: false });
        return userAnswer(user);
      },
    );

    app.post(
      '/auth/login',
      {
        config: { rate: endpointRates.default },
        schema: {
          tags,
          summary: 'Log in with tokens',
          description:
            'With username (or e-mail address, or user_id) and password; or, for those who are signed in already, with ' +
            'their own user_id. An administrator may name another user.',
          security: [...signedIn, ...open],
          body: TokenLogin,
          response: { 200: Tokens, ...errors(401, 403, 404) },
        },
      },
      async (request, reply) => {
        const { username, password: given, user_id: userId } = request.body;
        if (!given) {
          const who = await named(request.visitor?.user, userId);
          return tokensAnswer(await startTokens(parts, who));
        }
        const login = username || (userId && (await loginOf(userId)));
        if (!login) throw invalid({ username: ['This field is required.'] });
        const user = await checkPassword(request, reply, parts, { login, password: given });
        if (user === 'refused') return reply;
        if (!user || (!username && user.id !== userId)) throw wrongCredentials();
        return tokensAnswer(await startTokens(parts, await named(user, userId)));
      },
    );

    app.post(
      '/admin/auth/login',
      {
        config: { rate: endpointRates.default },
        schema: {
          tags,
          summary: 'Log in as an administrator',
          security: open,
          body: Type.Object({
            username: Type.String({ minLength: 1, maxLength: 320 }),
            password,
          }),
          response: { 200: Tokens, ...errors(401, 403) },
        },
      },
      async (request, reply) => {
        const { username: login, password: given } = request.body;
        const user = await checkPassword(request, reply, parts, { login, password: given });
        if (user === 'refused') return reply;
        if (!user) throw wrongCredentials();
        if (user.role === 'user') throw new AppError('forbidden', 'not an administrator');
        return tokensAnswer(await startTokens(parts, user.id));
      },
    );

    app.post(
      '/auth/refresh',
      {
        config: { rate: endpointRates.default },
        schema: {
          tags,
          summary: 'Refresh an access token',
          description:
            'Each refresh token is good once; the answer has the next. One that is used again ends the whole login.',
          security: open,
          body: RefreshToken,
          response: { 200: Tokens, ...errors(401) },
        },
      },
      async (request) => tokensAnswer(await refreshTokens(parts, request.body.refresh_token)),
    );

    app.post(
      '/auth/logout',
      {
        config: { ownAccount: true, rate: endpointRates.default },
        schema: {
          tags,
          summary: 'Revoke a refresh token',
          description: 'Ends the login it belongs to, access tokens included.',
          security: open,
          body: RefreshToken,
          response: { 200: Message, ...errors() },
        },
      },
      async (request) => {
        await revokeFamilyOf(sql, request.body.refresh_token);
        return { message: 'Logged out successfully' };
      },
    );

    app.post(
      '/auth/token',
      {
        config: { ownAccount: true, rate: endpointRates.default },
        onRequest: requireUser,
        schema: {
          tags,
          summary: 'An access token for who is signed in',
          description: 'An administrator may name another user.',
          security: signedIn,
          querystring: Type.Object({ user_id: Type.Optional(Type.String({ maxLength: 100 })) }),
          response: {
            200: Type.Object({
              access_token: Type.String({ examples: ['eyJhbGciOiJIUzI1NiJ9.e30.c2ln'] }),
              token_type: Type.Literal('bearer'),
            }),
            ...errors(401, 403, 404),
          },
        },
      },
      async (request) => {
        const userId = await named(userOf(request), request.query.user_id);
        const { accessToken } = await startTokens(parts, userId);
        return { access_token: accessToken, token_type: 'bearer' as const };
      },
    );
  };

  /** By what an account can log in; what names nobody is looked for all the same, which takes as long. */
  async function loginOf(userId: string): Promise<string> {
    const user = isId(userId) ? await findActiveUser(sql, userId) : undefined;
    return user?.email ?? user?.username ?? userId;
  }

  /** Whom somebody who has shown who they are may have a token for: themselves, an administrator any active user. */
  async function named(user: User | undefined, userId: string | null | undefined): Promise<string> {
    if (!user) throw wrongCredentials();
    if (!userId || userId === user.id) return user.id;
    if (user.role !== 'admin') throw new AppError('forbidden', 'a token for somebody else');
    const other = isId(userId) ? await findActiveUser(sql, userId) : undefined;
    if (!other) throw new AppError('not_found', 'no such active user');
    log.info('an administrator took a token of another user', { by: user.id, userId: other.id });
    return other.id;
  }
}

const TAKEN = 'User with this email already exists.';
function invalid(fields: Readonly<Record<string, readonly string[]>>): AppError {
  return new AppError('invalid', 'the request is not valid', { fields });
}

function wrongCredentials(): AppError {
  return new AppError('unauthorized', 'wrong credentials', {
    publicMessage: 'Invalid credentials',
  });
}

function tokensAnswer({ accessToken, refreshToken, expiresSeconds }: TokenPair) {
  return {
    access_token: accessToken,
    refresh_token: refreshToken,
    token_type: 'bearer' as const,
    expires_in: expiresSeconds,
  };
}
