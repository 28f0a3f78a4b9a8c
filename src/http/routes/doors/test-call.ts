// A call to one's own receptionist from a browser: the same pipeline, tools and bill as on the telephone, over one socket.

import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { AppError } from '../../../lib/errors.ts';
import { isId } from '../../../lib/ids.ts';
import type { AdmittedCall } from '../../../reception/calls/admit.ts';
import type { LiveEvents, Watch } from '../../../reception/records/live-events.ts';
import { findBalance } from '../../../store/money/ledger-entries.ts';
import { reachesClient } from '../../../store/clients/owned-clients.ts';
import { saveTicket, TICKET_SECONDS, useTicket } from '../../../store/accounts/tickets.ts';
import { findActiveUser } from '../../../store/accounts/users.ts';
import type { User } from '../../../store/accounts/users.ts';
import { acceptBrowserCall } from '../../../telephony/browser-call.ts';
import type { BrowserCall, BrowserCallParts } from '../../../telephony/browser-call.ts';
import type { Line } from '../../../telephony/line.ts';
import {
  found,
  isStill,
  reachOf,
  refuseWrongProof,
  requireUser,
  userOf,
} from '../../identity/auth.ts';
import type { AuthParts } from '../../identity/auth.ts';
import { requireClient } from '../../every-request/require-client.ts';
import { errors, Id, signedIn, Timestamp } from '../../schemas/schemas.ts';

/** This often the balance is told, and it is looked whether the caller may still be here. */
const LOOK_MS = 10_000;

const tags = ['Test calls'];
const params = Type.Object({ client_id: Id });
const TicketAnswer = Type.Object(
  {
    ticket: Type.String(),
    url: Type.String({ description: 'Where to open the WebSocket.' }),
    expires_at: Timestamp,
  },
  {
    examples: [
      {
        ticket: 'tGm5Zk4b0bq1n3w9m3Jf7dYw0r2v6x8c1a5e9h3k7pQ',
        url: 'wss://frontdesk.example.com/api/clients/019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5a/test-call',
        expires_at: '2026-02-06T10:01:00.000Z',
      },
    ],
  },
);

export interface TestCallParts extends AuthParts {
  readonly live: LiveEvents;
  readonly browserCalls: Omit<BrowserCallParts, 'admit'> & {
    /** Throws an AppError that says why not. */
    admit(call: { clientId: string; userId: string }): Promise<AdmittedCall>;
    /** Takes the call over, until it is stored and charged. Never rejects. */
    answer(call: AdmittedCall, line: Line): Promise<void>;
  };
}

export function testCallRoutes(parts: TestCallParts): FastifyPluginAsync {
  const { sql, clock, publicUrl, live, browserCalls } = parts;
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.post(
      '/api/clients/:client_id/test-call',
      {
        onRequest: [requireUser, requireClient(sql)],
        schema: {
          tags,
          summary: 'Get a ticket for a test call',
          description:
            'Opens the WebSocket of the same path once, within a minute, for who cannot send a cookie or a token with it: the ticket goes into its first message. The protocol is in docs/GATEWAY.md.',
          security: signedIn,
          params,
          response: { 201: TicketAnswer, ...errors(401, 403, 404) },
        },
      },
      async (request, reply) => {
        const { client_id: subject } = request.params;
        const userId = userOf(request).id;
        const ticket = await saveTicket(sql, { purpose: 'test-call', subject, userId });
        return reply.code(201).send({
          ticket,
          url: `${publicUrl.replace(/^http/, 'ws')}/api/clients/${subject}/test-call`,
          expires_at: new Date(clock.now() + TICKET_SECONDS * 1000).toISOString(),
        });
      },
    );

    app.get(
      '/api/clients/:client_id/test-call',
      { websocket: true, onRequest: refuseWrongProof, schema: { hide: true } },
      (socket, request) => {
        // Nothing may be awaited before this: the first messages are on their way.
        void serve(socket, request);
      },
    );
  };
  return routes;

  async function serve(
    socket: Parameters<typeof acceptBrowserCall>[0],
    request: FastifyRequest,
  ): Promise<void> {
    const { client_id: clientId } = request.params as { client_id: string };
    let admitted: { call: AdmittedCall; user: User } | undefined;
    const call = await acceptBrowserCall(socket, {
      ...browserCalls,
      async admit({ ticket }) {
        const user = await caller(request, clientId, ticket);
        const admittance = await browserCalls.admit({ clientId, userId: user.id });
        admitted = { call: admittance, user };
        return admittance;
      },
    });
    if (call && admitted) await converse(call, admitted, request);
  }

  /** Who calls; throws unless they may call this client. */
  async function caller(
    request: FastifyRequest,
    clientId: string,
    ticket: string | undefined,
  ): Promise<User> {
    found(isId(clientId) || undefined);
    const user = request.visitor?.user ?? (await holder(ticket, clientId));
    if (!user) throw new AppError('unauthorized', 'neither cookie, token nor ticket');
    if (user.role === 'moderator') throw new AppError('forbidden', 'a moderator spends nothing');
    found((await reachesClient(sql, reachOf(user), clientId)) || undefined);
    return user;
  }

  async function holder(ticket: string | undefined, subject: string): Promise<User | undefined> {
    const used =
      ticket === undefined
        ? undefined
        : await useTicket(sql, ticket, { purpose: 'test-call', subject });
    return used?.userId ? findActiveUser(sql, used.userId) : undefined;
  }

  async function converse(
    browser: BrowserCall,
    { call, user }: { call: AdmittedCall; user: User },
    request: FastifyRequest,
  ): Promise<void> {
    const { line } = browser;
    const mayStay = async () =>
      request.visitor
        ? isStill(request, parts)
        : (await findActiveUser(sql, user.id)) !== undefined;
    let watch: Watch | undefined;
    try {
      watch = live.watch(call.callId);
    } catch {
      // Too many watch already: the call goes on without its captions.
    }
    const told = watch && tell(watch);
    using _looking = clock.every(LOOK_MS, () => void look(browser, call, mayStay));
    await browserCalls.answer(call, line);
    watch?.[Symbol.dispose]();
    await told;
    browser.close();

    async function tell({ events }: Watch): Promise<void> {
      for await (const event of events) browser.send(event);
    }
  }

  /** The balance for the caller to see; a caller who has been logged out or blocked meanwhile is let go. */
  async function look(
    browser: BrowserCall,
    { client }: AdmittedCall,
    mayStay: () => Promise<boolean>,
  ): Promise<void> {
    try {
      if (!(await mayStay())) return void browser.line.hangUp();
      const balance = await findBalance(sql, client.id);
      browser.send({ type: 'balance', balance_seconds: balance?.liveSeconds ?? 0 });
    } catch {
      // The next look is soon.
    }
  }
}
