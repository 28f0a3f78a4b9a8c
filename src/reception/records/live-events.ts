// What happens in a call, for those who watch it from any process: sent only while somebody does, and never waited for.

import { Channel } from '../../lib/channel.ts';
import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import { newToken } from '../../lib/ids.ts';
import type { Log } from '../../lib/log.ts';
import type { CallControl, ToolRun, ToolStart, Turn } from '../../pipeline/types.ts';
import { listenNotices, NOTICE_BYTES_MAX, sendNotice } from '../../store/service/live-notices.ts';
import type { NoticeListener } from '../../store/service/live-notices.ts';
import type { Sql } from '../../store/database/sql.ts';
import { eventsOf, TEXT_MAX, toolBegun, toolEnded } from './live-event.ts';
import type { LiveEvent } from './live-event.ts';
import { WatchedElsewhere } from './watched-elsewhere.ts';

/** One notice in this time, and so at most four interim words a second for each call. */
const FLUSH_MS = 250;
/** A watcher says so again after this. */
const ANNOUNCE_MS = 10_000;
/** Events waiting for the next notice; the oldest are dropped. */
const OUTBOX_MAX = 500;
/** Events waiting for one watcher. */
const WATCHER_EVENTS_MAX = 256;
const WATCHERS_MAX = 200;
/** Of one call, so that nobody takes all of them. */
const CALL_WATCHERS_MAX = 10;
/** Machines, and what watchers want of calls, waiting for a notice of their own; the oldest are dropped. */
const MACHINES_MAX = 100;
const STEPPED_IN_MAX = 100;
/** Calls named in one notice. */
const NAMED_MAX = 20;

/** As an owner ends a call. */
const ended: CallControl = { type: 'end', reason: 'owner' };

type Machine = Extract<CallControl, { type: 'machine' }>;
/** What whoever watches a call may have it do. */
export type SteppedIn = Extract<CallControl, { type: 'say' | 'put-through' }>;

/** Between processes. Every field but the sender may be missing. */
interface Notice {
  readonly from: string;
  /** Calls that are watched where this comes from. */
  readonly watched?: readonly string[];
  /** Calls to be ended by their owner. */
  readonly hangUp?: readonly string[];
  /** Calls to be told of the machine that has answered. */
  readonly machines?: readonly (readonly [callId: string, machine: Machine])[];
  /** What those who watch calls want of them. */
  readonly steppedIn?: readonly (readonly [callId: string, what: SteppedIn])[];
  readonly events?: readonly (readonly [callId: string, event: LiveEvent])[];
}

export interface LiveEventsParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  /** Tells a call of this process; false when it is not here. */
  tell(callId: string, control: CallControl): boolean;
}

export interface Watch extends Disposable {
  readonly events: Channel<LiveEvent>;
}

export class LiveEvents implements AsyncDisposable {
  readonly #parts: LiveEventsParts;
  readonly #self = newToken();
  readonly #watchers = new Map<string, Set<Channel<LiveEvent>>>();
  readonly #elsewhere: WatchedElsewhere;
  readonly #words = new Map<string, string>();
  #outbox: (readonly [string, LiveEvent])[] = [];
  readonly #toAnnounce = new Set<string>();
  readonly #toHangUp = new Set<string>();
  /** Messages of up to a thousand characters: one in a notice. */
  readonly #machines: (readonly [callId: string, machine: Machine])[] = [];
  /** Texts of up to half as many: likewise. */
  readonly #steppedIn: (readonly [callId: string, what: SteppedIn])[] = [];
  #flushing: Disposable | undefined;
  #announcing: Disposable | undefined;
  #sending = false;
  #listener: NoticeListener | undefined;

  private constructor(parts: LiveEventsParts) {
    this.#parts = parts;
    this.#elsewhere = new WatchedElsewhere(parts.clock);
  }

