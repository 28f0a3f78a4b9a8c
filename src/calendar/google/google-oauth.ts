// An owner's consent at Google: the address of the screen, the exchange of its code (with PKCE), and taking it back.

import { createHash } from 'node:crypto';
import { auth } from '@googleapis/calendar';
import { within } from '../../lib/clock.ts';
import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import { googleScopes } from './google-endpoints.ts';
import type { GoogleEndpoints } from './google-endpoints.ts';
import { faultOf } from './google-faults.ts';

/** Google answers in well under a second, or not at all. */
const ANSWER_MS = 8000;

export interface GoogleConsentParts {
  readonly clock: Clock;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where Google sends people back to. */
  readonly redirectUri: string;
  readonly endpoints: GoogleEndpoints;
}

/** `verifier`: the PKCE secret, the same in both steps. */
export interface GoogleConsent {
  url(state: string, verifier: string): string;
  /**
   * The refresh token. Throws `invalid` when Google does not accept the code, or the owner has not allowed all that is
   * needed; `vendor_failed` when Google fails.
   */
  exchange(code: string, verifier: string): Promise<string>;
  /** Takes a refresh token back. Resolves as well when Google does not know it any more. */
  revoke(refreshToken: string): Promise<void>;
}

export function openGoogleConsent(parts: GoogleConsentParts): GoogleConsent {
  const { clock, endpoints, clientId, clientSecret, redirectUri } = parts;
  const client = new auth.OAuth2({
    clientId,
    clientSecret,
    redirectUri,
    endpoints: {
      oauth2TokenUrl: endpoints.token,
      oauth2RevokeUrl: endpoints.revoke,
    },
  });

  return {
    url(state, verifier) {
      const url = new URL(endpoints.consent);
      url.search = new URLSearchParams({
        client_id: clientId,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: googleScopes.join(' '),
        // Both are needed for a refresh token: Google gives one on the first consent only.
        access_type: 'offline',
        prompt: 'consent',
        include_granted_scopes: 'true',
        state,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      }).toString();
      return url.href;
    },
    async exchange(code, verifier) {
      const { tokens } = await bounded(client.getToken({ code, codeVerifier: verifier }));
      const granted = new Set((tokens.scope ?? '').split(' '));
      if (!googleScopes.every((scope) => granted.has(scope))) {
        throw new AppError('invalid', 'google: not all scopes were granted', {
          publicMessage:
            'Frontdesk needs all the boxes on Google’s screen ticked: your events, your free times, and the list of your calendars.',
        });
      }
      if (tokens.refresh_token) return tokens.refresh_token;
      throw new AppError('vendor_failed', 'google: no refresh token');
    },
    async revoke(refreshToken) {
      try {
        await bounded(client.revokeToken(refreshToken));
      } catch (error) {
        if (error instanceof AppError && error.code === 'invalid') return;
        throw error;
      }
    },
  };

  async function bounded<T>(asking: Promise<T>): Promise<T> {
    const late = () => new AppError('vendor_failed', 'google: no answer');
    try {
      return await within(clock, ANSWER_MS, asking, late);
    } catch (error) {
      if (error instanceof AppError) throw error;
      const { status, reason } = faultOf(error);
      const refused = status === 400 || status === 401;
      throw new AppError(refused ? 'invalid' : 'vendor_failed', `google: ${status} ${reason}`, {
        ...(refused && { publicMessage: 'Google did not accept this. Please try again.' }),
      });
    }
  }
}
