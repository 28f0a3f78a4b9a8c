// Signing in with Google: to the consent screen and back, for browsers and for programs.

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { AppError } from '../../../lib/errors.ts';
import { html } from '../../../lib/html.ts';
import { newId, newToken } from '../../../lib/ids.ts';
import type { Log } from '../../../lib/log.ts';
import { deriveSecret } from '../../../lib/secrets.ts';
import { replacePassword } from '../../../store/accounts/credentials.ts';
import { saveOauthState, useOauthState } from '../../../store/accounts/oauth-states.ts';
import {
  createUser,
  findGoogleUser,
  findLogin,
  linkGoogle,
} from '../../../store/accounts/users.ts';
import type { User } from '../../../store/accounts/users.ts';
import { tellLimit } from '../../every-request/rate-limit.ts';
import type { Google, GoogleIdentity } from '../../identity/google-identity.ts';
import { Id, errors, nullable, open } from '../../schemas/schemas.ts';
import { cookieRules, startSession, startTokens } from '../../identity/sign-in.ts';
import type { SignInParts } from '../../identity/sign-in.ts';

/** The cookie that tells the browser that left from another. */
const BROWSER_COOKIE = 'google_sign_in';
const BROWSER_SECONDS = 600;
const PATH = '/auth/google';
const CALLBACK = '/auth/google/callback';

export interface GoogleSignInParts extends SignInParts {
  readonly log: Log;
  /** Undefined where no client id is configured. */
  readonly google: Google | undefined;
}

const tags = ['Signing in'];
const state = Type.String({ minLength: 1, maxLength: 200 });
const code = Type.String({ minLength: 1, maxLength: 2000 });

const SignedIn = Type.Object({
  access_token: Type.String(),
  token_type: Type.Literal('Bearer'),
  expires_in: Type.Integer(),
  refresh_token: Type.String(),
  user: Type.Object({ id: Id, email: nullable(Type.String()), name: Type.String() }),
});

