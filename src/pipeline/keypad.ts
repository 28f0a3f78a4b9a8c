// Keys that a caller presses, gathered into what they mean together.

import type { Clock } from '../lib/clock.ts';

/** Keys pressed within this time of each other belong together; # ends them at once. */
const PAUSE_MS = 2000;
const KEYS_MAX = 64;

export class Keypad implements Disposable {
  readonly #clock: Clock;
  readonly #done: (keys: string) => void;
  #keys = '';
  #timer: Disposable | undefined;

  /** `done` gets at least one key, never the # that ended them. */
  constructor(clock: Clock, done: (keys: string) => void) {
    this.#clock = clock;
    this.#done = done;
  }

  /** 0-9, *, #, A-D. Beyond 64 keys they are ignored. */
  press(key: string): void {
    this.#stop();
    if (key === '#') return this.#end();
    if (this.#keys.length < KEYS_MAX) this.#keys += key;
    this.#timer = this.#clock.after(PAUSE_MS, () => this.#end());
  }

  [Symbol.dispose](): void {
    this.#stop();
  }

  #end(): void {
    this.#stop();
    const keys = this.#keys;
    this.#keys = '';
    if (keys !== '') this.#done(keys);
  }

  #stop(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }
}
