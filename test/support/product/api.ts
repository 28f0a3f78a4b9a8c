// The product over real HTTP with a database of its own, users of all kinds, and every answer held against the OpenAPI document.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { meterTimers } from '../../../src/billing/metering/meter-timers.ts';
import { readConfig } from '../../../src/config.ts';
import { SESSION_COOKIE, signAccessToken } from '../../../src/http/identity/auth.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { Clock } from '../../../src/lib/clock.ts';
import { newId, newToken } from '../../../src/lib/ids.ts';
import { openLog } from '../../../src/lib/log.ts';
import { startFrontdesk } from '../../../src/start/frontdesk.ts';
import type { Frontdesk, FrontdeskParts } from '../../../src/start/frontdesk.ts';
import { createTokenFamily } from '../../../src/store/accounts/refresh-tokens.ts';
import { createSession } from '../../../src/store/accounts/sessions.ts';
import { createUser } from '../../../src/store/accounts/users.ts';
import type { Role, User } from '../../../src/store/accounts/users.ts';
import type { Database } from '../../../src/store/database/sql.ts';
import { streamTimers } from '../../../src/telephony/twilio-stream.ts';
import { openTestDatabase } from '../database/database.ts';
import { freePort } from '../free-port.ts';
import { openDocument } from '../contracts/openapi-document.ts';
import type { OpenapiDocument } from '../contracts/openapi-document.ts';

export const JWT_SECRET = 'the-signing-key-of-the-tests-0123456789';

/** A user with a token and a session. */
export interface TestUser extends User {
  readonly accessToken: string;
  /** The value of the cookie. */
  readonly session: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body, parsed; undefined where it is not JSON. */
  readonly json: any;
}

export interface Ask {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly raw?: string | Uint8Array;
  readonly redirect?: 'manual' | 'follow';
}

type Send = (path: string, body?: unknown, ask?: Ask) => Promise<Answer>;

/** Requests of one user, or of nobody. */
export interface Requests {
  get(path: string, ask?: Ask): Promise<Answer>;
  readonly post: Send;
  readonly put: Send;
  readonly patch: Send;
  delete(path: string, ask?: Ask): Promise<Answer>;
}

export interface TestApi {
  readonly url: string;
  readonly database: Database;
  readonly frontdesk: Frontdesk;
  readonly document: OpenapiDocument;
  /** Lines of the log, parsed. */
  readonly log: Record<string, unknown>[];
  /** A new user, with a password only if its hash is given. */
  user(given?: { role?: Role; email?: string; passwordHash?: string }): Promise<TestUser>;
  /** Whose requests: by token unless told `session`; nobody's without a user. */
  as(user?: TestUser, by?: 'token' | 'session'): Requests;
  /** Any request. The answer must be one that the document knows. */
  readonly send: (method: string, path: string, ask?: Ask) => Promise<Answer>;
}

export interface TestApiOptions {
  readonly clock?: Clock;
  readonly env?: Readonly<Record<string, string>>;
  readonly limits?: FrontdeskParts['limits'];
  /** The folder of the built dashboard; none is served otherwise. */
  readonly dashboard?: string;
  /** A second process on the database of a first. */
  readonly connection?: string;
}

/** Enough for any test that is not about limits. */
const roomy = {
  requests: 100_000,
  logins: 100_000,
  registrations: 100_000,
  endpointFactor: 10_000,
};

/** The document says the same of every server: no setting adds a route to it. Reading and compiling it takes longer than a start. */
let documentOfAll: Promise<OpenapiDocument> | undefined;

/** Started by a test; closed with it. */
export async function startTestApi(
  t: { after(act: () => Promise<void>): void },
  options: TestApiOptions = {},
): Promise<TestApi & { readonly connection: string }> {
  const { clock = systemClock } = options;
  const stack = new AsyncDisposableStack();
  t.after(() => stack.disposeAsync());
  const { connection, database } = await openTestDatabase(stack, options.connection);
  const dataDir = await mkdtemp(path.join(tmpdir(), 'frontdesk-test-'));
  stack.defer(() => rm(dataDir, { recursive: true, force: true }));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const log: Record<string, unknown>[] = [];
  const frontdesk = await startFrontdesk({
    config: readConfig({
      PORT: String(port),
      INTERNAL_PORT: '0',
      PUBLIC_URL: url,
      SANDBOX: 'off',
      JWT_SECRET,
      SEALING_KEY: 'y'.repeat(32),
      DATA_DIR: dataDir,
      TWILIO_AUTH_TOKEN: 'the-auth-token-of-the-tests',
      ...options.env,
    }),
    clock,
    log: openLog({
      level: 'debug',
      pii: false,
      write: (line) => log.push(JSON.parse(line) as Record<string, unknown>),
    }),
    timers: { meter: meterTimers, stream: streamTimers },
    limits: { ...roomy, ...options.limits },
    connection,
    soleOwner: false,
    dashboard: options.dashboard,
    dataDir,
  });
  stack.defer(() => frontdesk.drain(0));
  const document = await (documentOfAll ??= openDocument(url));
  const sql = database.general;
  const api: TestApi = { url, database, frontdesk, document, log, user, as, send };
  return { ...api, connection };

  async function user(
    given: { role?: Role; email?: string; passwordHash?: string } = {},
  ): Promise<TestUser> {
    const id = newId(systemClock.now());
    const { role = 'user', email = `user-${id}@example.com`, ...rest } = given;
    const created = await createUser(sql, { id, email, name: 'A User', role, ...rest });
    assert.ok(created, `${email} is new`);
    const familyId = newId(systemClock.now());
    await createTokenFamily(sql, { id: familyId, userId: id, token: newToken() });
    const parts = { jwtSecret: JWT_SECRET, publicUrl: url };
    const atMs = systemClock.now();
    const accessToken = signAccessToken(parts, { userId: id, familyId, atMs });
    return { ...created, accessToken, session: await createSession(sql, id) };
  }

  function as(who?: TestUser, by: 'token' | 'session' = 'token'): Requests {
    const proof = !who
      ? {}
      : by === 'token'
        ? { authorization: `Bearer ${who.accessToken}` }
        : { cookie: `${SESSION_COOKIE}=${who.session}` };
    const ask =
      (method: string) =>
      (to: string, given: Ask = {}) =>
        send(method, to, { ...given, headers: { ...proof, ...given.headers } });
    const tell =
      (method: string): Send =>
      (to, body, given = {}) =>
        ask(method)(to, { ...given, ...(body !== undefined && { body }) });
    return {
      get: ask('GET'),
      delete: ask('DELETE'),
      post: tell('POST'),
      put: tell('PUT'),
      patch: tell('PATCH'),
    };
  }

  async function send(method: string, to: string, ask: Ask = {}): Promise<Answer> {
    const body = ask.raw ?? (ask.body === undefined ? undefined : JSON.stringify(ask.body));
    const response = await fetch(`${url}${to}`, {
      method,
      headers: {
        ...(ask.body !== undefined && { 'content-type': 'application/json' }),
        ...ask.headers,
      },
      redirect: ask.redirect ?? 'manual',
      ...(body !== undefined && { body: body as string }),
    });
    const text = await response.text();
    const isJson = (response.headers.get('content-type') ?? '').startsWith('application/json');
    const json: unknown = isJson && text !== '' ? JSON.parse(text) : undefined;
    const answer = { status: response.status, headers: response.headers, text, json };
    document.check(method, new URL(to, url).pathname, answer);
    return answer;
  }
}
