// A stand-in for Google's sign-in: a consent screen where any address will do, the exchange of its codes, and who that is.

import { createHash, timingSafeEqual } from 'node:crypto';
import { systemClock } from '../../src/lib/clock.ts';
import { newToken } from '../../src/lib/ids.ts';
import { html } from '../../src/lib/html.ts';
import { startStandIn } from '../stand-in-server.ts';
import type { Exchange, StandIn, StandInOptions } from '../stand-in-server.ts';

/** The one application that is registered. `key` is its secret. */
export const GOOGLE_CLIENT_ID = 'frontdesk-sandbox.apps.googleusercontent.com';

/** Google's own: a code is good for some minutes, an access token for an hour. */
const CODE_MS = 600_000;
const TOKEN_SECONDS = 3599;
/** Codes and tokens remembered; older ones are forgotten. */
const GRANTS_MAX = 1000;

const consentPaths = new Set(['/o/oauth2/v2/auth', '/o/oauth2/auth']);
const userinfoPaths = new Set(['/v1/userinfo', '/oauth2/v3/userinfo', '/oauth2/v2/userinfo']);

/** Somebody with a Google account. */
export interface GoogleAccount {
  readonly email: string;
  readonly name: string;
  /** True unless told. */
  readonly emailVerified?: boolean;
}

interface Grant {
  readonly account: GoogleAccount;
  readonly scope: string;
  readonly offline: boolean;
}

interface Code extends Grant {
  readonly redirectUri: string;
  readonly challenge: string | null;
  readonly madeMs: number;
}

export interface GoogleStandIn extends StandIn {
  /** What somebody who allows is sent back to, as if they had pressed the button. Throws on a request Google would refuse. */
  consent(authorizationUrl: string, account: GoogleAccount): string;
}

/** `url` in place of Google's hosts. Wire: Google "OpenID Connect" and "Using OAuth 2.0 for Web Server Applications". */
export async function startGoogle(options: StandInOptions): Promise<GoogleStandIn> {
  const { clock = systemClock } = options;
  const codes = new Map<string, Code>();
  const accessTokens = new Map<string, Grant>();
  const refreshTokens = new Map<string, Grant>();

  const standIn = await startStandIn({
    ...options,
    refuse: () => undefined,
    refusal: (status) => ({ status, body: { error: 'server_error' } }),
    respond(exchange) {
      const { request, url } = exchange;
      const { pathname } = url;
      if (consentPaths.has(pathname)) {
        return request.method === 'POST' ? decide(exchange) : ask(exchange);
      }
      if (request.method === 'POST' && pathname === '/token') return token(exchange);
      if (request.method === 'POST' && pathname === '/revoke') return revoke(exchange);
      if (request.method === 'GET' && userinfoPaths.has(pathname)) return userinfo(exchange);
      return undefined;
    },
  });
  return {
    ...standIn,
    consent(authorizationUrl, account) {
      const url = new URL(authorizationUrl);
      const fault = faultOf(url);
      if (fault !== undefined) throw new Error(fault);
      return allow(url, account, clock.elapsed());
    },
  };

  async function ask({ url, response, answer }: Exchange): Promise<void> {
    const fault = faultOf(url);
    if (fault !== undefined) return answer({ status: 400, body: `Error 400: ${fault}` });
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(consentPage(url));
  }

  /** The form has come back: to the application with a code, or with the refusal. */
  async function decide({ url, body, response, answer }: Exchange): Promise<void> {
    const form = new URLSearchParams(await body());
    const fault = faultOf(url);
    if (fault !== undefined) return answer({ status: 400, body: `Error 400: ${fault}` });
    const email = form.get('email') ?? '';
    const allowed = form.get('decision') === 'allow' && email.includes('@');
    const back = allowed
      ? allow(url, { email, name: form.get('name') || email }, clock.elapsed())
      : backTo(url, { error: 'access_denied' });
    response.writeHead(302, { location: back });
    response.end();
  }

  function allow(url: URL, account: GoogleAccount, madeMs: number): string {
    const code = `4/0A${newToken()}`;
    remember(codes, code, {
      account,
      scope: url.searchParams.get('scope') ?? '',
      offline: url.searchParams.get('access_type') === 'offline',
      redirectUri: url.searchParams.get('redirect_uri') ?? '',
      challenge: url.searchParams.get('code_challenge'),
      madeMs,
    });
    return backTo(url, { code });
  }

  async function token({ request, body, answer }: Exchange): Promise<void> {
    const form = new URLSearchParams(await body());
    const [id, secret] = basic(request.headers.authorization) ?? [
      form.get('client_id'),
      form.get('client_secret'),
    ];
    if (id !== GOOGLE_CLIENT_ID || !same(secret ?? '', options.key)) {
      return answer(refusal(401, 'invalid_client', 'Unauthorized'));
    }
    const type = form.get('grant_type');
    if (type === 'refresh_token') {
      const grant = refreshTokens.get(form.get('refresh_token') ?? '');
      if (!grant)
        return answer(refusal(400, 'invalid_grant', 'Token has been expired or revoked.'));
      return answer({ status: 200, body: tokens(grant) });
    }
    if (type !== 'authorization_code') {
      return answer(refusal(400, 'unsupported_grant_type', `Invalid grant_type: ${type ?? ''}`));
    }
    const given = form.get('code') ?? '';
    const code = codes.get(given);
    // One use, whether it succeeds or not.
    codes.delete(given);
    if (!code || clock.elapsed() - code.madeMs > CODE_MS) {
      return answer(refusal(400, 'invalid_grant', 'Malformed auth code.'));
    }
    if (code.redirectUri !== form.get('redirect_uri')) {
      return answer(refusal(400, 'redirect_uri_mismatch', 'Bad Request'));
    }
    const verifier = form.get('code_verifier') ?? '';
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    if (code.challenge !== null && code.challenge !== challenge) {
      return answer(refusal(400, 'invalid_grant', 'Invalid code verifier.'));
    }
    const refreshToken = code.offline ? `1//0${newToken()}` : undefined;
    if (refreshToken !== undefined) remember(refreshTokens, refreshToken, code);
    return answer({
      status: 200,
      body: { ...tokens(code), ...(refreshToken && { refresh_token: refreshToken }) },
    });
  }

  function tokens(grant: Grant) {
    const accessToken = `ya29.${newToken()}`;
    remember(accessTokens, accessToken, grant);
    return {
      access_token: accessToken,
      expires_in: TOKEN_SECONDS,
      scope: grant.scope,
      token_type: 'Bearer',
    };
  }

  async function userinfo({ request, answer }: Exchange): Promise<void> {
    const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const grant = accessTokens.get(given);
    if (!grant) return answer(refusal(401, 'invalid_request', 'Invalid Credentials'));
    const { email, name, emailVerified = true } = grant.account;
    const digits = createHash('sha256').update(email).digest().readBigUInt64BE().toString();
    return answer({
      status: 200,
      body: { sub: digits.padStart(21, '1'), name, email, email_verified: emailVerified },
    });
  }

  async function revoke({ url, body, answer }: Exchange): Promise<void> {
    const given = url.searchParams.get('token') ?? new URLSearchParams(await body()).get('token');
    const grant = refreshTokens.get(given ?? '') ?? accessTokens.get(given ?? '');
    if (!grant) return answer(refusal(400, 'invalid_token', 'Token expired or revoked'));
    for (const kept of [refreshTokens, accessTokens]) {
      for (const [name, each] of kept) {
        if (each.account.email === grant.account.email) kept.delete(name);
      }
    }
    return answer({ status: 200, body: {} });
  }
}

