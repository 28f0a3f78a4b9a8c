// A stand-in for Google: a consent screen where any address will do, tokens, who that is, and the calendars of them all.

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { systemClock } from '../../../src/lib/clock.ts';
import { newToken } from '../../../src/lib/ids.ts';
import { html } from '../../../src/lib/html.ts';
import { startStandIn } from '../../stand-in-server.ts';
import type { Exchange, StandIn, StandInOptions } from '../../stand-in-server.ts';
import { googleCalendars, googleRefusal } from './google-calendar.ts';
import type { GoogleCalendars } from './google-calendar.ts';
import { keepDiaries } from './google-keeping.ts';
import { ServiceAccounts } from './google-service-accounts.ts';
import type { ServiceAccountFile } from './google-service-accounts.ts';

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
  /**
   * What somebody who allows is sent back to, as if they had pressed the button; with `scope` they allow no more than
   * that. Throws on a request Google would refuse.
   */
  consent(authorizationUrl: string, account: GoogleAccount, scope?: string): string;
  /** A calendar by its id: the address of an account, or any other id that belongs to one. */
  readonly diary: GoogleCalendars['diary'];
  /** Calls `act` before each request that it matches is carried out: a rival, or somebody with a telephone. */
  onRequest(act: (what: string) => void | Promise<void>): void;
  /** The key file of a new service account. */
  serviceAccount(name: string): ServiceAccountFile;
  /** Makes all tokens of an account worthless, as its owner can at Google. */
  revokeAll(email: string): void;
  /** Lets the access tokens run out; the refresh tokens stay good. */
  expireAccessTokens(): void;
}

export interface GoogleOptions extends StandInOptions {
  /** Of calendars that say nothing else. */
  readonly timeZone?: string;
  /** Where events are kept for the next start; without it they are forgotten. */
  readonly file?: string | undefined;
}

