// A calendar: what is taken, and appointments held, confirmed, moved, cancelled and found. Built in, or Google's.

import type { Booking } from '../store/calendar/bookings.ts';
import type { BookingRules } from '../store/clients/opening-hours.ts';
import type { Busy, Slot } from './availability.ts';
import type { Interval } from './hours.ts';

/** What a caller books under. The business knows them as a contact from then on, by the number. */
export interface BookingDetails {
  readonly name: string;
  /** E.164, or undefined when withheld and not given. */
  readonly phone: string | undefined;
  /** Empty when not given. */
  readonly reason: string;
  readonly conversationId: string | undefined;
}

export interface HoldRequest {
  readonly slot: Slot;
  /** Names the request: made again it finds its own booking, with the details brought up to date. */
  readonly idemKey: string;
  readonly holdMs: number;
  readonly details: BookingDetails;
}

export type HoldResult =
  /** `same`: this request holds or has it already. */
  { readonly status: 'held' | 'same'; readonly bookingId: string } | { readonly status: 'taken' };

export type ConfirmResult =
  | { readonly status: 'confirmed'; readonly booking: Booking }
  /** The outside calendar did not answer: the hold stays, and the business confirms by message. */
  | { readonly status: 'pending' }
  /** Somebody else has it after all. */
  | { readonly status: 'taken' };

export type MoveResult =
  /** `pending`: it is moved with us, and the outside calendar is told later; the business confirms by message. */
  | { readonly status: 'moved' | 'pending'; readonly booking: Booking }
  /** `uncertain`: nobody knows yet whether the outside calendar has it. */
  | { readonly status: 'taken' | 'gone' | 'uncertain' };

/** Which confirmed or promised bookings are meant: those that start within a span, or those that a conversation has made. */
export type BookingQuery =
  | { readonly startsWithin: Interval }
  | { readonly conversationId: string };

/**
 * One client's calendar. What has begun to change it runs to its end within the limits of the implementation, so that
 * nothing is left half booked; only reads and the hold follow a signal. Rejects with `vendor_failed` or `unavailable`
 * when it cannot be asked.
 */
export interface Calendar {
  /** Part of every slot id. */
  readonly id: string;
  /** The rules as they are now; undefined when the owner has saved none. */
  rules(signal: AbortSignal): Promise<BookingRules | undefined>;
  /** Numbers of the chairs or staff that can be booked, in the order in which they are filled. */
  resources(signal: AbortSignal): Promise<readonly number[]>;
  /** What is taken within the window, buffers included. */
  busy(window: Interval, signal: AbortSignal): Promise<readonly Busy[]>;
  hold(request: HoldRequest, signal: AbortSignal): Promise<HoldResult>;
  confirm(bookingId: string): Promise<ConfirmResult>;
  /** `idemKey` names the request: made again it leaves the booking where it is. */
  move(bookingId: string, slot: Slot, idemKey: string): Promise<MoveResult>;
  /** False when there is no such booking; again changes nothing and is true. */
  cancel(bookingId: string): Promise<boolean>;
  /** Confirmed bookings, and those that are promised and not certain yet (held), in order of their start. */
  find(query: BookingQuery, signal: AbortSignal): Promise<readonly Booking[]>;
}