/** What Google's screen would say instead of asking. */
function faultOf({ searchParams }: URL): string | undefined {
  if (searchParams.get('client_id') !== GOOGLE_CLIENT_ID) return 'invalid_client';
  if (searchParams.get('response_type') !== 'code') return 'unsupported_response_type';
  const redirectUri = searchParams.get('redirect_uri') ?? '';
  if (!URL.canParse(redirectUri) || !/^https?:$/.test(new URL(redirectUri).protocol)) {
    return 'redirect_uri_mismatch';
  }
  if (!searchParams.get('scope')) return 'invalid_scope';
  const method = searchParams.get('code_challenge_method');
  if (searchParams.has('code_challenge') && method !== 'S256') return 'invalid_request';
  return undefined;
}

function backTo({ searchParams }: URL, answer: Readonly<Record<string, string>>): string {
  const back = new URL(searchParams.get('redirect_uri') ?? '');
  for (const [name, value] of Object.entries(answer)) back.searchParams.set(name, value);
  const state = searchParams.get('state');
  if (state !== null) back.searchParams.set('state', state);
  return back.href;
}

function consentPage({ searchParams, pathname, search }: URL): string {
  const hint = searchParams.get('login_hint') ?? 'owner@demo.frontdesk.example';
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>Sign in (sandbox)</title>
      </head>
      <body>
        <h1>Sign in to Frontdesk</h1>
        <p>This stands in for Google's consent screen. Any address will do.</p>
        <form method="post" action="${pathname}${search}">
          <p>
            <label>E-mail address <input name="email" type="email" value="${hint}" /></label>
          </p>
          <p>
            <label>Name <input name="name" value="Demo Owner" /></label>
          </p>
          <p>It asks for: ${searchParams.get('scope') ?? ''}</p>
          <button name="decision" value="allow">Allow</button>
          <button name="decision" value="deny">Deny</button>
        </form>
      </body>
    </html>`.toString();
}

function refusal(status: number, error: string, description: string) {
  return { status, body: { error, error_description: description } };
}

function basic(header: string | undefined): [string, string] | undefined {
  const encoded = /^Basic (.+)$/.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [id = '', secret = ''] = Buffer.from(encoded, 'base64').toString().split(':');
  return [id, secret];
}

function same(given: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(right));
}

function remember<Value>(kept: Map<string, Value>, name: string, value: Value): void {
  kept.set(name, value);
  if (kept.size <= GRANTS_MAX) return;
  for (const oldest of kept.keys()) {
    kept.delete(oldest);
    return;
  }
}
