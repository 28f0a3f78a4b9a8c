// What the model may do with the calendar: look for slots, book, move, cancel. What is said comes from the stored booking.

import type { Clock } from '../lib/clock.ts';
import type { Tool, ToolResult } from '../pipeline/types.ts';
import type { Booking } from '../store/calendar/bookings.ts';
import type { BookingRules } from '../store/clients/opening-hours.ts';
import type { Slot, SlotWish } from './availability.ts';
import type { CallerIdentity, Identified } from './caller-identity.ts';
import { parseClock } from './wording/clock-words.ts';
import { parseDays } from './wording/day-words.ts';
import type { Days } from './wording/day-words.ts';
import { findSlots } from './find-slots.ts';
import type { SlotAnswer } from './find-slots.ts';
import { clockMinutes, localDate, localTime } from './hours.ts';
import { cleanName, cleanReason } from './wording/spoken-details.ts';
import type { SlotOffers } from './slot-offers.ts';
import { bookingSentences } from './wording/said.ts';
import type { BookingSentences } from './wording/said.ts';
import { spokenMoment } from './wording/spoken-time.ts';
import {
  bookParameters,
  cancelParameters,
  rescheduleParameters,
  slotsParameters,
} from './tool-parameters.ts';
import type { BookArgs, RescheduleArgs, SlotsArgs, WhichArgs } from './tool-parameters.ts';
import type { Calendar } from './types.ts';

/** Long enough for an outside calendar to answer, short enough for the next caller. */
const HOLD_MS = 120_000;

export interface CalendarToolsParts {
  readonly calendar: Calendar;
  readonly offers: SlotOffers;
  readonly clock: Clock;
  /** BCP 47. Sentences to be spoken word for word are made in English only; else the model says it in its own words. */
  readonly language: string;
  /** E.164, or undefined when withheld. Never proof of who is calling. */
  readonly callerPhone: string | undefined;
  readonly conversationId: string | undefined;
  /** Shared with whatever else tells this caller something about appointments. */
  readonly identity: CallerIdentity;
  /** A number as spoken or written to E.164, undefined when it is none. */
  readonly parsePhone: (text: string) => string | undefined;
}

const proof =
  'For an appointment made in this call leave name and date out. For any other ask for both first: the number they call from proves nothing.';

/**
 * The four tools for one call. Refusals are texts for the model; they reject only when the calendar cannot be asked.
 * `say` is what to speak word for word.
 */
