// A client's calendar as its owner looks at it: the days, what is booked, when Google is busy, and the chairs or staff.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { daysInterval, localDate, openIntervals } from '../../../calendar/hours.ts';
import type { Calendar } from '../../../calendar/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import {
  listAllResources,
  listWeekBookings,
  listWeekBusy,
  saveResources,
} from '../../../store/calendar/calendar-week.ts';
import { findCalendarLink } from '../../../store/calendar/calendar-links.ts';
import { findClient } from '../../../store/clients/clients.ts';
import { findBookingRules } from '../../../store/clients/opening-hours.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { found, requireUser } from '../../identity/auth.ts';
import { dayOf } from '../../schemas/day.ts';
import { writable } from '../../schemas/fields.ts';
import { requireClient } from '../../every-request/require-client.ts';
import {
  errors,
  Id,
  nullable,
  optional,
  PhoneNumber,
  signedIn,
  Timestamp,
} from '../../schemas/schemas.ts';
import { toWire } from '../../schemas/wire.ts';

const DAYS_MAX = 42;
const RESOURCES_MAX = 20;
const tags = ['Calendar'];
const ofClient = Type.Object({ client_id: Id });

const span = { starts_at: Timestamp, ends_at: Timestamp };
const ResourceAnswer = Type.Object({
  number: Type.Integer({ examples: [0] }),
  name: Type.String({ examples: ['Chair 1'] }),
  is_active: Type.Boolean(),
});
const View = Type.Object({
  time_zone: Type.String(),
  from: Type.String({ format: 'date', description: 'A day of that zone.' }),
  ...span,
  open: Type.Array(Type.Object(span), { description: 'The opening hours of these days.' }),
  resources: Type.Array(ResourceAnswer),
  bookings: Type.Array(
    Type.Object({
      id: Id,
      ...span,
      status: Type.Enum(['held', 'confirmed', 'cancelled']),
      resource: Type.Integer(),
      name: Type.String(),
      phone: nullable(PhoneNumber),
      reason: Type.String(),
      conversation_id: nullable(Id),
      contact_id: nullable(Id),
      waiting: Type.Boolean({ description: 'Google has not been told of it yet.' }),
    }),
  ),
  busy: Type.Array(Type.Object({ ...span, resource: Type.Integer() }), {
    description: 'When Google says that somebody is busy; what with is never read.',
  }),
  synced_at: nullable(Timestamp),
});
const Resources = Type.Object(
  {
    resources: Type.Array(Type.Object({ name: Type.String({ maxLength: 100 }) }), {
      minItems: 1,
      maxItems: RESOURCES_MAX,
    }),
  },
  { examples: [{ resources: [{ name: 'Chair 1' }, { name: 'Chair 2' }] }] },
);

export interface CalendarViewParts {
  readonly sql: Sql;
  readonly clock: Clock;
  openCalendar(clientId: string): Promise<Calendar>;
}

export function calendarViewRoutes(parts: CalendarViewParts): FastifyPluginAsync {
  const { sql, clock } = parts;
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);
    app.addHook('onRequest', requireClient(sql));

    app.get(
      '/api/clients/:client_id/calendar/days',
      {
        schema: {
          tags,
          summary: 'Look at some days of the calendar',
          description:
            'Appointments (held, confirmed and cancelled), the opening hours, and when Google Calendar is busy besides. Without `from` the week that it is now, from its Monday.',
          security: signedIn,
          params: ofClient,
          querystring: Type.Object({
            from: optional(
              Type.String({
                maxLength: 10,
                description: 'A day of the client’s zone.',
                examples: ['2026-02-09'],
              }),
            ),
            days: optional(Type.Integer({ minimum: 1, maximum: DAYS_MAX, default: 7 })),
          }),
          response: { 200: View, ...errors(401, 404) },
        },
      },
      async (request) => {
        const { client_id: clientId } = request.params;
        const client = found(await findClient(sql, clientId));
        const { zone } = client;
        const { from } = request.query;
        const first =
          from === undefined ? mondayOf(localDate(zone, clock.now())) : dayOf('from', from);
        const last = first.add({ days: (request.query.days ?? 7) - 1 });
        const interval = daysInterval(zone, first.toString(), last.toString());
        const calendar = await parts.openCalendar(clientId);
        const [rules, bookings, busy, resources, link] = await Promise.all([
          findBookingRules(sql, clientId),
          listWeekBookings(sql, clientId, interval),
          listWeekBusy(sql, clientId, calendar.id, interval),
          listAllResources(sql, calendar.id),
          findCalendarLink(sql, clientId),
        ]);
        const open = rules ? openIntervals(rules, first.toString(), last.toString()) : [];
        return {
          time_zone: zone,
          from: first.toString(),
          ...spanOf(interval),
          open: open.map(spanOf),
          resources: resources.map(toWire),
          bookings: bookings.map(toWire),
          busy: busy.map(toWire),
          synced_at: link?.syncedAt?.toISOString() ?? null,
        };
      },
    );

    app.get(
      '/api/clients/:client_id/calendar/resources',
      {
        schema: {
          tags,
          summary: 'List the chairs or staff',
          description: 'In the order in which they are filled.',
          security: signedIn,
          params: ofClient,
          response: { 200: Type.Array(ResourceAnswer), ...errors(401, 404) },
        },
      },
      async (request) => {
        const calendar = await parts.openCalendar(request.params.client_id);
        return (await listAllResources(sql, calendar.id)).map(toWire);
      },
    );

    app.put(
      '/api/clients/:client_id/calendar/resources',
      {
        schema: {
          tags,
          summary: 'Set the chairs or staff',
          description:
            'Each can be booked at the same time as the others. What is booked with one that is left out stays.',
          security: signedIn,
          params: ofClient,
          body: Resources,
          response: { 200: Type.Array(ResourceAnswer), ...errors(401, 403, 404) },
        },
      },
      async (request) => {
        const { resources } = writable(Resources, request.body);
        const calendar = await parts.openCalendar(request.params.client_id);
        await saveResources(
          sql,
          calendar.id,
          resources.map(({ name }) => name),
        );
        return (await listAllResources(sql, calendar.id)).map(toWire);
      },
    );
  };
  return routes;
}

function mondayOf(date: string): Temporal.PlainDate {
  const day = Temporal.PlainDate.from(date);
  return day.subtract({ days: day.dayOfWeek - 1 });
}

function spanOf({ startMs, endMs }: { readonly startMs: number; readonly endMs: number }) {
  return { starts_at: new Date(startMs).toISOString(), ends_at: new Date(endMs).toISOString() };
}
