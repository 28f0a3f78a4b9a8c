// What callers are sent besides what happens to their appointment: that it did not come true, and that it is near.

import { findLineSettings } from '../../store/clients/line-settings.ts';
import { enqueueSms } from '../../store/service/outbox.ts';
import type { OutsideBooking } from '../../store/calendar/unfinished-bookings.ts';
import type { SqlRunner } from '../../store/database/sql.ts';
import { messageText } from './message-text.ts';
import type { MessageKind } from './message-text.ts';

/**
 * Within the transaction of `tx`, each once. What was promised by word of mouth is sent whatever the settings say;
 * reminders only by clients that send text messages to callers.
 */
export async function tellCaller(
  tx: SqlRunner,
  kind: MessageKind,
  booking: OutsideBooking,
): Promise<void> {
  const { id, clientId, startMs, phone, zone, language, businessName } = booking;
  if (phone === null) return;
  if (kind === 'reminder' && !(await findLineSettings(tx, clientId)).smsToCallers) return;
  await enqueueSms(tx, {
    clientId,
    to: phone,
    body: messageText(kind, { language, businessName, zone, startMs }),
    dedupeKey: `booking:${id}:${kind}:${startMs}`,
    event: kind === 'reminder' ? 'booking.reminder' : 'booking.lost',
  });
}
