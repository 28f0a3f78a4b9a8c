// A client's connection to Google Calendar: how it stands, to the consent screen, a service account, which calendars, and its end.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { CalendarConnecting, ConnectionStatus } from '../../../calendar/google/connecting.ts';
import { parseServiceAccount } from '../../../calendar/google/service-account.ts';
import { AppError } from '../../../lib/errors.ts';
import { newToken } from '../../../lib/ids.ts';
import { deriveSecret } from '../../../lib/secrets.ts';
import { saveCalendarOauthState } from '../../../store/calendar/calendar-oauth-states.ts';
import type { AuthParts } from '../../identity/auth.ts';
import { found, requireUser, userOf } from '../../identity/auth.ts';
import { CALENDAR_COOKIE, calendarCookieRules } from '../../identity/calendar-cookie.ts';
import { invalid, writable } from '../../schemas/fields.ts';
import { requireClient } from '../../every-request/require-client.ts';
import {
  errors,
  Id,
  Message,
  nullable,
  optional,
  signedIn,
  Timestamp,
} from '../../schemas/schemas.ts';

/** A browser may be away so long. */
const AWAY_SECONDS = 600;
const tags = ['Calendar'];
const ofClient = Type.Object({ client_id: Id });

const Status = Type.Object(
  {
    has_credentials: Type.Boolean({ description: 'Whether the client has an account of its own.' }),
    credential_type: nullable(Type.Enum(['oauth', 'service_account'])),
    created_at: nullable(Timestamp),
    last_used_at: nullable(Timestamp),
    fallback_available: Type.Boolean({
      description: 'Whether this server has an account that calendars may be shared with.',
    }),
    fallback_account: nullable(Type.String({ description: 'Its address.' })),
    state: Type.Enum(['not_connected', 'choose', 'connected', 'unreachable', 'broken'], {
      description:
        'choose: an account is there, but no calendar is chosen. unreachable: Google does not answer. broken: Google refuses until the calendar is connected again. In both calls go on, and callers get a message once it is certain.',
    }),
    via: nullable(Type.Enum(['own', 'fallback'])),
    account: nullable(Type.String()),
    calendar: nullable(
      Type.Object(
        { id: Type.String(), name: Type.String(), time_zone: Type.String() },
        { description: 'Where appointments are written to.' },
      ),
    ),
    watched: Type.Array(
      Type.Object({
        id: Type.String(),
        resource: nullable(Type.Integer({ description: 'The one chair or person it keeps busy.' })),
      }),
    ),
    synced_at: nullable(Timestamp),
    failing_since: nullable(Timestamp),
    fault: nullable(Type.String()),
    waiting_bookings: Type.Integer({
      description: 'Appointments that Google has not been told of yet.',
    }),
  },
  {
    examples: [
      {
        has_credentials: true,
        credential_type: 'oauth',
        created_at: '2026-02-05T10:00:00.000Z',
        last_used_at: '2026-02-06T09:30:00.000Z',
        fallback_available: false,
        fallback_account: null,
        state: 'connected',
        via: 'own',
        account: 'owner@example.com',
        calendar: { id: 'owner@example.com', name: 'Practice', time_zone: 'America/New_York' },
        watched: [],
        synced_at: '2026-02-06T09:30:00.000Z',
        failing_since: null,
        fault: null,
        waiting_bookings: 0,
      },
    ],
  },
);

const Entry = Type.Object({
  id: Type.String({ examples: ['desk@example.com'] }),
  name: Type.String({ examples: ['Appointments'] }),
  time_zone: Type.String({ examples: ['America/New_York'] }),
  primary: Type.Boolean(),
  writable: Type.Boolean(),
});
const calendarId = Type.String({ minLength: 1, maxLength: 1024 });
const Choice = Type.Object(
  {
    write: calendarId,
    watch: optional(
      Type.Array(
        Type.Object({
          id: calendarId,
          resource: optional(nullable(Type.Integer({ minimum: 0, maximum: 99 }))),
        }),
        { maxItems: 20 },
      ),
    ),
  },
  {
    examples: [
      {
        write: 'owner@example.com',
        watch: [{ id: 'family@group.calendar.google.com', resource: null }],
      },
    ],
  },
);
const KeyFile = Type.Object(
  { service_account_json: Type.String({ minLength: 2, maxLength: 20_000 }) },
  { examples: [{ service_account_json: '{"type":"service_account"}' }] },
);

export interface CalendarConnectionParts extends AuthParts {
  readonly calendars: CalendarConnecting;
  /** Reads what is at Google now, in the background. */
  readonly syncCalendar: (clientId: string) => void;
}

