// Reminds callers of their appointments by text message, as long before as the client wishes.

import { claimReminders } from '../../store/calendar/booking-reminders.ts';
import type { Log } from '../../lib/log.ts';
import { eachAloneIn } from '../../store/database/each-alone.ts';
import type { Sql } from '../../store/database/sql.ts';
import { idempotent } from '../../store/database/store-error.ts';
import { tellCaller } from './booking-messages.ts';

const AT_ONCE_MAX = 100;

/** One round. Marked and written in one transaction: nobody is reminded twice of the same time. */
export async function sendReminders({
  sql,
  log,
}: {
  readonly sql: Sql;
  readonly log: Log;
}): Promise<void> {
  await idempotent(() =>
    sql.begin(async (tx) => {
      await eachAloneIn(
        tx,
        await claimReminders(tx, AT_ONCE_MAX),
        (inner, booking) => tellCaller(inner, 'reminder', booking),
        ({ id: bookingId }, error) =>
          log.error('ALARM: a caller cannot be reminded', { bookingId, error }),
      );
    }),
  );
}
