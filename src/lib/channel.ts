// The only queue: bounded, read as an iterable, ended once. And the read-ahead built on it.

type Step<T> = IteratorResult<T, undefined>;

const done = Promise.resolve();

/** Read one item after the other, as `for await` does. */
export interface Items<T> extends AsyncIterableIterator<T, undefined, undefined> {
  return(): Promise<Step<T>>;
}

/**
 * A bounded queue with one reader. `push` never waits: what comes from outside is dropped (and counted) when nobody
 * keeps up. `put` waits for room: what we make ourselves can wait.
 */
export class Channel<T> implements AsyncIterable<T> {
  readonly #items: T[] = [];
  readonly #max: number;
  readonly #onLeave: (() => void) | undefined;
  #reader: { resolve(step: Step<T>): void; reject(error: unknown): void } | undefined;
  /** Who gets each item in the moment it comes. */
  #taker: { take(item: T): void; end(error: unknown): void } | undefined;
  /** While the reader's signal is listened to. */
  #unlink: (() => void) | undefined;
  #look: ((item: T) => void) | undefined;
  #writers: (() => void)[] = [];
  #ended = false;
  #error: unknown;
  #dropped = 0;

  /** `max`: items kept while nobody reads. `onLeave`: the reader has stopped before the end. */
  constructor(max: number, onLeave?: () => void) {
    this.#max = max;
    this.#onLeave = onLeave;
  }

  get size(): number {
    return this.#items.length;
  }

