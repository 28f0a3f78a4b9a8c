// Who somebody is, according to Google: the consent screen's address, and the exchange of its code (OpenID Connect, with PKCE).

import { createHash } from 'node:crypto';
import { within } from '../../lib/clock.ts';
import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import { parseObject, readText } from '../../lib/untrusted-json.ts';

/** Google answers in well under a second, or not at all. */
const ANSWER_MS = 8000;
const ANSWER_BYTES_MAX = 64 * 1024;

export interface GoogleParts {
  readonly clock: Clock;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where Google sends people back to. */
  readonly redirectUri: string;
  /** Instead of Google's several hosts, with the same paths below it. */
  readonly baseUrl: string | undefined;
}

export interface GoogleIdentity {
  /** Never changes, unlike the address. */
  readonly subject: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly name: string;
}

/** The three steps. `verifier`: the PKCE secret, the same in both. */
export interface Google {
  consentUrl(state: string, verifier: string): string;
  /** Throws `unauthorized` when Google does not accept the code, `vendor_failed` when it fails. */
  identify(code: string, verifier: string): Promise<GoogleIdentity>;
}

export function openGoogle(parts: GoogleParts): Google {
  const { clock, clientId, clientSecret, redirectUri, baseUrl } = parts;
  const at = (host: string, path: string) => `${baseUrl ?? `https://${host}`}${path}`;

  return {
    consentUrl(state, verifier) {
      const url = new URL(at('accounts.google.com', '/o/oauth2/v2/auth'));
      url.search = new URLSearchParams({
        client_id: clientId,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: 'openid email profile',
        state,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        prompt: 'select_account',
      }).toString();
      return url.href;
    },
    async identify(code, verifier) {
      const token = await ask(at('oauth2.googleapis.com', '/token'), {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          code,
          redirect_uri: redirectUri,
          client_id: clientId,
          client_secret: clientSecret,
          code_verifier: verifier,
        }),
      });
      const accessToken = readText(token, 'access_token');
      const info = await ask(at('openidconnect.googleapis.com', '/v1/userinfo'), {
        headers: { authorization: `Bearer ${accessToken}` },
      });
      const subject = readText(info, 'sub');
      const email = readText(info, 'email');
      if (subject === '' || email === '') {
        throw new AppError('vendor_failed', 'google: an identity without subject or address');
      }
      const verified = info['email_verified'];
      return {
        subject,
        email,
        emailVerified: verified === true || verified === 'true',
        name: readText(info, 'name') || email,
      };
    },
  };

  async function ask(url: string, init: RequestInit) {
    const stop = new AbortController();
    const late = () => {
      const error = new AppError('vendor_failed', 'google: no answer');
      stop.abort(error);
      return error;
    };
    try {
      return await within(clock, ANSWER_MS, fetchObject(url, init, stop.signal), late);
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      throw new AppError('vendor_failed', 'google: no answer that we understand', { cause });
    }
  }
}

async function fetchObject(url: string, init: RequestInit, signal: AbortSignal) {
  const response = await fetch(url, { ...init, redirect: 'error', signal });
  const text = await response.text();
  if (text.length > ANSWER_BYTES_MAX) throw new RangeError('the answer is too long');
  if (response.status === 400 || response.status === 401) {
    throw new AppError('unauthorized', `google: ${response.status}`, {
      publicMessage: 'Google did not accept this sign-in.',
    });
  }
  if (!response.ok) throw new AppError('vendor_failed', `google: ${response.status}`);
  return parseObject(text);
}
