// The only reader of time. Wall time is for what is stored and shown, monotonic time for what is measured or billed.

export interface Clock {
  /** Wall time, milliseconds since 1970. May jump. */
  now(): number;
  /** Monotonic milliseconds since an arbitrary start. Never jumps. */
  elapsed(): number;
  /** Resolves after `ms`, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Runs `act` once after `ms`, unless disposed first. */
  after(ms: number, act: () => void): Disposable;
  /** Runs `act` every `ms` until disposed. */
  every(ms: number, act: () => void): Disposable;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: (ms, signal) => sleepOn(systemClock, ms, signal),
  after(ms, act) {
    const timer = setTimeout(act, ms);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
  every(ms, act) {
    const timer = setInterval(act, ms);
    return { [Symbol.dispose]: () => clearInterval(timer) };
  },
};

/** `sleep` in terms of `after`, for every clock. */
export function sleepOn(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const timer = clock.after(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    const onAbort = () => {
      timer[Symbol.dispose]();
      reject(signal?.reason as Error);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** `promise`, or a rejection with `late()` when it takes longer than `ms`. Does not stop the work itself. */
export function within<T>(
  clock: Clock,
  ms: number,
  promise: Promise<T>,
  late: () => Error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(ms, () => reject(late()));
    promise.then(
      (value) => {
        timer[Symbol.dispose]();
        resolve(value);
      },
      (error: unknown) => {
        timer[Symbol.dispose]();
        reject(error);
      },
    );
  });
}

/** One timer for many: calls share it, so that a hundred calls do not keep a hundred timers. */
export class Tick {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #acts = new Set<(now: number) => void>();
  #timer: Disposable | undefined;

  /** `ms` between ticks. The timer runs only while somebody listens. */
  constructor(clock: Clock, ms: number) {
    this.#clock = clock;
    this.#ms = ms;
  }

  /** Calls `act` on each tick until disposed, with `clock.elapsed()` of the tick. `act` must not throw. */
  add(act: (now: number) => void): Disposable {
    this.#acts.add(act);
    this.#timer ??= this.#clock.every(this.#ms, () => {
      const now = this.#clock.elapsed();
      for (const each of this.#acts) each(now);
    });
    return {
      [Symbol.dispose]: () => {
        this.#acts.delete(act);
        if (this.#acts.size > 0) return;
        this.#timer?.[Symbol.dispose]();
        this.#timer = undefined;
      },
    };
  }
}
