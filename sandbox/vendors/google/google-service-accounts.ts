// Service accounts of the Google stand-in: their key files, and the check of what they sign (RFC 7523).

import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { newToken } from '../../../src/lib/ids.ts';

/** A key file as Google's console gives it. */
export interface ServiceAccountFile {
  readonly type: 'service_account';
  readonly project_id: string;
  readonly private_key_id: string;
  readonly private_key: string;
  readonly client_email: string;
  readonly client_id: string;
  readonly auth_uri: string;
  readonly token_uri: string;
}

export interface JwtClaims {
  readonly iss: string;
  /** Whom the account acts as. */
  readonly sub?: string;
  readonly scope: string;
}

/** The only addressee that Google takes, wherever the request is sent. */
const AUDIENCE = 'https://oauth2.googleapis.com/token';

export class ServiceAccounts {
  readonly #keys = new Map<string, KeyObject>();
  readonly #url: () => string;

  constructor(url: () => string) {
    this.#url = url;
  }

  create(name: string): ServiceAccountFile {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const email = `${name}@sandbox.iam.gserviceaccount.com`;
    this.#keys.set(email, createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })));
    return {
      type: 'service_account',
      project_id: 'sandbox',
      private_key_id: newToken().slice(0, 40),
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      client_email: email,
      client_id: '100000000000000000000',
      auth_uri: `${this.#url()}/o/oauth2/auth`,
      token_uri: `${this.#url()}/token`,
    };
  }

  /** What it says, if the account it names signed it for Google and its time is now. */
  verify(assertion: string, nowMs: number): JwtClaims | undefined {
    const [header = '', body = '', signature = ''] = assertion.split('.');
    try {
      const { alg } = read(header) as { alg?: string };
      const claims = read(body) as JwtClaims & { aud?: string; exp?: number; iat?: number };
      const key = this.#keys.get(claims.iss);
      const now = nowMs / 1000;
      if (alg !== 'RS256' || !key || claims.aud !== AUDIENCE) return undefined;
      if (!claims.exp || !claims.iat || claims.exp < now || claims.exp - claims.iat > 3600) {
        return undefined;
      }
      const signed = Buffer.from(`${header}.${body}`);
      return verify('sha256', signed, key, Buffer.from(signature, 'base64url'))
        ? claims
        : undefined;
    } catch {
      return undefined;
    }
  }
}

function read(part: string): unknown {
  return JSON.parse(Buffer.from(part, 'base64url').toString());
}
