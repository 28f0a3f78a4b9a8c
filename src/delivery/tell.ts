// Who is told of what: a message goes to the owner's numbers and webhook, a changed appointment to the caller and the webhook.

import type { Log } from '../lib/log.ts';
import { takeBookingChanges } from '../store/calendar/booking-changes.ts';
import type { BookingChange } from '../store/calendar/booking-changes.ts';
import { findLineSettings } from '../store/clients/line-settings.ts';
import { saveMessageAudio } from '../store/calls/message-audio.ts';
import { saveMessage } from '../store/calls/messages.ts';
import type { NewMessage } from '../store/calls/messages.ts';
import { enqueueSms, enqueueWebhook } from '../store/service/outbox.ts';
import type { Sql, Transaction } from '../store/database/sql.ts';
import { idempotent } from '../store/database/store-error.ts';
import { bookingText, messageText } from './texts.ts';

/** Stores what a caller left, its sound if there is any, with everything that tells the business of it: all or nothing. */
export async function passOnMessage(
  sql: Sql,
  message: NewMessage,
  language: string,
  audio?: { readonly audio: Uint8Array; readonly heard: boolean },
): Promise<void> {
  const { id, clientId, conversationId, name, phone, text, urgent } = message;
  await idempotent(() =>
    sql.begin(async (tx) => {
      await saveMessage(tx, message);
      if (audio) await saveMessageAudio(tx, id, audio);
      const { notifyNumbers } = await findLineSettings(tx, clientId);
      for (const to of notifyNumbers) {
        const body = messageText(message, language);
        await enqueueSms(tx, {
          clientId,
          to,
          body,
          event: 'message.created',
          dedupeKey: `message:${id}:${to}`,
        });
      }
      await enqueueWebhook(tx, {
        clientId,
        event: 'message.created',
        data: { id, conversation_id: conversationId, name, phone, text, urgent },
        dedupeKey: `message:${id}`,
      });
    }),
  );
}

/**
 * Tells callers and webhooks of appointments that were booked, moved or cancelled; how many there were. `invitationUrl`:
 * where callers can have an appointment for their own calendar.
 */
export function tellBookingChanges(
  { sql, log }: { readonly sql: Sql; readonly log: Log },
  invitationUrl?: (bookingId: string) => string,
): Promise<number> {
  return takeBookingChanges(
    sql,
    (tx, change) => tellOne(tx, change, invitationUrl),
    ({ bookingId, clientId, kind }, error) =>
      log.error('ALARM: nobody can be told of an appointment', {
        bookingId,
        clientId,
        kind,
        error,
      }),
  );
}

async function tellOne(
  tx: Transaction,
  change: BookingChange,
  invitationUrl: ((bookingId: string) => string) | undefined,
): Promise<void> {
  const { clientId, bookingId, changeId, kind, phone } = change;
  const event = `booking.${kind}`;
  const { smsToCallers } = await findLineSettings(tx, clientId);
  if ((smsToCallers || change.promised) && phone !== null) {
    const body = bookingText(change, invitationUrl?.(bookingId));
    await enqueueSms(tx, { clientId, to: phone, body, event, dedupeKey: `booking:${changeId}` });
  }
  await enqueueWebhook(tx, {
    clientId,
    event,
    data: {
      booking_id: bookingId,
      conversation_id: change.conversationId,
      name: change.name,
      phone,
      reason: change.reason,
      starts_at: change.startsAt.toISOString(),
      ends_at: change.endsAt.toISOString(),
    },
    dedupeKey: `booking:${changeId}`,
  });
}