/** contracts/frontdesk-api.md "Calendar OAuth", and which calendars are meant. */
export function calendarConnectionRoutes(parts: CalendarConnectionParts): FastifyPluginAsync {
  const { sql, calendars, syncCalendar, jwtSecret, publicUrl } = parts;
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);
    app.addHook('onRequest', requireClient(sql));

    app.get(
      '/api/clients/:client_id/calendar/status',
      {
        schema: {
          tags,
          summary: 'Get the state of the calendar',
          security: signedIn,
          params: ofClient,
          response: { 200: Status, ...errors(401, 404) },
        },
      },
      async (request) => statusOf(await calendars.status(request.params.client_id)),
    );

    app.post(
      '/api/clients/:client_id/calendar/oauth/initiate',
      {
        schema: {
          tags,
          summary: 'Connect Google Calendar',
          description:
            'Gives the address of the consent screen, for a window of its own. What comes back is good once, for ten minutes, for this user and browser. That window then posts `{type: "calendar-oauth", status, client_id}` to the window that opened it, and closes.',
          security: signedIn,
          params: ofClient,
          response: {
            200: Type.Object({
              authorization_url: Type.String({
                examples: ['https://accounts.google.com/o/oauth2/v2/auth?state=kq3v'],
              }),
              state: Type.String({ examples: ['kq3v'] }),
            }),
            ...errors(401, 403, 404),
          },
        },
      },
      async (request, reply) => {
        const consent = await calendars.accounts.consent();
        if (!consent) {
          throw new AppError('not_configured', 'no google client', {
            publicMessage: 'Google Calendar is not configured: GOOGLE_CLIENT_ID is missing.',
          });
        }
        const [state, browser] = [newToken(), newToken()];
        const { client_id: clientId } = request.params;
        await saveCalendarOauthState(sql, { state, clientId, userId: userOf(request).id, browser });
        const rules = { ...calendarCookieRules(publicUrl), maxAge: AWAY_SECONDS };
        reply.setCookie(CALENDAR_COOKIE, browser, rules);
        return { authorization_url: consent.url(state, verifierOf(jwtSecret, state)), state };
      },
    );

    app.post(
      '/api/clients/:client_id/calendar/service-account',
      {
        schema: {
          tags,
          summary: 'Upload a service account',
          description:
            'The JSON of a key file. Four of its fields are kept, sealed; its addresses are ignored. Share the calendar with the account, then choose it.',
          security: signedIn,
          params: ofClient,
          body: KeyFile,
          response: {
            200: Type.Object({
              message: Type.String(),
              service_account_email: Type.String({
                examples: ['desk@example.iam.gserviceaccount.com'],
              }),
            }),
            ...errors(401, 403, 404, 502),
          },
        },
      },
      async (request) => {
        const { client_id: clientId } = request.params;
        const { service_account_json: json } = writable(KeyFile, request.body);
        const account = readKeyFile(json);
        await calendars.connectServiceAccount(clientId, account);
        syncCalendar(clientId);
        return {
          message: 'Service account uploaded successfully',
          service_account_email: account.email,
        };
      },
    );

    app.delete(
      '/api/clients/:client_id/calendar/credentials',
      {
        schema: {
          tags,
          summary: 'Disconnect the calendar',
          description:
            'Takes the consent back at Google, too. Appointments stay, in the built-in calendar.',
          security: signedIn,
          params: ofClient,
          response: { 200: Message, ...errors(401, 403, 404) },
        },
      },
      async (request) => {
        found((await calendars.disconnect(request.params.client_id)) || undefined);
        return { message: 'Calendar credentials revoked successfully' };
      },
    );

    app.get(
      '/api/clients/:client_id/calendar/calendars',
      {
        schema: {
          tags,
          summary: 'List the calendars of the account',
          description:
            'Those that the connected account has in its list. One that is only shared with a service account is not in it, and can be chosen by its id all the same.',
          security: signedIn,
          params: ofClient,
          response: { 200: Type.Array(Entry), ...errors(401, 404, 502) },
        },
      },
      async (request) =>
        (await calendars.list(request.params.client_id)).map(({ zone, ...entry }) => ({
          ...entry,
          time_zone: zone,
        })),
    );

    app.put(
      '/api/clients/:client_id/calendar/calendars',
      {
        schema: {
          tags,
          summary: 'Choose the calendars',
          description:
            'One to write appointments to, and others in which the business is busy: all of it, or one of its chairs or staff.',
          security: signedIn,
          params: ofClient,
          body: Choice,
          response: { 200: Status, ...errors(401, 403, 404, 409, 502) },
        },
      },
      async (request) => {
        const { client_id: clientId } = request.params;
        const { write, watch = [] } = writable(Choice, request.body);
        const choice = {
          write,
          watch: watch.map(({ id, resource = null }) => ({ id, resource })),
        };
        await calendars.choose(clientId, choice, userOf(request).role === 'admin');
        syncCalendar(clientId);
        return statusOf(await calendars.status(clientId));
      },
    );
  };
  return routes;
}

/** The PKCE secret of a state: it follows from it, and need not be kept. */
export function verifierOf(jwtSecret: string, state: string): string {
  return deriveSecret(jwtSecret, 'calendar consent', state);
}

function readKeyFile(json: string) {
  try {
    return parseServiceAccount(json);
  } catch (error) {
    if (error instanceof TypeError) throw invalid('service_account_json', error.message);
    throw error;
  }
}

function statusOf(status: ConnectionStatus) {
  const { calendar, watched } = status;
  const at = (date: Date | null) => date?.toISOString() ?? null;
  return {
    has_credentials: status.hasCredentials,
    credential_type: status.credentialType,
    created_at: at(status.createdAt),
    last_used_at: at(status.lastUsedAt),
    fallback_available: status.fallbackAvailable,
    fallback_account: status.fallbackAccount,
    state: status.state,
    via: status.via,
    account: status.account,
    calendar: calendar && { id: calendar.id, name: calendar.name, time_zone: calendar.zone },
    watched: watched.map(({ googleId, resource }) => ({ id: googleId, resource })),
    synced_at: at(status.syncedAt),
    failing_since: at(status.failingSince),
    fault: status.fault,
    waiting_bookings: status.waiting,
  };
}