export function calendarTools(parts: CalendarToolsParts): readonly Tool[] {
  const { calendar, offers, clock, language, identity } = parts;
  /** What was done to an appointment that is no longer found by the same words: a repeated request is answered alike. */
  const done = new Map<string, ToolResult>();
  /** How often somebody else was faster in this call. */
  let lost = 0;

  return [
    {
      name: 'get_available_slots',
      description:
        'Finds free times. Call it before you offer any time, and again for another day or time. Offer only what it returns, two or three at once.',
      parameters: slotsParameters,
      run: (args, { signal }) =>
        withRules(signal, (rules) => slots(args as SlotsArgs, rules, signal)),
    },
    {
      name: 'book_appointment',
      description:
        'Books an offered slot once the caller has agreed to it and given a name. Nothing is booked until it says so. To correct a name or number, call it again with the same slot_id.',
      parameters: bookParameters,
      run: (args, { signal }) =>
        withRules(signal, (rules) => book(args as BookArgs, rules, signal)),
    },
    {
      name: 'reschedule_appointment',
      description: `Moves an appointment to an offered slot. ${proof}`,
      parameters: rescheduleParameters,
      run: (args, { signal }) =>
        withRules(signal, (rules) => reschedule(args as RescheduleArgs, rules, signal)),
    },
    {
      name: 'cancel_appointment',
      description: `Cancels an appointment. ${proof}`,
      parameters: cancelParameters,
      run: (args, { signal }) =>
        withRules(signal, (rules) => cancel(args as WhichArgs, rules, signal)),
    },
  ];

  async function withRules(
    signal: AbortSignal,
    act: (rules: BookingRules) => Promise<ToolResult>,
  ): Promise<ToolResult> {
    const rules = await calendar.rules(signal);
    if (rules) return act(rules);
    return refuse(
      'no_hours',
      'This business takes no appointments by phone. Offer to take a message.',
    );
  }

  async function slots(args: SlotsArgs, rules: BookingRules, signal: AbortSignal) {
    const today = localDate(rules.zone, clock.now());
    const days = daysOf(args, today);
    if (!days) {
      return refuse('date_unclear', 'Ask which day is meant, or give it as YYYY-MM-DD.', { today });
    }
    const near = args.time ? parseClock(args.time) : [];
    const part = args.part_of_day ?? (near.length === 0 ? partIn(args.time ?? '') : undefined);
    const within = partsOfDay[part ?? 'any'];
    const durationMinutes = args.duration_minutes;
    const answer = await search({ days, within, near, durationMinutes }, rules, signal);
    const wrong = days.wrongWeekday
      ? `That date is not a ${days.wrongWeekday}: ask which day is meant.`
      : args.time && near.length === 0 && part === undefined
        ? 'The time was not understood: give it as HH:MM.'
        : undefined;
    return reply({ ...offered(answer, rules, wrong), today });
  }

  async function book(args: BookArgs, rules: BookingRules, signal: AbortSignal) {
    const name = cleanName(args.name);
    if (name === undefined) return refuse('name_needed', 'Ask for the name of the caller.');
    const phone = args.phone ? parts.parsePhone(args.phone) : parts.callerPhone;
    if (args.phone && phone === undefined) {
      return refuse(
        'phone_unclear',
        'That is not a whole phone number. Ask for it again, digit by digit.',
      );
    }
    const offer = offers.find(args.slot_id);
    if (!offer) return notOffered(rules, signal);
    const { slot } = offer;
    if (args.additional !== true) {
      const other = (await identity.ownBookings(signal)).find(
        (each) => each.startMs !== slot.startMs,
      );
      if (other) {
        return refuse(
          'already_booked',
          'This call has booked an appointment. To change its time use reschedule_appointment; for one more set additional to true.',
          {
            booked: describe(other, rules),
            ...(other.status === 'held' && { certain: false }),
          },
        );
      }
    }
    const details = {
      name,
      phone,
      reason: cleanReason(args.reason ?? ''),
      conversationId: parts.conversationId,
    };
    const idemKey = offers.idemKey(offer.id);
    for (const place of await placesFor(slot, signal)) {
      const held = await calendar.hold({ slot: place, idemKey, holdMs: HOLD_MS, details }, signal);
      if (held.status === 'taken') continue;
      const result = await calendar.confirm(held.bookingId);
      if (result.status === 'confirmed') return booked(result.booking, rules);
      if (result.status === 'pending') return pending(slot.startMs, rules, phone !== undefined);
    }
    return taken(slot, rules, signal);
  }

  async function reschedule(args: RescheduleArgs, rules: BookingRules, signal: AbortSignal) {
    const key = JSON.stringify(['reschedule', args]);
    const known = await which(args, rules, signal);
    if (known.status !== 'found') return done.get(key) ?? refuseIdentity(known.status);
    const offer = offers.find(args.slot_id);
    if (!offer) return notOffered(rules, signal);
    const idemKey = offers.idemKey(offer.id);
    for (const place of await placesFor(offer.slot, signal)) {
      const result = await calendar.move(known.booking.id, place, idemKey);
      if (result.status === 'gone') return refuseIdentity('unknown');
      if (result.status === 'uncertain') {
        return refuse(
          'not_certain',
          'The calendar has not answered yet whether this appointment stands: it cannot be moved now. Offer to cancel it, or to take a message.',
        );
      }
      if (result.status === 'pending') return pendingMove(result.booking.startMs, rules);
      if (result.status === 'moved') {
        const when = moment(result.booking.startMs, rules);
        return remember(key, {
          ...spoken({ rescheduled: describe(result.booking, rules) }, (say) => say.moved(when)),
          outcome: 'rescheduled',
        });
      }
    }
    return taken(offer.slot, rules, signal);
  }

  async function cancel(args: WhichArgs, rules: BookingRules, signal: AbortSignal) {
    const key = JSON.stringify(['cancel', args]);
    const known = await which(args, rules, signal);
    if (known.status !== 'found') return done.get(key) ?? refuseIdentity(known.status);
    if (!(await calendar.cancel(known.booking.id))) return refuseIdentity('unknown');
    const when = moment(known.booking.startMs, rules);
    return remember(key, {
      ...spoken({ cancelled: describe(known.booking, rules) }, (say) => say.cancelled(when)),
      outcome: 'cancelled',
    });
  }

  async function which(
    args: WhichArgs,
    rules: BookingRules,
    signal: AbortSignal,
  ): Promise<Identified> {
    const today = localDate(rules.zone, clock.now());
    const days = args.appointment_date ? parseDays(args.appointment_date, today) : undefined;
    const date = days && days.first === days.last ? days.first : undefined;
    const near = args.appointment_time ? parseClock(args.appointment_time) : [];
    return identity.identify({ name: args.name, date, near }, rules.zone, signal);
  }

  /** The slot at its own resource, then at the others: the caller asked for a time, not for a chair. */
  async function placesFor(slot: Slot, signal: AbortSignal) {
    const others = (await calendar.resources(signal)).filter((each) => each !== slot.resource);
    return [slot.resource, ...others].map((resource) => ({ ...slot, resource }));
  }

  function booked(booking: Booking, rules: BookingRules): ToolResult {
    const when = moment(booking.startMs, rules);
    return {
      ...spoken({ booked: { ...describe(booking, rules), name: booking.name } }, (say) =>
        say.booked(when, booking.name),
      ),
      outcome: 'booked',
    };
  }

  /** The outside calendar did not answer: nothing is certain yet, and nothing else may be said. */
  function pending(startMs: number, rules: BookingRules, reachable: boolean): ToolResult {
    const when = moment(startMs, rules);
    if (reachable) return spoken({ pending: { spoken: when } }, (say) => say.noted(when));
    const hint =
      'Not booked yet: the calendar does not answer. Say that you have noted it, ask for a mobile number for the confirmation, and call book_appointment again with phone.';
    return reply({ pending: { spoken: when }, hint });
  }

  function pendingMove(startMs: number, rules: BookingRules): ToolResult {
    const when = moment(startMs, rules);
    return spoken({ pending: { spoken: when } }, (say) => say.noted(when));
  }

  async function taken(slot: Slot, rules: BookingRules, signal: AbortSignal) {
    const day = localDate(rules.zone, slot.startMs);
    const answer = await search(
      {
        days: { first: day, last: day },
        within: undefined,
        near: [clockMinutes(localTime(rules.zone, slot.startMs))],
        durationMinutes: (slot.endMs - slot.startMs) / 60_000,
      },
      rules,
      signal,
    );
    const hint = 'Somebody else has just taken it. Nothing is booked. Say so, and offer these.';
    const found = offered({ ...answer, note: undefined }, rules);
    return refuse('taken', hint, { ...found, slots: apart(found.slots) });
  }

  /**
   * Callers who lose a time to each other are offered the same ones next. Whoever has lost twice gets a list that begins
   * elsewhere, at a place that follows from the call, so that they part.
   */
  function apart<Offered extends { readonly slot_id: string }>(
    slots: readonly Offered[],
  ): readonly Offered[] {
    lost += 1;
    const [first] = slots;
    if (lost < 2 || !first) return slots;
    return slots.slice(
      Number.parseInt(first.slot_id.slice(0, 2), 16) % Math.ceil(slots.length / 2),
    );
  }

  async function notOffered(rules: BookingRules, signal: AbortSignal) {
    const days = { first: localDate(rules.zone, clock.now()), last: undefined };
    const answer = await search(
      { days, within: undefined, near: [], durationMinutes: undefined },
      rules,
      signal,
    );
    const hint =
      'That slot_id was not offered in this call, or more than ten minutes ago. Nothing is booked. Offer these, or look again with get_available_slots.';
    return refuse('not_offered', hint, offered({ ...answer, note: undefined }, rules));
  }

  function search(
    request: Parameters<typeof findSlots>[1],
    rules: BookingRules,
    signal: AbortSignal,
  ) {
    return findSlots({ calendar, clock, rules }, request, signal);
  }

  function offered({ slots, note }: SlotAnswer, rules: BookingRules, warning?: string) {
    const notes = [warning, note].filter((each) => each !== undefined);
    return {
      slots: offers.offer(slots).map(({ id, slot }) => ({ slot_id: id, ...describe(slot, rules) })),
      ...(notes.length > 0 && { note: notes.join(' ') }),
    };
  }

  function describe({ startMs }: { readonly startMs: number }, rules: BookingRules) {
    const date = localDate(rules.zone, startMs);
    return { date, time: localTime(rules.zone, startMs), spoken: moment(startMs, rules) };
  }

  function moment(startMs: number, { zone }: BookingRules): string {
    return spokenMoment(startMs, { zone, language, nowMs: clock.now() });
  }

  function spoken(result: object, tell: (say: BookingSentences) => string): ToolResult {
    const sentences = bookingSentences(language);
    if (!sentences) return reply({ ...result, hint: 'Tell the caller.' });
    return { text: JSON.stringify(result), say: tell(sentences) };
  }

  function remember(key: string, result: ToolResult): ToolResult {
    done.set(key, result);
    return result;
  }
}