/** `url` in place of Google's hosts. Wire: Google "OpenID Connect" and "Using OAuth 2.0 for Web Server Applications". */
export async function startGoogle(options: GoogleOptions): Promise<GoogleStandIn> {
  const { clock = systemClock } = options;
  const codes = new Map<string, Code>();
  const accessTokens = new Map<string, Grant>();
  /** When an account's tokens were revoked. All newer ones that we have signed are good, after a restart as well. */
  const revokedMs = new Map<string, number>();
  const watchers = new Set<(what: string) => void | Promise<void>>();
  const serviceAccounts = new ServiceAccounts(() => standIn.url);
  const calendars = googleCalendars({
    now: () => clock.now(),
    timeZone: options.timeZone ?? 'America/New_York',
    bearerOf(authorization) {
      const grant = accessTokens.get(/^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '');
      return grant && { email: grant.account.email, scope: grant.scope };
    },
    changed: () => kept?.save(),
  });
  const kept = options.file === undefined ? undefined : keepDiaries(options.file, calendars);

  const standIn: StandIn = await startStandIn({
    ...options,
    refuse: () => undefined,
    refusal: faultOfGoogle,
    async respond(exchange) {
      const { request, url } = exchange;
      const { pathname } = url;
      for (const watch of watchers) await watch(`${request.method} ${pathname}`);
      if (consentPaths.has(pathname)) {
        return request.method === 'POST' ? decide(exchange) : ask(exchange);
      }
      if (request.method === 'POST' && pathname === '/token') return token(exchange);
      if (request.method === 'POST' && pathname === '/revoke') return revoke(exchange);
      if (request.method === 'GET' && userinfoPaths.has(pathname)) return userinfo(exchange);
      if (pathname === '/_sandbox/service-account.json') {
        return exchange.answer({ status: 200, body: serviceAccounts.create('sandbox') });
      }
      return (
        calendars.respond(exchange) ??
        exchange.answer(googleRefusal({ status: 404, reason: 'notFound', message: 'Not Found' }))
      );
    },
  });
  return {
    ...standIn,
    consent(authorizationUrl, account, scope) {
      const url = new URL(authorizationUrl);
      const fault = faultOf(url);
      if (fault !== undefined) throw new Error(fault);
      return allow(url, account, clock.elapsed(), scope);
    },
    diary: (id, made) => calendars.diary(id, made),
    onRequest(act) {
      watchers.add(act);
    },
    serviceAccount: (name) => serviceAccounts.create(name),
    revokeAll,
    expireAccessTokens: () => accessTokens.clear(),
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

  function allow(url: URL, account: GoogleAccount, madeMs: number, scope?: string): string {
    const code = `4/0A${newToken()}`;
    remember(codes, code, {
      account,
      scope: scope ?? url.searchParams.get('scope') ?? '',
      offline: url.searchParams.get('access_type') === 'offline',
      redirectUri: url.searchParams.get('redirect_uri') ?? '',
      challenge: url.searchParams.get('code_challenge'),
      madeMs,
    });
    return backTo(url, { code });
  }

  async function token({ request, body, answer }: Exchange): Promise<void> {
    const form = new URLSearchParams(await body());
    const type = form.get('grant_type');
    if (type === 'urn:ietf:params:oauth:grant-type:jwt-bearer') {
      const claims = serviceAccounts.verify(form.get('assertion') ?? '', clock.now());
      if (!claims) return answer(refusal(400, 'invalid_grant', 'Invalid JWT Signature.'));
      const account = { email: claims.sub ?? claims.iss, name: claims.iss };
      return answer({
        status: 200,
        body: tokens({ account, scope: claims.scope, offline: false }),
      });
    }
    const [id, secret] = basic(request.headers.authorization) ?? [
      form.get('client_id'),
      form.get('client_secret'),
    ];
    if (id !== GOOGLE_CLIENT_ID || !same(secret ?? '', options.key)) {
      return answer(refusal(401, 'invalid_client', 'Unauthorized'));
    }
    if (type === 'refresh_token') {
      const grant = grantOf(form.get('refresh_token') ?? '');
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
    const refreshToken = code.offline ? refreshTokenFor(code) : undefined;
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
    const grant = grantOf(given ?? '') ?? accessTokens.get(given ?? '');
    if (!grant) return answer(refusal(400, 'invalid_token', 'Token expired or revoked'));
    revokeAll(grant.account.email);
    return answer({ status: 200, body: {} });
  }

  /** Signed, so that a restart of the stand-in forgets nobody. */
  function refreshTokenFor({ account, scope }: Grant): string {
    const madeMs = clock.now();
    const claims = Buffer.from(JSON.stringify({ account, scope, madeMs })).toString('base64url');
    return `1//0${claims}.${sign(claims)}`;
  }

  function grantOf(refreshToken: string): Grant | undefined {
    const [claims = '', signature = ''] = refreshToken.replace(/^1\/\/0/, '').split('.');
    if (signature === '' || !same(signature, sign(claims))) return undefined;
    const { account, scope, madeMs } = JSON.parse(
      Buffer.from(claims, 'base64url').toString(),
    ) as Grant & { readonly madeMs: number };
    const goneMs = revokedMs.get(account.email) ?? -1;
    return madeMs > goneMs ? { account, scope, offline: true } : undefined;
  }

  function sign(claims: string): string {
    return createHmac('sha256', options.key).update(claims).digest('base64url');
  }

  function revokeAll(email: string): void {
    revokedMs.set(email, clock.now());
    for (const [name, each] of accessTokens) {
      if (each.account.email === email) accessTokens.delete(name);
    }
  }
}

/** Google has two forms of an error: that of its tokens, and that of all else. */
function faultOfGoogle(status: number) {
  const reasons: Record<number, string> = {
    401: 'authError',
    403: 'rateLimitExceeded',
    429: 'rateLimitExceeded',
  };
  const reason = reasons[status] ?? 'backendError';
  return googleRefusal({ status, reason, message: reason });
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
          <p><button name="decision" value="allow">Allow</button></p>
          <p><button name="decision" value="deny">Deny</button></p>
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
