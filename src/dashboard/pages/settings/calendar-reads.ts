// What the calendar's settings ask, and what changes with its connection.

import type { Answer, ReadName } from '../../lib/api.ts';

export const STATUS = 'GET /api/clients/{client_id}/calendar/status';
export type CalendarStatus = Answer<typeof STATUS>;

export const calendarReads: readonly ReadName[] = [
  STATUS,
  'GET /api/clients/{client_id}/calendar/calendars',
  'GET /api/clients/{client_id}/calendar/days',
];
