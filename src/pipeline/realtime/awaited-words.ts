// The caller's words where they come apart from the sound, and later: who needs them waits, but not for ever.

import type { Clock } from '../../lib/clock.ts';

/** What has not come by then is not waited for. */
const WAIT_MS = 1500;

export class AwaitedWords {
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();
  /** Stretches of speech whose words have not come. */
  #missing = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The caller has said something. */
  expect(): void {
    this.#missing += 1;
  }

  /** The words of one stretch, the oldest, are there. */
  came(): void {
    this.#missing = Math.max(0, this.#missing - 1);
    if (this.#missing > 0) return;
    for (const known of this.#waiting) known();
  }

  /** Resolves when all that was said is known, or after 1.5 s. */
  async known(): Promise<void> {
    if (this.#missing === 0) return;
    const came = await new Promise<boolean>((resolve) => {
      const settle = (how: boolean) => {
        this.#waiting.delete(known);
        timer[Symbol.dispose]();
        resolve(how);
      };
      const known = () => settle(true);
      const timer = this.#clock.after(WAIT_MS, () => settle(false));
      this.#waiting.add(known);
    });
    if (!came) this.#missing = 0;
  }
}
