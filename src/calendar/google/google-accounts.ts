// Clients' accounts at Google: their sealed credentials become calls, kept open while they are used.

import { Cache } from '../../lib/cache.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { Sealer } from '../../lib/sealing.ts';
import { parseObject, readText } from '../../lib/untrusted-json.ts';
import {
  deleteCalendarCredentials,
  findCalendarCredentials,
  noteCalendarUse,
  resealCalendarCredentials,
  saveCalendarCredentials,
} from '../../store/calendar/calendar-credentials.ts';
import type { CalendarCredentials } from '../../store/calendar/calendar-credentials.ts';
import type { Sql } from '../../store/database/sql.ts';
import type { GoogleCredentials } from './google-api.ts';
import type { GoogleCalls } from './google-calls.ts';
import type { GoogleEndpoints } from './google-endpoints.ts';
import type { GoogleConsent } from './google-oauth.ts';
import type { ServiceAccount } from './service-account.ts';

/** Accounts kept open; each holds an access token. */
const OPEN_MAX = 500;

export interface GoogleAccountsParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  readonly sealer: Sealer;
  readonly endpoints: GoogleEndpoints;
  /** This server's registration at Google; undefined when there is none, and only service accounts work. */
  readonly client: { readonly clientId: string; readonly clientSecret: string } | undefined;
  /** For clients without an account of their own. */
  readonly fallback: ServiceAccount | undefined;
  /** Where Google sends owners back to. */
  readonly redirectUri: string;
}

/** Whose account it is. */
export interface OpenAccount {
  readonly via: 'own' | 'fallback';
  readonly calls: GoogleCalls;
}

/** What is sealed: `refresh_token`, or the four fields of a service account. */
type Secret = Readonly<Record<string, string>>;

export class GoogleAccounts {
  readonly #parts: GoogleAccountsParts;
  readonly #open = new Cache<string, GoogleCalls>(OPEN_MAX);

  constructor(parts: GoogleAccountsParts) {
    this.#parts = parts;
  }

  get fallbackAddress(): string | undefined {
    return this.#parts.fallback?.email;
  }

  get hasClient(): boolean {
    return this.#parts.client !== undefined;
  }

  /** The consent screen; undefined where this server is not registered at Google. */
  async consent(): Promise<GoogleConsent | undefined> {
    const { client, clock, endpoints, redirectUri } = this.#parts;
    if (!client) return undefined;
    const { openGoogleConsent } = await import('./google-oauth.ts');
    return openGoogleConsent({ clock, endpoints, redirectUri, ...client });
  }

  find(clientId: string): Promise<CalendarCredentials | undefined> {
    return findCalendarCredentials(this.#parts.sql, clientId);
  }

  /** The client's own account, or else that of this server; undefined when there is neither. */
  async open(clientId: string): Promise<OpenAccount | undefined> {
    const own = await this.find(clientId);
    if (own) return { via: 'own', calls: await this.#callsOf(own) };
    const { fallback } = this.#parts;
    if (!fallback) return undefined;
    const { email, privateKey } = fallback;
    const credentials = { kind: 'service_account', email, privateKey } as const;
    return { via: 'fallback', calls: await this.#make('fallback', credentials, email) };
  }

  /** That the account has been used, for the owner to see. Never rejects. */
  async noteUse(clientId: string): Promise<void> {
    await noteCalendarUse(this.#parts.sql, clientId).catch(() => {});
  }

  async saveOauth(clientId: string, refreshToken: string, account: string): Promise<void> {
    await this.#save(clientId, 'oauth', { refresh_token: refreshToken }, account);
  }

  async saveServiceAccount(clientId: string, given: ServiceAccount): Promise<void> {
    const { projectId, privateKeyId, privateKey, email } = given;
    const secret = {
      project_id: projectId,
      private_key_id: privateKeyId,
      private_key: privateKey,
      client_email: email,
    };
    await this.#save(clientId, 'service_account', secret, email);
  }

  /** Also at Google, for consents. False when there was nothing. A Google that does not answer is told in the log only. */
  async revoke(clientId: string): Promise<boolean> {
    const { sql, log } = this.#parts;
    const found = await this.find(clientId);
    if (!found) return false;
    if (found.kind === 'oauth') {
      try {
        const consent = await this.consent();
        await consent?.revoke(readText(this.#unseal(found), 'refresh_token'));
      } catch (error) {
        log.warn('a consent could not be taken back at google', { clientId, error });
      }
    }
    return deleteCalendarCredentials(sql, clientId);
  }

  /** Calls with credentials that are not stored yet. */
  async tryOauth(refreshToken: string): Promise<GoogleCalls> {
    return this.#load(this.#oauth(refreshToken), '');
  }

  async #callsOf(found: CalendarCredentials): Promise<GoogleCalls> {
    const secret = this.#unseal(found);
    const key = `${found.clientId}:${found.createdAt.getTime()}`;
    const credentials =
      found.kind === 'oauth'
        ? this.#oauth(readText(secret, 'refresh_token'))
        : ({
            kind: 'service_account',
            email: readText(secret, 'client_email'),
            privateKey: readText(secret, 'private_key'),
          } as const);
    return this.#make(key, credentials, found.account, (refreshToken) => {
      void this.#renew(found, refreshToken);
    });
  }

  #oauth(refreshToken: string): GoogleCredentials {
    const { clientId = '', clientSecret = '' } = this.#parts.client ?? {};
    return { kind: 'oauth', refreshToken, clientId, clientSecret };
  }

  async #make(
    key: string,
    credentials: GoogleCredentials,
    account: string,
    onRefreshToken?: (refreshToken: string) => void,
  ): Promise<GoogleCalls> {
    const open = this.#open.get(key);
    if (open) return open;
    const calls = await this.#load(credentials, account, onRefreshToken);
    this.#open.set(key, calls);
    return calls;
  }

  /** Google's package takes a tenth of a second and some memory: it is loaded by whoever needs it first. */
  async #load(
    credentials: GoogleCredentials,
    account: string,
    onRefreshToken?: (refreshToken: string) => void,
  ): Promise<GoogleCalls> {
    const { clock, endpoints } = this.#parts;
    const { openGoogleApi } = await import('./google-api.ts');
    return openGoogleApi({
      clock,
      endpoints,
      credentials,
      account,
      ...(onRefreshToken && { onRefreshToken }),
    });
  }

  async #save(
    clientId: string,
    kind: CalendarCredentials['kind'],
    secret: Secret,
    account: string,
  ): Promise<void> {
    const { sql, sealer } = this.#parts;
    const sealed = sealer.seal(JSON.stringify(secret), clientId);
    await saveCalendarCredentials(sql, { clientId, kind, sealed, account });
  }

  #unseal({ sealed, clientId }: Pick<CalendarCredentials, 'sealed' | 'clientId'>) {
    return parseObject(this.#parts.sealer.open(sealed, clientId));
  }

  /** Google gives a new refresh token now and then; the old one may end then. */
  async #renew(found: CalendarCredentials, refreshToken: string): Promise<void> {
    const { sql, sealer, log } = this.#parts;
    const { clientId } = found;
    try {
      const sealed = sealer.seal(JSON.stringify({ refresh_token: refreshToken }), clientId);
      await resealCalendarCredentials(sql, found, sealed);
    } catch (error) {
      log.error('a new refresh token could not be stored', { clientId, error });
    }
  }
}
