// Reminds callers of their appointments by text message, as long before as the client wishes.

import { claimReminders } from '../../store/calendar/booking-reminders.ts';
import type { Sql } from '../../store/database/sql.ts';
import { idempotent } from '../../store/database/store-error.ts';
import { tellCaller } from './booking-messages.ts';

const AT_ONCE_MAX = 100;

/** One round. Marked and written in one transaction: nobody is reminded twice of the same time. */
export async function sendReminders(sql: Sql): Promise<void> {
  await idempotent(() =>
    sql.begin(async (tx) => {
      for (const booking of await claimReminders(tx, AT_ONCE_MAX)) {
        await tellCaller(tx, 'reminder', booking);
      }
    }),
  );
}
