// The Google stand-in with accounts that have allowed everything, and our own client at their calendars.

import { GOOGLE_CLIENT_ID, startGoogle } from '../../../sandbox/vendors/google/google.ts';
import type { GoogleOptions, GoogleStandIn } from '../../../sandbox/vendors/google/google.ts';
import { openGoogleApi } from '../../../src/calendar/google/google-api.ts';
import type { GoogleCalls } from '../../../src/calendar/google/google-calls.ts';
import { googleEndpoints } from '../../../src/calendar/google/google-endpoints.ts';
import { openGoogleConsent } from '../../../src/calendar/google/google-oauth.ts';
import { systemClock } from '../../../src/lib/clock.ts';

export const GOOGLE_KEY = 'the-secret-of-the-google-client';
export const OWNER = 'owner@example.com';

/** An owner's refresh token. */
export async function consentedToken(google: GoogleStandIn, email = OWNER): Promise<string> {
  const consent = openGoogleConsent({
    clock: systemClock,
    clientId: GOOGLE_CLIENT_ID,
    clientSecret: GOOGLE_KEY,
    redirectUri: 'http://127.0.0.1:1/back',
    endpoints: googleEndpoints(google.url),
  });
  const back = google.consent(consent.url('state', 'verifier'), { email, name: email });
  return consent.exchange(new URL(back).searchParams.get('code')!, 'verifier');
}

export interface TestGoogle {
  readonly google: GoogleStandIn;
  readonly calls: GoogleCalls;
  readonly refreshToken: string;
}

/** Closed with the test. */
export async function startTestGoogle(
  t: { after(act: () => Promise<void>): void },
  options: Partial<GoogleOptions> = {},
): Promise<TestGoogle> {
  const google = await startGoogle({ key: GOOGLE_KEY, ...options });
  t.after(() => google.close());
  const refreshToken = await consentedToken(google);
  return { google, refreshToken, calls: callsOf(google, refreshToken) };
}

export function callsOf(google: GoogleStandIn, refreshToken: string, account = OWNER): GoogleCalls {
  return openGoogleApi({
    clock: systemClock,
    account,
    endpoints: googleEndpoints(google.url),
    credentials: {
      kind: 'oauth',
      refreshToken,
      clientId: GOOGLE_CLIENT_ID,
      clientSecret: GOOGLE_KEY,
    },
  });
}
