// The slots that one call has been offered: only these can be booked, and only for ten minutes.

import { createHmac } from 'node:crypto';
import type { Clock } from '../lib/clock.ts';
import type { Slot } from './availability.ts';

/** Slots in one offer: more than a caller can keep in mind. */
export const OFFERED_MAX = 6;
const OFFER_MS = 10 * 60_000;
const KEPT_MAX = 60;
const ID_LENGTH = 10;

export interface OfferedSlot {
  /** Ten hexadecimal digits that nobody can make without the key. */
  readonly id: string;
  readonly slot: Slot;
}

interface Offer extends OfferedSlot {
  readonly untilMs: number;
}

export interface SlotOffersOptions {
  /** Secret; the same for the whole call. */
  readonly key: string;
  readonly callId: string;
  readonly calendarId: string;
  readonly clock: Clock;
}

export class SlotOffers {
  readonly #options: SlotOffersOptions;
  readonly #offers = new Map<string, Offer>();

  constructor(options: SlotOffersOptions) {
    this.#options = options;
  }

  /** Offers at most the first six. A slot that is offered again keeps its id and gets new time. */
  offer(slots: readonly Slot[]): OfferedSlot[] {
    const untilMs = this.#options.clock.elapsed() + OFFER_MS;
    return slots.slice(0, OFFERED_MAX).map((slot) => {
      const id = this.#idOf(slot);
      this.#offers.delete(id);
      this.#offers.set(id, { id, slot, untilMs });
      for (const oldest of this.#offers.keys()) {
        if (this.#offers.size <= KEPT_MAX) break;
        this.#offers.delete(oldest);
      }
      return { id, slot };
    });
  }

  /** The slot behind an id that this call was offered within the last ten minutes. */
  find(id: string): OfferedSlot | undefined {
    const offer = this.#offers.get(id.trim().toLowerCase());
    return offer && offer.untilMs > this.#options.clock.elapsed() ? offer : undefined;
  }

  /** Names a request to book: this call and this slot. */
  idemKey(id: string): string {
    return `${this.#options.callId}:${id}`;
  }

  #idOf(slot: Slot): string {
    const { key, callId, calendarId } = this.#options;
    return createHmac('sha256', key)
      .update([callId, calendarId, slot.startMs, slot.endMs, slot.resource].join('|'))
      .digest('hex')
      .slice(0, ID_LENGTH);
  }
}
