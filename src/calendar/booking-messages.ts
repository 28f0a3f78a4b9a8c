// What callers and the client's own systems are told of an appointment, each once, written in the transaction that makes it true.

import { enqueueSms, enqueueWebhook } from '../store/outbox.ts';
import { findMessageSettings } from '../store/booking-settings.ts';
import type { OutsideBooking } from '../store/unfinished-bookings.ts';
import type { SqlRunner } from '../store/sql.ts';
import { messageText } from './message-text.ts';
import type { MessageKind } from './message-text.ts';

export interface BookingMessages {
  /** Within the transaction of `tx`. */
  tell(tx: SqlRunner, kind: MessageKind, booking: OutsideBooking): Promise<void>;
}

const webhookEvents: Readonly<Record<MessageKind, string | undefined>> = {
  confirmed: 'booking.confirmed',
  moved: 'booking.moved',
  cancelled: 'booking.cancelled',
  sorry: 'booking.cancelled',
  reminder: undefined,
};

/** `invitationUrl`: where the appointment can be had for the caller's own calendar. */
export function bookingMessages(parts: {
  readonly invitationUrl: (bookingId: string) => string;
}): BookingMessages {
  return {
    async tell(tx, kind, booking) {
      const { id, clientId, startMs, phone } = booking;
      // A move is told for each time it leads to; all else once.
      const dedupeKey = `booking:${id}:${kind}${kind === 'moved' || kind === 'reminder' ? `:${startMs}` : ''}`;
      const event = webhookEvents[kind];
      if (event !== undefined) {
        const data = {
          booking_id: id,
          status: kind === 'sorry' ? 'cancelled' : booking.status,
          starts_at: new Date(startMs).toISOString(),
          ends_at: new Date(booking.endMs).toISOString(),
          name: booking.name,
          phone,
          reason: booking.reason,
        };
        await enqueueWebhook(tx, { clientId, event, data, dedupeKey });
      }
      if (phone === null) return;
      const settings = await findMessageSettings(tx, clientId);
      // What was promised by word of mouth is sent whatever the settings say.
      const promised = booking.promisedAt !== null || kind === 'sorry';
      if (!settings || (!settings.confirmBySms && !promised && kind !== 'reminder')) return;
      const body = messageText(kind, {
        language: settings.language,
        businessName: settings.businessName,
        zone: booking.zone,
        startMs,
        url: kind === 'confirmed' || kind === 'moved' ? parts.invitationUrl(id) : undefined,
      });
      await enqueueSms(tx, {
        clientId,
        to: phone,
        body,
        dedupeKey,
        event: event ?? 'booking.reminder',
      });
    },
  };
}