const partsOfDay: Record<NonNullable<SlotsArgs['part_of_day']>, SlotWish['within']> = {
  any: undefined,
  morning: { fromMinutes: 0, toMinutes: 720 },
  afternoon: { fromMinutes: 720, toMinutes: 1020 },
  evening: { fromMinutes: 1020, toMinutes: 1440 },
};

/** "In the morning" is a part of the day, where a time was to be given; "any time" is all of it. */
function partIn(time: string): SlotsArgs['part_of_day'] {
  const said = time.toLowerCase();
  if (/\bany/.test(said)) return 'any';
  return (['morning', 'afternoon', 'evening'] as const).find((part) => said.includes(part));
}

function daysOf(args: SlotsArgs, today: string): Days | undefined {
  if (!args.date) return { first: today, last: undefined };
  if (!args.until) return parseDays(args.date, today);
  return parseDays(`${args.date} to ${args.until}`, today) ?? parseDays(args.date, today);
}

const identityHints: Record<Exclude<Identified['status'], 'found'>, string> = {
  incomplete: 'Ask for the name and the date of the appointment.',
  unknown:
    'No appointment was found under that name on that day. Ask for both again, or offer to take a message. Do not guess, and tell nothing about any appointment.',
  several: 'There is more than one that day. Ask at what time.',
  blocked: 'Too many tries. Offer to take a message or to transfer.',
};

function refuseIdentity(status: Exclude<Identified['status'], 'found'>): ToolResult {
  return refuse(`appointment_${status}`, identityHints[status]);
}

function refuse(error: string, hint: string, more: object = {}): ToolResult {
  return reply({ error, hint, ...more });
}

function reply(result: object): ToolResult {
  return { text: JSON.stringify(result) };
}
