// Opening hours and holidays as owners give them.

import { Type } from 'typebox';
import { optional } from './schemas.ts';

const Range = Type.Object(
  {
    opens: Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', examples: ['09:00'] }),
    closes: Type.String({
      pattern: '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$',
      examples: ['17:00'],
    }),
  },
  { additionalProperties: false },
);
const Ranges = Type.Array(Range, { maxItems: 12 });

export const Week = Type.Object(
  {
    monday: optional(Ranges),
    tuesday: optional(Ranges),
    wednesday: optional(Ranges),
    thursday: optional(Ranges),
    friday: optional(Ranges),
    saturday: optional(Ranges),
    sunday: optional(Ranges),
  },
  {
    additionalProperties: false,
    description:
      'Local clock times; a day that is left out is closed, a break lies between two ranges.',
  },
);
export const Holidays = Type.Array(
  Type.Object(
    {
      date: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', examples: ['2026-12-25'] }),
      name: Type.String({ maxLength: 100, default: '' }),
      hours: Type.Array(Range, { maxItems: 12, default: [] }),
    },
    { additionalProperties: false },
  ),
  { maxItems: 500, description: 'Days with hours of their own; without hours they are closed.' },
);
