// Lets virtual time and a real database go together: time moves on only while no statement is under way.

import { setTimeout } from 'node:timers/promises';
import type { Sql } from '../../../src/store/database/sql.ts';
import type { VirtualClock } from '../../support/clock.ts';

/** Real time after which a statement is taken to be stuck. */
const STUCK_AFTER_MS = 10_000;

/** A pool that counts its statements. */
export class InFlight {
  readonly sql: Sql;
  #running = 0;

  constructor(pool: Sql) {
    this.sql = new Proxy(pool, {
      apply: (target, self, args) => {
        const query: unknown = Reflect.apply(target as (...args: unknown[]) => unknown, self, args);
        return query instanceof Promise ? this.#count(query) : query;
      },
    });
  }

  get running(): number {
    return this.#running;
  }

  /** Resolves when no statement is under way, nor any that follows from its answer. */
  async idle(): Promise<void> {
    for (let waited = 0; waited < STUCK_AFTER_MS; waited += 1) {
      if (this.#running === 0) return;
      await setTimeout(1);
    }
    throw new Error('a statement is stuck');
  }

  /** A statement runs from the moment somebody waits for it: fragments never do. */
  #count(query: Promise<unknown>): Promise<unknown> {
    let counted = false;
    return new Proxy(query, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          if (name === 'then' && !counted) {
            counted = true;
            this.#running += 1;
            const end = () => void (this.#running -= 1);
            void target.then(end, end);
          }
          return Reflect.apply(value, target, args);
        };
      },
    });
  }
}

/** Moves time on in steps, each of which ends when the database has answered all that it was asked. */
export async function advance(
  clock: VirtualClock,
  pool: InFlight,
  ms: number,
  stepMs = 100,
): Promise<void> {
  for (let moved = 0; moved < ms; moved += stepMs) {
    await clock.advance(Math.min(stepMs, ms - moved));
    // An answer may be followed by another question.
    for (let quiet = 0; quiet < 2; quiet += 1) {
      await pool.idle();
      await clock.advance(0);
    }
  }
}
