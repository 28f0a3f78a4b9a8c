// Back from Google's consent screen: the calendar is connected, the window tells the one that opened it, and closes.

import { createHash } from 'node:crypto';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import type { CalendarConnecting } from '../../../calendar/google/connecting.ts';
import { AppError } from '../../../lib/errors.ts';
import { html } from '../../../lib/html.ts';
import type { Log } from '../../../lib/log.ts';
import { useCalendarOauthState } from '../../../store/calendar/calendar-oauth-states.ts';
import { reachesClient } from '../../../store/clients/owned-clients.ts';
import { reachOf } from '../../identity/auth.ts';
import type { AuthParts, Visitor } from '../../identity/auth.ts';
import {
  CALENDAR_CALLBACK,
  CALENDAR_COOKIE,
  calendarCookieRules,
} from '../../identity/calendar-cookie.ts';
import { errors, open } from '../../schemas/schemas.ts';
import { verifierOf } from './calendar-connection.ts';

/** The same for everybody, so that its hash can be allowed; what differs is data of the page. */
const script = `
const { status, client, origin } = document.body.dataset;
const message = { type: 'calendar-oauth', status, client_id: client || null };
if (window.opener) window.opener.postMessage(message, origin);
new BroadcastChannel('calendar-oauth').postMessage(message);
if (status === 'connected') window.close();
`;
const scriptHash = createHash('sha256').update(script).digest('base64');
const policy = `default-src 'none'; script-src 'sha256-${scriptHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

export interface CalendarCallbackParts extends AuthParts {
  readonly log: Log;
  readonly calendars: CalendarConnecting;
  readonly syncCalendar: (clientId: string) => void;
}

type Outcome =
  | { readonly status: 'connected'; readonly clientId: string }
  | { readonly status: 'failed'; readonly text: string; readonly code: number };

export function calendarCallbackRoutes(parts: CalendarCallbackParts): FastifyPluginAsyncTypebox {
  const { sql, log, calendars, jwtSecret, publicUrl } = parts;

  return async (app) => {
    app.get(
      CALENDAR_CALLBACK,
      {
        schema: {
          tags: ['Calendar'],
          summary: 'Come back from Google’s consent screen',
          description:
            'A page that posts `{type: "calendar-oauth", status: "connected" or "failed", client_id}` to the window that opened it, on our own origin only, and closes.',
          security: open,
          querystring: Type.Object({
            code: Type.Optional(Type.String({ maxLength: 2000 })),
            state: Type.Optional(Type.String({ maxLength: 200 })),
            error: Type.Optional(Type.String({ maxLength: 200 })),
          }),
          response: {
            200: { description: 'A page.', content: { 'text/html': { schema: Type.String() } } },
            ...errors(401, 403, 502),
          },
        },
      },
      async (request, reply) => {
        const browser = request.cookies[CALENDAR_COOKIE];
        reply.clearCookie(CALENDAR_COOKIE, calendarCookieRules(publicUrl));
        const outcome = await connect(request.visitor, { ...request.query, browser });
        return send(reply, outcome);
      },
    );
  };

  async function connect(
    visitor: Visitor | null,
    given: { code?: string; state?: string; browser: string | undefined },
  ): Promise<Outcome> {
    try {
      const { code, state = '', browser } = given;
      // Used up by whoever brings it, in whatever condition.
      const bearer = {
        userId: visitor?.user.id ?? '00000000-0000-0000-0000-000000000000',
        browser,
        program: visitor?.by === 'token',
      };
      const clientId = await useCalendarOauthState(sql, state, bearer);
      if (!visitor || clientId === undefined) return refused();
      if (!(await reachesClient(sql, reachOf(visitor.user), clientId))) return refused();
      if (code === undefined) {
        return { status: 'failed', code: 400, text: 'You have not allowed it at Google.' };
      }
      const consent = await calendars.accounts.consent();
      if (!consent) return refused();
      const refreshToken = await consent.exchange(code, verifierOf(jwtSecret, state));
      await calendars.connectOauth(clientId, refreshToken);
      parts.syncCalendar(clientId);
      return { status: 'connected', clientId };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      log.warn('a calendar was not connected', { error });
      return { status: 'failed', code: error.status, text: error.publicMessage };
    }
  }

  function send(reply: FastifyReply, outcome: Outcome) {
    return (
      reply
        .code(outcome.status === 'connected' ? 200 : (outcome.code as 200))
        .header('content-security-policy', policy)
        // With anything else the browser forgets who opened this window while it was at Google.
        .header('cross-origin-opener-policy', 'unsafe-none')
        .type('text/html; charset=utf-8')
        .serializer((text: string) => text)
        .send(page(outcome, new URL(publicUrl).origin))
    );
  }
}

function refused(): Outcome {
  const text = 'This has expired or was started elsewhere. Please try again.';
  return { status: 'failed', code: 400, text };
}

function page(outcome: Outcome, origin: string): string {
  const connected = outcome.status === 'connected';
  const text = connected ? 'The calendar is connected. You can close this window.' : outcome.text;
  const client = connected ? outcome.clientId : '';
  const body = html`<body
    data-status="${outcome.status}"
    data-client="${client}"
    data-origin="${origin}"
  >
    <h1>${connected ? 'Connected' : 'Not connected'}</h1>
    <p>${text}</p>
   `.toString();
  return `<!doctype html>
<html lang="en">
    <head>
      <meta charset="utf-8" />
      <title>Google Calendar</title>
    </head>
    ${body}
      <script>${script}</script>
    </body>
</html>`;
}
