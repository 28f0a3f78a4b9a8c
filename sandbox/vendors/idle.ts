// Notices that a client has sent nothing for too long.

import type { Clock } from '../../src/lib/clock.ts';
import type { Session } from '../session.ts';

export interface IdleWatch {
  /** Something came. */
  heard(): void;
}

export interface IdleParts {
  readonly clock: Clock;
  readonly idleMs: number;
  readonly session: Session;
  /** Called once. */
  readonly onIdle: () => void;
}

/** One timer, set again when it finds that something came meanwhile: a message costs no timer. */
export function watchIdle({ clock, idleMs, session, onIdle }: IdleParts): IdleWatch {
  let heardAt = clock.elapsed();
  let timer = clock.after(idleMs, check);
  session.signal.addEventListener('abort', () => timer[Symbol.dispose](), { once: true });
  return { heard: () => (heardAt = clock.elapsed()) };

  function check(): void {
    const leftMs = heardAt + idleMs - clock.elapsed();
    if (leftMs <= 0) onIdle();
    else timer = clock.after(leftMs, check);
  }
}