/** contracts/frontdesk-api.md "Authentication". */
export function googleSignInRoutes(parts: GoogleSignInParts): FastifyPluginAsyncTypebox {
  const { sql, clock, log, jwtSecret, publicUrl } = parts;
  const verifierOf = (given: string) => deriveSecret(jwtSecret, 'google sign-in', given);
  const browserRules = { ...cookieRules(publicUrl), path: PATH };

  return async (app) => {
    app.post(
      '/auth/google/initiate',
      {
        schema: {
          tags,
          summary: 'Sign in with Google',
          description:
            'Gives the address of the consent screen. What comes back is good once, for ten minutes, and, where a page ' +
            'asked, only for the browser that asked.',
          security: open,
          response: {
            200: Type.Object({
              authorization_url: Type.String({
                examples: ['https://accounts.google.com/o/oauth2/v2/auth?state=kq3v'],
              }),
              state: Type.String({ examples: ['kq3v'] }),
            }),
            ...errors(503),
          },
        },
      },
      async (request, reply) => {
        const google = configured();
        const given = newToken();
        const browser = newToken();
        const { origin, 'sec-fetch-site': site } = request.headers;
        const bound = origin !== undefined || site !== undefined;
        await saveOauthState(sql, { state: given, browser, bound });
        reply.setCookie(BROWSER_COOKIE, browser, { ...browserRules, maxAge: BROWSER_SECONDS });
        return { authorization_url: google.consentUrl(given, verifierOf(given)), state: given };
      },
    );

    app.post(
      CALLBACK,
      {
        schema: {
          tags,
          summary: 'Finish signing in with Google, for programs',
          security: open,
          body: Type.Object({ code, state }, { examples: [{ code: '4/0AX4XfWh', state: 'kq3v' }] }),
          response: { 200: SignedIn, ...errors(401, 403, 502, 503) },
        },
      },
      async (request, reply) => {
        const user = await identified(request, reply, request.body, false);
        return tokensFor(user);
      },
    );

    app.get(
      CALLBACK,
      {
        schema: {
          tags,
          summary: 'Finish signing in with Google, for browsers',
          description:
            'Ends in the dashboard, or with `Accept: application/json` in the token that the POST gives.',
          security: open,
          querystring: Type.Object({
            code: Type.Optional(code),
            state: Type.Optional(state),
            error: Type.Optional(Type.String({ maxLength: 200 })),
          }),
          response: {
            200: SignedIn,
            303: { description: 'To the dashboard.', type: 'null' },
            ...errors(401, 403, 502, 503),
          },
        },
      },
      async (request, reply) => {
        const asJson = (request.headers.accept ?? '').includes('application/json');
        try {
          const { code: given, state: from } = request.query;
          if (given === undefined || from === undefined) throw refused();
          const user = await identified(request, reply, { code: given, state: from }, !asJson);
          if (asJson) return await tokensFor(user);
          await startSession(request, reply, parts, user.id);
        } catch (error) {
          if (asJson || !(error instanceof AppError)) throw error;
          log.info('sign-in with google failed', { code: error.code });
          return reply
            .code(error.status as 200)
            .type('text/html; charset=utf-8')
            .serializer((page: string) => page)
            .send(failurePage(error.publicMessage) as never);
        }
        return reply.redirect('/', 303);
      },
    );
  };

  function configured(): Google {
    if (parts.google) return parts.google;
    throw new AppError('not_configured', 'no google client', {
      publicMessage: 'Sign-in with Google is not configured: GOOGLE_CLIENT_ID is missing.',
    });
  }

  /** The user behind code and state. `browserNeeded`: the answer logs in whatever browser brings them. */
  async function identified(
    request: FastifyRequest,
    reply: FastifyReply,
    given: { code: string; state: string },
    browserNeeded: boolean,
  ): Promise<User> {
    const google = configured();
    const browser = request.cookies[BROWSER_COOKIE];
    if (!(await useOauthState(sql, given.state, { browser, browserNeeded }))) throw refused();
    reply.clearCookie(BROWSER_COOKIE, browserRules);
    const identity = await google.identify(given.code, verifierOf(given.state));
    return userFor(identity, () => countRegistration(request, reply));
  }

  /** An account is an account, whichever way it is made. Throws `too_many`. */
  async function countRegistration(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const verdict = await parts.limiter.takeRegistration(request.ip);
    if (verdict.allowed) return;
    tellLimit(reply, verdict, clock);
    throw new AppError('too_many', 'too many accounts are made from one network', {
      publicMessage: 'Too many accounts have been made from here. Please try again later.',
      retrySeconds: Math.max(1, Math.ceil(verdict.waitMs / 1000)),
    });
  }

  /**
   * The account of this subject; or of this address, from now on; or a new one. Who registered the address before it was
   * proved to be theirs loses their password and sessions: it may have been somebody who was waiting for the owner.
   */
  async function userFor(
    identity: GoogleIdentity,
    countRegistration: () => Promise<void>,
  ): Promise<User> {
    const { subject, email, emailVerified, name } = identity;
    const known = await findGoogleUser(sql, subject);
    if (known) return allowed(known);
    if (!emailVerified) {
      throw new AppError('forbidden', 'an address that google has not verified', {
        publicMessage: 'Google has not verified this e-mail address.',
      });
    }
    const sameAddress = await findLogin(sql, email);
    if (sameAddress && sameAddress.email?.toLowerCase() === email.toLowerCase()) {
      const user = allowed(sameAddress);
      if (!(await linkGoogle(sql, user.id, subject))) {
        throw new AppError('forbidden', 'the address belongs to another google account', {
          publicMessage: 'This e-mail address signs in with another Google account.',
        });
      }
      if (user.role === 'user') await replacePassword(sql, user.id, null, {});
      return user;
    }
    await countRegistration();
    const id = newId(clock.now());
    const user = await createUser(sql, {
      id,
      email,
      name: name.slice(0, 200),
      role: 'user',
      googleSubject: subject,
    });
    if (!user) throw new AppError('conflict', 'the address was taken meanwhile');
    return user;
  }

  async function tokensFor(user: User) {
    const { accessToken, refreshToken, expiresSeconds } = await startTokens(parts, user.id);
    return {
      access_token: accessToken,
      token_type: 'Bearer' as const,
      expires_in: expiresSeconds,
      refresh_token: refreshToken,
      user: { id: user.id, email: user.email, name: user.name },
    };
  }
}

function allowed(user: User & { readonly mayLogIn: boolean }): User {
  if (user.mayLogIn) return user;
  throw new AppError('unauthorized', 'a blocked or inactive user', {
    publicMessage: 'Invalid credentials',
  });
}

function refused(): AppError {
  return new AppError('invalid', 'a state that is not good, or no code', {
    publicMessage: 'This sign-in has expired or was started elsewhere. Please try again.',
  });
}

function failurePage(message: string): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>Sign-in failed</title>
      </head>
      <body>
        <h1>Sign-in failed</h1>
        <p>${message}</p>
        <p><a href="/">Back</a></p>
      </body>
    </html>`.toString();
}
