// When Google refuses or does not answer: noted on the link, and told to the owner once.

import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { breakLink, noteLinkFailure } from '../../store/calendar/calendar-links.ts';
import { notifyOwner } from '../../store/clients/notices.ts';
import type { Sql } from '../../store/database/sql.ts';
import { isBroken } from './google-faults.ts';

/** A silence that owners hear of. */
const SILENCE_MS = 5 * 60_000;

/** Never rejects. Anything but a failure of Google's is a fault of ours and logged as such. */
export async function noteTrouble(
  { sql, clock, log }: { sql: Sql; clock: Clock; log: Log },
  clientId: string,
  error: unknown,
): Promise<void> {
  const known = error instanceof AppError && error.message.startsWith('google');
  log[known ? 'warn' : 'error']('google calendar failed', { clientId, error });
  if (!known) return;
  try {
    if (isBroken(error)) {
      if (!(await breakLink(sql, clientId, error.message))) return;
      await notifyOwner(sql, {
        clientId,
        kind: 'calendar_disconnected',
        severity: 'error',
        text: 'Google Calendar no longer lets Frontdesk in. Calls go on: what callers book is kept and written once you connect the calendar again.',
        dedupeKey: `calendar_disconnected:${clock.now()}`,
        data: { fault: error.message },
      });
      return;
    }
    const since = await noteLinkFailure(sql, clientId, error.message);
    if (!since || clock.now() - since.getTime() < SILENCE_MS) return;
    await notifyOwner(sql, {
      clientId,
      kind: 'calendar_unreachable',
      severity: 'warning',
      text: 'Google Calendar has not answered for some minutes. Calls go on: what callers book is kept, and they are sent a message once it is certain.',
      dedupeKey: `calendar_unreachable:${since.getTime()}`,
      data: { since: since.toISOString() },
    });
  } catch (failure) {
    log.error('trouble with a calendar could not be noted', { clientId, error: failure });
  }
}
