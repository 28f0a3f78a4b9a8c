// Appointments for other calendars: a feed for the owner under a secret address, an invitation for the caller.

import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { icsFeed, icsInvitation } from '../../../calendar/messages/ics.ts';
import type { IcsBooking } from '../../../calendar/messages/ics.ts';
import { feedToken, readInvitation } from '../../../calendar/messages/invitation.ts';
import {
  endCalendarFeed,
  findCalendarFeed,
  findFeedClient,
  renewCalendarFeed,
} from '../../../store/calendar/calendar-feeds.ts';
import { findFeedBooking, listFeedBookings } from '../../../store/calendar/ics-bookings.ts';
import type { FeedBooking } from '../../../store/calendar/ics-bookings.ts';
import { found, requireUser } from '../../identity/auth.ts';
import type { AuthParts } from '../../identity/auth.ts';
import { requireClient } from '../../every-request/require-client.ts';
import { errors, Id, Message, nullable, open, signedIn, Timestamp } from '../../schemas/schemas.ts';

const tags = ['Calendar'];
const ofClient = Type.Object({ client_id: Id });
const Feed = Type.Object({
  url: nullable(
    Type.String({
      description: 'Whoever has it can read the appointments.',
    }),
  ),
  created_at: nullable(Timestamp),
});
const file = {
  description: 'A file of iCalendar.',
  content: { 'text/calendar': { schema: Type.String() } },
};
const token = Type.String({ maxLength: 200 });

/** The client's feed: made, looked at, given up. */
export function calendarFeedRoutes(parts: AuthParts): FastifyPluginAsyncTypebox {
  const { sql, jwtSecret, publicUrl } = parts;
  const urlOf = (clientId: string, generation: number) =>
    `${publicUrl}/calendar/feeds/${feedToken(jwtSecret, clientId, generation)}.ics`;

  return async (app) => {
    app.addHook('onRequest', requireUser);
    app.addHook('onRequest', requireClient(sql));

    app.get(
      '/api/clients/:client_id/calendar/feed',
      {
        schema: {
          tags,
          summary: 'Get the address of the calendar feed',
          security: signedIn,
          params: ofClient,
          response: { 200: Feed, ...errors(401, 404) },
        },
      },
      async (request) => {
        const { client_id: clientId } = request.params;
        const feed = await findCalendarFeed(sql, clientId);
        if (!feed) return { url: null, created_at: null };
        const { generation, createdAt } = feed;
        return { url: urlOf(clientId, generation), created_at: createdAt.toISOString() };
      },
    );

    app.post(
      '/api/clients/:client_id/calendar/feed',
      {
        schema: {
          tags,
          summary: 'Make a calendar feed',
          description:
            'An address that other calendars can subscribe to. Asked again, it is a new one, and the old one is worth nothing.',
          security: signedIn,
          params: ofClient,
          response: { 200: Feed, ...errors(401, 403, 404) },
        },
      },
      async (request) => {
        const { client_id: clientId } = request.params;
        const { generation, createdAt } = await renewCalendarFeed(sql, clientId, (number) =>
          feedToken(jwtSecret, clientId, number),
        );
        return { url: urlOf(clientId, generation), created_at: createdAt.toISOString() };
      },
    );

    app.delete(
      '/api/clients/:client_id/calendar/feed',
      {
        schema: {
          tags,
          summary: 'End the calendar feed',
          security: signedIn,
          params: ofClient,
          response: { 200: Message, ...errors(401, 403, 404) },
        },
      },
      async (request) => {
        found((await endCalendarFeed(sql, request.params.client_id)) || undefined);
        return { message: 'Calendar feed ended successfully' };
      },
    );
  };
}

/** What is read with nothing but the address. */
export function calendarFileRoutes({ sql, jwtSecret }: AuthParts): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/calendar/feeds/:token',
      {
        schema: {
          tags,
          summary: 'Read a calendar feed',
          security: open,
          params: Type.Object({ token }),
          response: { 200: file, ...errors(404) },
        },
      },
      async (request, reply) => {
        const given = request.params.token.replace(/\.ics$/, '');
        const client = found(await findFeedClient(sql, given));
        const bookings = await listFeedBookings(sql, client.clientId);
        return send(reply, icsFeed(client.name, bookings.map(forOwner)));
      },
    );

    app.get(
      '/i/:token',
      {
        schema: {
          tags,
          summary: 'Read an invitation',
          description: 'What callers are sent with the confirmation of their appointment.',
          security: open,
          params: Type.Object({ token }),
          response: { 200: file, ...errors(404) },
        },
      },
      async (request, reply) => {
        const id = found(readInvitation(jwtSecret, request.params.token));
        const booking = found(await findFeedBooking(sql, id));
        return send(reply, icsInvitation(booking.businessName, forCaller(booking)));
      },
    );
  };
}

function forOwner(booking: FeedBooking): IcsBooking {
  const { name, phone, reason, resourceName } = booking;
  const lines = [reason, phone ?? '', resourceName].filter((line) => line !== '');
  return { ...timesOf(booking), summary: name, description: lines.join('\n') };
}

/** Whoever finds the message learns of the time, and not whose it is or what for. */
function forCaller(booking: FeedBooking): IcsBooking {
  return { ...timesOf(booking), summary: booking.businessName, description: '' };
}

function timesOf({ id, startMs, endMs, updatedMs, status }: FeedBooking) {
  return {
    id,
    startMs,
    endMs,
    updatedMs,
    state: status === 'held' ? 'tentative' : status,
  } as const;
}

function send(reply: FastifyReply, text: string) {
  return reply
    .type('text/calendar; charset=utf-8')
    .header('cache-control', 'private, max-age=300')
    .serializer((given: string) => given)
    .send(text);
}