  /** Listens when it resolves. */
  static async open(parts: LiveEventsParts): Promise<LiveEvents> {
    const live = new LiveEvents(parts);
    live.#listener = await listenNotices(
      parts.sql,
      (text) => live.#receive(text),
      () => live.#announce(),
    );
    return live;
  }

  /** Of a call of this process. Dropped where nobody watches. */
  publish(callId: string, event: LiveEvent): void {
    for (const watcher of this.#watchers.get(callId) ?? []) watcher.push(event);
    if (!this.#elsewhere.has(callId)) return;
    this.#outbox.push([callId, event]);
    if (this.#outbox.length > OUTBOX_MAX) this.#outbox.shift();
    this.#flushSoon();
  }

  /** Words that may still change go out with the next flush, the last ones only. */
  words(callId: string, text: string, final: boolean): void {
    if (!this.#watchers.has(callId) && !this.#elsewhere.has(callId)) return;
    const cut = text.slice(-TEXT_MAX);
    if (final) {
      this.#words.delete(callId);
      this.publish(callId, { type: 'words', text: cut, final });
    } else {
      this.#words.set(callId, cut);
      this.#flushSoon();
    }
  }

  /** A settled turn: what was said, what tools did, how long the caller waited. */
  turn(callId: string, number: number, turn: Turn): void {
    if (!this.#watchers.has(callId) && !this.#elsewhere.has(callId)) return;
    for (const event of eventsOf(turn, number, this.#parts.clock.now())) {
      this.publish(callId, event);
    }
  }

  /** A tool begins to run in the turn that will have this number; what is given is told of its end. */
  tool(callId: string, number: number, start: ToolStart): (run: ToolRun) => void {
    this.publish(callId, toolBegun(number, start));
    return (run) => this.publish(callId, toolEnded(number, run));
  }

  /** The events of a call from now on, wherever it runs. Throws `too_many` when too many watch already. */
  watch(callId: string): Watch {
    let count = 0;
    for (const each of this.#watchers.values()) count += each.size;
    const ofCall = this.#watchers.get(callId)?.size ?? 0;
    if (count >= WATCHERS_MAX || ofCall >= CALL_WATCHERS_MAX)
      throw new AppError('too_many', 'too many watchers');
    const events = new Channel<LiveEvent>(WATCHER_EVENTS_MAX);
    const watchers = this.#watchers.get(callId) ?? new Set();
    this.#watchers.set(callId, watchers.add(events));
    this.#toAnnounce.add(callId);
    this.#flushSoon();
    this.#announcing ??= this.#parts.clock.every(ANNOUNCE_MS, () => this.#announce());
    return {
      events,
      [Symbol.dispose]: () => {
        events.end();
        watchers.delete(events);
        if (watchers.size === 0) this.#watchers.delete(callId);
        if (this.#watchers.size > 0) return;
        this.#announcing?.[Symbol.dispose]();
        this.#announcing = undefined;
      },
    };
  }

  /** Ends the call here or asks the process that has it. */
  hangUp(callId: string): void {
    if (this.#parts.tell(callId, ended)) return;
    this.#toHangUp.add(callId);
    this.#flushSoon();
  }

  /** A machine has answered a call that runs elsewhere: the process that has it leaves word. */
  machine(callId: string, machine: Machine): void {
    this.#machines.push([callId, machine]);
    if (this.#machines.length > MACHINES_MAX) this.#machines.shift();
    this.#flushSoon();
  }

  /** Has the call say something or put its caller through, here or in the process that has it. */
  stepIn(callId: string, what: SteppedIn): void {
    if (this.#parts.tell(callId, what)) return;
    this.#steppedIn.push([callId, what]);
    if (this.#steppedIn.length > STEPPED_IN_MAX) this.#steppedIn.shift();
    this.#flushSoon();
  }

  /** Ends all watches: their readers see the end. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const watchers of this.#watchers.values()) {
      for (const watcher of watchers) watcher.end();
    }
    this.#flushing?.[Symbol.dispose]();
    this.#announcing?.[Symbol.dispose]();
    await this.#listener?.close().catch(() => {});
  }

  #announce(): void {
    for (const callId of this.#watchers.keys()) this.#toAnnounce.add(callId);
    if (this.#toAnnounce.size > 0) this.#flushSoon();
  }

  #flushSoon(): void {
    this.#flushing ??= this.#parts.clock.every(FLUSH_MS, () => this.#flush());
  }

  #flush(): void {
    const words = [...this.#words];
    this.#words.clear();
    for (const [callId, text] of words) this.publish(callId, { type: 'words', text, final: false });
    if (this.#sending) return;
    const notice = this.#pack();
    if (!notice) {
      this.#flushing?.[Symbol.dispose]();
      this.#flushing = undefined;
      return;
    }
    this.#sending = true;
    sendNotice(this.#parts.sql, JSON.stringify(notice))
      .catch((error: unknown) => this.#parts.log.warn('live events not sent', { error }))
      .finally(() => (this.#sending = false));
  }

  /** As much as one notice holds; undefined when there is nothing to send. */
  #pack(): Notice | undefined {
    const watched = [...this.#toAnnounce].slice(0, NAMED_MAX);
    const hangUp = [...this.#toHangUp].slice(0, NAMED_MAX);
    for (const callId of watched) this.#toAnnounce.delete(callId);
    for (const callId of hangUp) this.#toHangUp.delete(callId);
    const machines = this.#machines.splice(0, 1);
    const steppedIn = machines.length > 0 ? [] : this.#steppedIn.splice(0, 1);
    const notice = {
      from: this.#self,
      watched,
      hangUp,
      machines,
      steppedIn,
      events: [] as (readonly [string, LiveEvent])[],
    };
    const told = watched.length + hangUp.length + machines.length + steppedIn.length;
    let bytes = Buffer.byteLength(JSON.stringify(notice));
    let taken = 0;
    for (const entry of this.#outbox) {
      const size = Buffer.byteLength(JSON.stringify(entry)) + 1;
      if (bytes + size > NOTICE_BYTES_MAX) {
        // One that fits into no notice is left out: who watches reads it in the conversation.
        if (taken === 0 && told === 0) taken = 1;
        break;
      }
      bytes += size;
      taken += 1;
      notice.events.push(entry);
    }
    this.#outbox = this.#outbox.slice(taken);
    return told + notice.events.length > 0 ? notice : undefined;
  }

  #receive(text: string): void {
    const notice = JSON.parse(text) as Notice;
    if (notice.from === this.#self) return;
    this.#elsewhere.hear(notice.watched ?? []);
    for (const callId of notice.hangUp ?? []) this.#parts.tell(callId, ended);
    for (const [callId, machine] of notice.machines ?? []) this.#parts.tell(callId, machine);
    for (const [callId, what] of notice.steppedIn ?? []) this.#parts.tell(callId, what);
    for (const [callId, event] of notice.events ?? []) {
      for (const watcher of this.#watchers.get(callId) ?? []) watcher.push(event);
    }
  }
}
