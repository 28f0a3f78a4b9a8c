// One calendar of the Google stand-in: its events, what has changed since when, and the ids that stay taken for ever.

import { createHash } from 'node:crypto';
import { instancesOf, instantOf, spanOf } from './google-times.ts';
import type { EventTime, Span } from './google-times.ts';

/** An event as Google shows it; of an instance and of a cancelled one fewer fields. */
export interface GoogleEvent {
  readonly kind: 'calendar#event';
  readonly id: string;
  readonly etag: string;
  readonly status: 'confirmed' | 'tentative' | 'cancelled';
  readonly created: string;
  readonly updated: string;
  readonly summary?: string;
  readonly description?: string;
  readonly start: EventTime;
  readonly end: EventTime;
  readonly transparency?: 'opaque' | 'transparent';
  readonly eventType: string;
  readonly recurrence?: readonly string[];
  readonly recurringEventId?: string;
  readonly attendees?: readonly { email: string; self?: boolean; responseStatus?: string }[];
  readonly extendedProperties?: { readonly private?: Readonly<Record<string, string>> };
  readonly location?: string;
  readonly htmlLink?: string;
  readonly iCalUID?: string;
  readonly sequence?: number;
  readonly organizer?: { readonly email: string; readonly self?: boolean };
  readonly reminders?: { readonly useDefault: boolean };
}

/** What may be given to make or change one. */
export type EventInput = Partial<Omit<GoogleEvent, 'kind' | 'etag' | 'created' | 'updated'>>;

/** Events of one calendar. */
const EVENTS_MAX = 20_000;
const idPattern = /^[a-v0-9]{5,1024}$/;

/** Why Google would not do it: its status, and the word that programs go by. */
export class DiaryRefusal extends Error {
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

interface Stored {
  readonly event: GoogleEvent;
  /** Number of the last change. */
  readonly change: number;
}

/** All of a calendar, to be kept. */
export interface DiaryState {
  readonly id: string;
  readonly owner: string;
  readonly summary: string;
  readonly timeZone: string;
  readonly shares: readonly (readonly [email: string, role: string])[];
  readonly events: readonly Stored[];
  readonly changes: number;
}

export class Diary {
  readonly id: string;
  readonly owner: string;
  readonly summary: string;
  readonly timeZone: string;
  /** E-mail address to role, besides the owner. */
  readonly shares = new Map<string, string>();
  readonly #now: () => number;
  readonly #events = new Map<string, Stored>();
  #changes = 0;
  /** Tokens from before are no longer good. */
  #forgotten = 0;

  constructor(
    {
      id,
      owner,
      summary,
      timeZone,
    }: { id: string; owner: string; summary: string; timeZone: string },
    now: () => number,
  ) {
    this.id = id;
    this.owner = owner;
    this.summary = summary;
    this.timeZone = timeZone;
    this.#now = now;
  }

  /** The role of somebody; undefined for a stranger. */
  roleOf(email: string): string | undefined {
    return email === this.owner ? 'owner' : this.shares.get(email);
  }

  /** Number of the last change: what a sync token holds. */
  get changes(): number {
    return this.#changes;
  }

