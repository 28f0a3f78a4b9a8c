// Writes down what is known of turns that are not over, of all calls of the process in one statement: what a process that dies leaves behind.

import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { TurnUnderWay } from '../../pipeline/types.ts';
import { saveTurnsUnderWay } from '../../store/conversations/turns-under-way.ts';
import type { TurnUnderWayRow } from '../../store/conversations/turns-under-way.ts';
import type { Sql } from '../../store/database/sql.ts';
import { storable, toolRow } from './transcript.ts';

/**
 * So much of a call is lost with its process. A statement costs some 0.2 ms of processor, and looking at a call 6 µs: with
 * twenty calls that is 0.02 ms for a second of a call, and less with more of them.
 */
const EVERY_MS = 1500;

export interface TurnsUnderWayParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
}

/** One call that is followed; dispose it when the call is over. */
export interface Followed extends Disposable {
  /** From now on this tells what is under way. */
  look(look: () => readonly TurnUnderWay[]): void;
}

export class TurnsUnderWay {
  readonly #parts: TurnsUnderWayParts;
  readonly #calls = new Set<FollowedCall>();
  #timer: Disposable | undefined;
  #writing = false;
  #failed = false;

  constructor(parts: TurnsUnderWayParts) {
    this.#parts = parts;
  }

  /** `next`: the number that the turn which is under way will have. */
  follow(conversationId: string, next: () => number): Followed {
    const call = new FollowedCall(conversationId, next);
    this.#calls.add(call);
    this.#timer ??= this.#parts.clock.every(EVERY_MS, () => void this.#write());
    return {
      look: (look) => (call.look = look),
      [Symbol.dispose]: () => {
        this.#calls.delete(call);
        if (this.#calls.size > 0) return;
        this.#timer?.[Symbol.dispose]();
        this.#timer = undefined;
      },
    };
  }

  /** What has changed since the last time. While the database is away nothing piles up: later more has changed. */
  async #write(): Promise<void> {
    if (this.#writing) return;
    const { sql, clock, log } = this.#parts;
    const now = new Date(clock.now());
    const rows = [...this.#calls].flatMap((call) => call.changed(now));
    if (rows.length === 0) return;
    this.#writing = true;
    try {
      await saveTurnsUnderWay(sql, rows);
      this.#failed = false;
    } catch (error) {
      for (const call of this.#calls) call.forget();
      if (!this.#failed) log.warn('turns that are under way are not written down', { error });
      this.#failed = true;
    } finally {
      this.#writing = false;
    }
  }
}

class FollowedCall {
  look: () => readonly TurnUnderWay[] = () => [];
  readonly #id: string;
  readonly #next: () => number;
  /** What was written last of each turn, by its number. */
  readonly #written = new Map<number, string>();

  constructor(id: string, next: () => number) {
    this.#id = id;
    this.#next = next;
  }

  /** What was written last may not have been. */
  forget(): void {
    for (const number of this.#written.keys()) this.#written.set(number, '');
  }

  changed(now: Date): TurnUnderWayRow[] {
    const first = this.#next();
    const turns = this.look();
    const rows: TurnUnderWayRow[] = [];
    for (const number of this.#written.keys()) {
      if (number < first) this.#written.delete(number);
      // Words that came to nothing.
      else if (number >= first + turns.length) this.#add(rows, number, nothing, now);
    }
    for (const [index, turn] of turns.entries()) this.#add(rows, first + index, turn, now);
    return rows;
  }

  #add(rows: TurnUnderWayRow[], number: number, turn: TurnUnderWay, now: Date): void {
    const { kind, caller, heard, tools, callerAt, heardAt } = turn;
    const known = `${caller}\n${heard}\n${tools.length}`;
    const before = this.#written.get(number);
    if (known === before || (before === undefined && known === NOTHING)) return;
    this.#written.set(number, known);
    rows.push({
      conversationId: this.#id,
      number,
      kind,
      caller: storable(caller),
      heard: storable(heard),
      tools: tools.map(toolRow),
      callerAt: callerAt === undefined ? now : new Date(callerAt),
      heardAt: heardAt === undefined ? now : new Date(heardAt),
    });
  }
}

const nothing: TurnUnderWay = {
  kind: 'reply',
  caller: '',
  heard: '',
  tools: [],
  callerAt: undefined,
  heardAt: undefined,
};
const NOTHING = '\n\n0';
