// A client's appointments: read, moved, cancelled by the owner.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Calendar } from '../../../calendar/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { AppError } from '../../../lib/errors.ts';
import { newId } from '../../../lib/ids.ts';
import { findOwnedBooking, listOwnedBookings } from '../../../store/calendar/booking-list.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { found, requireUser } from '../../identity/auth.ts';
import { invalid, writable } from '../../schemas/fields.ts';
import { Moment, momentOf } from '../../schemas/moment.ts';
import { pageHeaders, pageQuery, parsePage, tellPage } from '../../schemas/page.ts';
import { requireClient } from '../../every-request/require-client.ts';
import {
  errors,
  Id,
  Message,
  nullable,
  optional,
  PhoneNumber,
  signedIn,
  Timestamp,
} from '../../schemas/schemas.ts';
import { toWire } from '../../schemas/wire.ts';

const MINUTE_MS = 60_000;
/** Owners move appointments beyond what callers may book, but nobody means the year 9999. */
const AHEAD_YEARS_MAX = 10;
const AHEAD_MS_MAX = AHEAD_YEARS_MAX * 366 * 24 * 60 * MINUTE_MS;

const statuses = ['held', 'confirmed', 'cancelled', 'expired'];
const BookingAnswer = Type.Object(
  {
    id: Id,
    client_id: Id,
    starts_at: Timestamp,
    ends_at: Timestamp,
    status: Type.String({ enum: statuses }),
    name: Type.String(),
    phone: nullable(PhoneNumber),
    reason: Type.String(),
    conversation_id: nullable(Id),
    contact_id: nullable(Id),
    created_at: Timestamp,
    updated_at: Timestamp,
    waiting: Type.Boolean({
      description:
        'Google has not been told of it yet; with the status held: it is promised to a caller and not certain yet.',
    }),
  },
  {
    examples: [
      {
        id: '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5e',
        client_id: '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5a',
        starts_at: '2026-02-10T15:00:00.000Z',
        ends_at: '2026-02-10T15:30:00.000Z',
        status: 'confirmed',
        name: 'John Doe',
        phone: '+15551234567',
        reason: 'Cleaning',
        conversation_id: null,
        contact_id: null,
        created_at: '2026-02-06T10:00:00.000Z',
        updated_at: '2026-02-06T10:00:00.000Z',
        waiting: false,
      },
    ],
  },
);
const Move = Type.Object(
  { starts_at: Type.String({ format: 'date-time', maxLength: 40 }) },
  { examples: [{ starts_at: '2026-02-10T16:00:00Z' }] },
);
const ofBooking = Type.Object({ client_id: Id, booking_id: Id });
const tags = ['Bookings'];

export interface BookingRoutesParts {
  readonly sql: Sql;
  readonly clock: Clock;
  openCalendar(clientId: string): Promise<Calendar>;
}

export function bookingRoutes(parts: BookingRoutesParts): FastifyPluginAsync {
  const { sql, clock } = parts;
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);
    app.addHook('onRequest', requireClient(sql));

    app.get(
      '/api/clients/:client_id/bookings',
      {
        schema: {
          tags,
          summary: 'List the bookings of a client',
          description: `Earliest first, with what was promised to callers and waits for Google (held, waiting), without what was only held for a while. ${pageHeaders}`,
          security: signedIn,
          params: Type.Object({ client_id: Id }),
          querystring: Type.Object({
            ...pageQuery,
            from: optional(Moment),
            until: optional(Moment),
            status: optional(Type.String({ enum: statuses })),
          }),
          response: { 200: Type.Array(BookingAnswer), ...errors(401, 404) },
        },
      },
      async (request, reply) => {
        const { from, until, status } = request.query;
        const filter = {
          clientId: request.params.client_id,
          status,
          from: momentOf('from', from),
          until: momentOf('until', until),
        };
        const page = await listOwnedBookings(sql, filter, parsePage(request.query));
        tellPage(request, reply, page);
        return page.rows.map(toWire);
      },
    );

    app.get(
      '/api/clients/:client_id/bookings/:booking_id',
      {
        schema: {
          tags,
          summary: 'Get a booking',
          security: signedIn,
          params: ofBooking,
          response: { 200: BookingAnswer, ...errors(401, 404) },
        },
      },
      async (request) => {
        const { client_id: clientId, booking_id: id } = request.params;
        return toWire(found(await findOwnedBooking(sql, { id, clientId })));
      },
    );

    app.patch(
      '/api/clients/:client_id/bookings/:booking_id',
      {
        schema: {
          tags,
          summary: 'Move a booking',
          description:
            'To any time of the next ten years, opening hours or not, as long as nothing else is there; it keeps its length.',
          security: signedIn,
          params: ofBooking,
          body: Move,
          response: { 200: BookingAnswer, ...errors(401, 403, 404, 409, 502) },
        },
      },
      async (request) => {
        const { client_id: clientId, booking_id: id } = request.params;
        const body = writable(Move, request.body);
        const startMs = momentOf('starts_at', body.starts_at).getTime();
        const booking = found(await findOwnedBooking(sql, { id, clientId }));
        if (startMs < clock.now()) throw invalid('starts_at', 'Must be in the future.');
        if (startMs > clock.now() + AHEAD_MS_MAX) {
          throw invalid('starts_at', `Must be within ${AHEAD_YEARS_MAX} years.`);
        }
        const lengthMs = booking.endsAt.getTime() - booking.startsAt.getTime();
        await move(await parts.openCalendar(clientId), id, { startMs, endMs: startMs + lengthMs });
        return toWire(found(await findOwnedBooking(sql, { id, clientId })));
      },
    );

    app.delete(
      '/api/clients/:client_id/bookings/:booking_id',
      {
        schema: {
          tags,
          summary: 'Cancel a booking',
          security: signedIn,
          params: ofBooking,
          response: { 200: Message, ...errors(401, 403, 404, 502) },
        },
      },
      async (request) => {
        const { client_id: clientId, booking_id: id } = request.params;
        found(await findOwnedBooking(sql, { id, clientId }));
        const calendar = await parts.openCalendar(clientId);
        found((await calendar.cancel(id)) || undefined);
        return { message: 'Booking cancelled successfully' };
      },
    );
  };
  return routes;

  /** To the first chair that is free then. */
  async function move(
    calendar: Calendar,
    id: string,
    { startMs, endMs }: { startMs: number; endMs: number },
  ): Promise<void> {
    const { signal } = new AbortController();
    const [rules, resources] = await Promise.all([
      calendar.rules(signal),
      calendar.resources(signal),
    ]);
    const during = {
      startMs: startMs - (rules?.bufferBeforeMinutes ?? 0) * MINUTE_MS,
      endMs: endMs + (rules?.bufferAfterMinutes ?? 0) * MINUTE_MS,
    };
    for (const resource of resources) {
      const idemKey = `owner:${newId(clock.now())}`;
      const moved = await calendar.move(id, { startMs, endMs, resource, during }, idemKey);
      // Pending: it has been moved here, and Google is told later.
      if (moved.status === 'moved' || moved.status === 'pending') return;
      if (moved.status === 'gone' || moved.status === 'uncertain') {
        throw new AppError('conflict', 'a booking that is not confirmed', {
          publicMessage: 'Only a confirmed booking can be moved.',
        });
      }
    }
    throw new AppError('conflict', 'the time is taken', {
      publicMessage: 'Something else is booked at that time.',
    });
  }
}