  state(): DiaryState {
    const { id, owner, summary, timeZone } = this;
    const events = [...this.#events.values()];
    return {
      id,
      owner,
      summary,
      timeZone,
      shares: [...this.shares],
      events,
      changes: this.#changes,
    };
  }

  restore({ shares, events, changes }: DiaryState): void {
    for (const [email, role] of shares) this.shares.set(email, role);
    for (const stored of events) this.#events.set(stored.event.id, stored);
    this.#changes = changes;
  }

  /** Makes all sync tokens given so far worthless: the next list with one is answered with 410. */
  forgetSyncTokens(): void {
    this.#changes += 1;
    this.#forgotten = this.#changes;
  }

  /** Events that are neither cancelled nor instances, in order of their making. */
  get live(): readonly GoogleEvent[] {
    return [...this.#events.values()]
      .map(({ event }) => event)
      .filter(({ status }) => status !== 'cancelled');
  }

  insert(input: EventInput): GoogleEvent {
    const { id = this.#newId() } = input;
    if (!idPattern.test(id)) throw new DiaryRefusal(400, 'invalid', 'Invalid resource id value.');
    if (this.#events.has(id)) {
      throw new DiaryRefusal(409, 'duplicate', 'The requested identifier already exists.');
    }
    if (this.#events.size >= EVENTS_MAX) throw new RangeError('too many events');
    const at = new Date(this.#now()).toISOString();
    const { start, end } = input;
    if (!start || !end) throw new DiaryRefusal(400, 'required', 'Missing end time.');
    return this.#store({
      htmlLink: `https://www.google.com/calendar/event?eid=${id}`,
      iCalUID: `${id}@google.com`,
      sequence: 0,
      organizer: { email: this.id, self: true },
      reminders: { useDefault: true },
      ...input,
      kind: 'calendar#event',
      id,
      etag: '',
      status: input.status ?? 'confirmed',
      eventType: input.eventType ?? 'default',
      created: at,
      updated: at,
      start,
      end,
    });
  }

  get(id: string): GoogleEvent | undefined {
    return this.#events.get(id)?.event;
  }

  patch(id: string, change: EventInput, etag?: string): GoogleEvent {
    const stored = this.#found(id);
    if (etag !== undefined && etag !== '*' && etag !== stored.event.etag) {
      throw new DiaryRefusal(412, 'conditionNotMet', 'Precondition Failed');
    }
    const { extendedProperties: given, ...rest } = change;
    const kept = stored.event.extendedProperties;
    return this.#store({
      ...stored.event,
      ...rest,
      ...(given && {
        extendedProperties: { ...kept, private: { ...kept?.private, ...given.private } },
      }),
      sequence: (stored.event.sequence ?? 0) + 1,
      updated: new Date(this.#now()).toISOString(),
    });
  }

  /** What is left answers to its id for ever. */
  delete(id: string): void {
    const { event } = this.#found(id);
    if (event.status === 'cancelled') {
      throw new DiaryRefusal(410, 'deleted', 'Resource has been deleted');
    }
    this.#store({ ...event, status: 'cancelled', updated: new Date(this.#now()).toISOString() });
  }

  /** Removes an event as if it had never been, which Google does some weeks after a deletion. */
  erase(id: string): void {
    this.#events.delete(id);
  }

  /** With `expand` each instance of a repetition, without it the repetition itself; cancelled ones only if told. */
  list(
    window: Partial<Span>,
    { expand, deleted }: { expand: boolean; deleted: boolean },
  ): GoogleEvent[] {
    return [...this.#events.values()]
      .flatMap(({ event }) => (expand ? this.#expand(event, window.endMs) : [event]))
      .filter((event) => (deleted || event.status !== 'cancelled') && this.#within(event, window));
  }

  /** What has changed since a change, cancelled events as well. Throws 410 when that is forgotten. */
  since(change: number, window: Partial<Span>, expand: boolean): GoogleEvent[] {
    if (change < this.#forgotten) {
      const message = 'Sync token is no longer valid, a full sync is required.';
      throw new DiaryRefusal(410, 'fullSyncRequired', message);
    }
    return [...this.#events.values()]
      .filter((stored) => stored.change > change)
      .flatMap(({ event }) => (expand ? this.#expand(event, window.endMs) : [event]))
      .filter((event) => event.status === 'cancelled' || this.#within(event, window));
  }

  /** Opaque events, joined where they meet. What somebody has declined does not keep them busy. */
  busy(window: Span): Span[] {
    const spans = this.list(window, { expand: true, deleted: false })
      .filter(
        (event) =>
          event.transparency !== 'transparent' &&
          event.eventType !== 'workingLocation' &&
          !event.attendees?.some((each) => each.self && each.responseStatus === 'declined'),
      )
      .map((event) => spanOf(event, this.timeZone))
      .toSorted((a, b) => a.startMs - b.startMs);
    const joined: Span[] = [];
    for (const { startMs, endMs } of spans) {
      const last = joined.at(-1);
      if (last && startMs <= last.endMs) {
        joined[joined.length - 1] = { ...last, endMs: Math.max(last.endMs, endMs) };
      } else joined.push({ startMs, endMs });
    }
    return joined;
  }

  #store(event: GoogleEvent): GoogleEvent {
    try {
      spanOf(event, this.timeZone);
    } catch {
      throw new DiaryRefusal(400, 'timeRangeEmpty', 'The specified time range is empty.');
    }
    this.#changes += 1;
    const etag = `"${createHash('sha256').update(`${event.id}|${this.#changes}`).digest('hex').slice(0, 16)}"`;
    const stored = { ...event, etag };
    this.#events.set(event.id, { event: stored, change: this.#changes });
    return stored;
  }

  #found(id: string): Stored {
    const stored = this.#events.get(id);
    if (!stored) throw new DiaryRefusal(404, 'notFound', 'Not Found');
    return stored;
  }

  #expand(event: GoogleEvent, untilMs = Infinity): GoogleEvent[] {
    const rule = event.recurrence?.[0];
    if (rule === undefined) return [event];
    if (event.status === 'cancelled') return [event];
    const { recurrence: _, ...rest } = event;
    const until = Math.min(untilMs, instantOf(event.start, this.timeZone) + 366 * 86_400_000);
    return instancesOf({ start: event.start, end: event.end, rule }, this.timeZone, until).map(
      ({ suffix, start, end }) => ({
        ...rest,
        id: `${event.id}_${suffix}`,
        recurringEventId: event.id,
        start,
        end,
      }),
    );
  }

  #within(event: GoogleEvent, { startMs = -Infinity, endMs = Infinity }: Partial<Span>): boolean {
    const span = spanOf(event, this.timeZone);
    return span.endMs > startMs && span.startMs < endMs;
  }

  #newId(): string {
    return createHash('sha256')
      .update(`${this.id}|${this.#changes}|${this.#now()}`)
      .digest('hex')
      .slice(0, 26);
  }
}