  /** Items that `push` threw away because the channel was full. */
  get dropped(): number {
    return this.#dropped;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Adds an item; when full the oldest makes room. After the end it is ignored. */
  push(item: T): void {
    if (this.#ended) return;
    if (this.#taker) return this.#give(item);
    if (this.#reader) return this.#hand(item);
    if (this.#items.length >= this.#max) {
      this.#items.shift();
      this.#dropped += 1;
    }
    this.#items.push(item);
  }

  /** Adds an item as soon as there is room; rejects with the signal's reason when it aborts first. */
  put(item: T, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    if (!this.#ended && !this.#reader && this.#items.length >= this.#max) {
      return this.#putLater(item, signal);
    }
    this.push(item);
    return done;
  }

  async #putLater(item: T, signal: AbortSignal): Promise<void> {
    while (!this.#ended && !this.#reader && this.#items.length >= this.#max) {
      signal.throwIfAborted();
      await new Promise<void>((resolve, reject) => {
        const onAbort = () => reject(signal.reason);
        signal.addEventListener('abort', onAbort, { once: true });
        this.#writers.push(() => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        });
      });
    }
    signal.throwIfAborted();
    this.push(item);
  }

  /** No more items. Readers get what is queued, then the end, or `error` thrown. The first end counts. */
  end(error?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    this.#wakeWriters();
    this.#taker?.end(error);
    const reader = this.#reader;
    if (!reader) return;
    this.#reader = undefined;
    this.#release();
    if (error === undefined) reader.resolve({ done: true, value: undefined });
    else reader.reject(error);
  }

  /** Shows each item to `look` in the moment the reader gets it. It must not throw. */
  tap(look: (item: T) => void): this {
    this.#look = look;
    return this;
  }

  [Symbol.asyncIterator](): Items<T> {
    const items: Items<T> = {
      next: () => this.#next(),
      return: () => this.#leave(),
      [Symbol.asyncIterator]: () => items,
    };
    return items;
  }

  /**
   * The items, ending with the signal's reason the moment it aborts; nothing comes after that, not even what is queued.
   * A frame of a call passes several of these: there is one promise for each item, and no more.
   */
  read(signal: AbortSignal): Items<T> {
    let [linked, aborted] = [false, false];
    const onAbort = () => {
      const reader = this.#reader;
      // The next read says so.
      if (!reader) return;
      this.#reader = undefined;
      aborted = true;
      void this.#leave();
      reader.reject(signal.reason);
    };
    const items: Items<T> = {
      next: () => {
        if (signal.aborted && !aborted) {
          aborted = true;
          void this.#leave();
          return Promise.reject(signal.reason as Error);
        }
        if (!linked) {
          linked = true;
          signal.addEventListener('abort', onAbort, { once: true });
          this.#unlink = () => signal.removeEventListener('abort', onAbort);
        }
        return this.#next();
      },
      return: () => this.#leave(),
      [Symbol.asyncIterator]: () => items,
    };
    return items;
  }

  /**
   * The other way to read: gives each item to `take` in the moment it is pushed, with no promise for any of them. Resolves at
   * the end; rejects with the channel's error, with what `take` throws, or with the signal's reason the moment it aborts.
   */
  each(take: (item: T) => void, signal: AbortSignal): Promise<void> {
    this.#checkAlone();
    return new Promise((resolve, reject) => {
      const stop = (error: unknown) => {
        if (!this.#taker) return;
        this.#taker = undefined;
        signal.removeEventListener('abort', onAbort);
        if (error === undefined) resolve();
        else reject(error);
      };
      const leave = (error: unknown) => {
        stop(error);
        void this.#leave();
      };
      const onAbort = () => leave(signal.reason);
      const taker = {
        take: (item: T) => {
          try {
            this.#look?.(item);
            take(item);
          } catch (error) {
            leave(error);
          }
        },
        end: stop,
      };
      this.#taker = taker;
      if (signal.aborted) return onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      for (let item = this.#items.shift(); item !== undefined; item = this.#items.shift()) {
        taker.take(item);
      }
      this.#wakeWriters();
      if (this.#ended) stop(this.#error);
      return undefined;
    });
  }

  #leave(): Promise<Step<T>> {
    const early = !this.#ended || this.#items.length > 0;
    this.#items.length = 0;
    this.end();
    this.#release();
    if (early) this.#onLeave?.();
    return Promise.resolve({ done: true, value: undefined });
  }

  #next(): Promise<Step<T>> {
    const item = this.#items.shift();
    if (item !== undefined) {
      this.#wakeWriters();
      this.#look?.(item);
      return Promise.resolve({ done: false, value: item });
    }
    if (this.#ended) {
      this.#release();
      const error = this.#error;
      this.#error = undefined;
      if (error !== undefined) return Promise.reject(error);
      return Promise.resolve({ done: true, value: undefined });
    }
    this.#checkAlone();
    const next = new Promise<Step<T>>((resolve, reject) => {
      this.#reader = { resolve, reject };
    });
    this.#wakeWriters();
    return next;
  }

  #checkAlone(): void {
    if (this.#reader || this.#taker) throw new Error('a channel has one reader');
  }

  /** In order, also where `take` itself makes another come. */
  #give(item: T): void {
    if (this.#items.length > 0) this.#items.push(item);
    else this.#taker?.take(item);
  }

  #hand(item: T): void {
    const reader = this.#reader;
    this.#reader = undefined;
    this.#look?.(item);
    reader?.resolve({ done: false, value: item });
  }

  /** Lets go of the reader's signal. */
  #release(): void {
    this.#unlink?.();
    this.#unlink = undefined;
  }

  #wakeWriters(): void {
    if (this.#writers.length === 0) return;
    const writers = this.#writers;
    this.#writers = [];
    for (const wake of writers) wake();
  }
}

/**
 * Reads `source` at once, at most `max` items ahead of whoever reads the result; a channel runs ahead as it is. Stopping
 * the result stops the source.
 */
export function readAhead<T>(source: AsyncIterable<T>, max: number): Channel<T> {
  if (source instanceof Channel) return source as Channel<T>;
  const stop = new AbortController();
  const items = source[Symbol.asyncIterator]();
  const ahead = new Channel<T>(max, () => {
    stop.abort(new Error('nobody reads ahead any more'));
    // Not awaited: the source may be stuck in a read, and its reader has gone.
    items.return?.().catch(() => {});
  });
  void pump();
  return ahead;

  async function pump(): Promise<void> {
    try {
      for (let step = await items.next(); !step.done; step = await items.next()) {
        await ahead.put(step.value, stop.signal);
      }
      ahead.end();
    } catch (error) {
      ahead.end(error);
    }
  }
}
