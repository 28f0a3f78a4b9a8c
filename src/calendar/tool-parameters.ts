// The parameters of the calendar's tools: one schema gives the type, the check, and what the model reads.

import { Type } from 'typebox';
import type { Static } from 'typebox';

const text = (description: string, maxLength = 80) =>
  Type.Optional(Type.String({ maxLength, description }));

export const slotsParameters = Type.Object(
  {
    date: text(
      'The day in English as the caller said it ("tomorrow", "next Tuesday", "March second", "next week"), or as YYYY-MM-DD. Leave it out for the earliest.',
    ),
    until: text('The last day, when the caller named several.'),
    time: text('The time in English as the caller said it ("half past two"), or as HH:MM.'),
    part_of_day: Type.Optional(Type.Enum(['any', 'morning', 'afternoon', 'evening'])),
    duration_minutes: Type.Optional(
      Type.Integer({
        minimum: 5,
        maximum: 480,
        description: 'Only when your instructions say that the service takes longer or shorter.',
      }),
    ),
  },
  { additionalProperties: false },
);

export const bookParameters = Type.Object(
  {
    slot_id: Type.String({
      maxLength: 40,
      description: 'The slot_id of a slot from get_available_slots.',
    }),
    name: Type.String({ maxLength: 200, description: "The caller's name as the caller gave it." }),
    reason: text('What the appointment is for, in a few words.', 500),
    phone: text('Only when the caller gave another number than the one they call from.', 40),
    additional: Type.Optional(
      Type.Boolean({
        description:
          'True only when the caller wants one more appointment besides the one booked in this call.',
      }),
    ),
  },
  { additionalProperties: false },
);

const whichAppointment = {
  name: text('The name the appointment is under, as the caller gave it.', 200),
  appointment_date: text(
    'The day of the existing appointment, in English as the caller said it, or as YYYY-MM-DD.',
  ),
  appointment_time: text('Its time, when the caller has more than one that day.'),
};

export const cancelParameters = Type.Object(whichAppointment, { additionalProperties: false });

export const rescheduleParameters = Type.Object(
  {
    slot_id: Type.String({
      maxLength: 40,
      description: 'The slot_id of the new time, from get_available_slots.',
    }),
    ...whichAppointment,
  },
  { additionalProperties: false },
);

export type SlotsArgs = Static<typeof slotsParameters>;
export type BookArgs = Static<typeof bookParameters>;
export type RescheduleArgs = Static<typeof rescheduleParameters>;
/** Which existing appointment is meant. */
export type WhichArgs = Static<typeof cancelParameters>;
