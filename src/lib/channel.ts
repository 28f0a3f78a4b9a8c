// The only queue: bounded, read as an iterable, ended once. And the read-ahead built on it.

/**
 * A bounded queue with one reader. `push` never waits: what comes from outside is dropped (and counted) when nobody
 * keeps up. `put` waits for room: what we make ourselves can wait.
 */
export class Channel<T> implements AsyncIterable<T> {
  readonly #items: T[] = [];
  readonly #max: number;
  #reader: { resolve(step: IteratorResult<T>): void; reject(error: unknown): void } | undefined;
  #writers: (() => void)[] = [];
  #ended = false;
  #error: unknown;
  #dropped = 0;

  /** `max`: items kept while nobody reads. */
  constructor(max: number) {
    this.#max = max;
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
    if (this.#reader) return this.#hand({ done: false, value: item });
    if (this.#items.length >= this.#max) {
      this.#items.shift();
      this.#dropped += 1;
    }
    this.#items.push(item);
  }

  /** Adds an item as soon as there is room; rejects with the signal's reason when it aborts first. */
  async put(item: T, signal: AbortSignal): Promise<void> {
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
    const reader = this.#reader;
    if (!reader) return;
    this.#reader = undefined;
    if (error === undefined) reader.resolve({ done: true, value: undefined });
    else reader.reject(error);
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    return {
      next: () => this.#next(),
      return: () => {
        this.#items.length = 0;
        this.end();
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }

  #next(): Promise<IteratorResult<T>> {
    const item = this.#items.shift();
    if (item !== undefined) {
      this.#wakeWriters();
      return Promise.resolve({ done: false, value: item });
    }
    if (this.#ended) {
      const error = this.#error;
      this.#error = undefined;
      if (error !== undefined) return Promise.reject(error);
      return Promise.resolve({ done: true, value: undefined });
    }
    if (this.#reader) throw new Error('a channel has one reader');
    const next = new Promise<IteratorResult<T>>((resolve, reject) => {
      this.#reader = { resolve, reject };
    });
    this.#wakeWriters();
    return next;
  }

  #hand(step: IteratorResult<T>): void {
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.resolve(step);
  }

  #wakeWriters(): void {
    const writers = this.#writers;
    this.#writers = [];
    for (const wake of writers) wake();
  }
}

/**
 * Reads `source` at once, at most `max` items ahead of whoever reads the result. Stopping the result stops the source.
 */
export async function* readAhead<T>(source: AsyncIterable<T>, max: number): AsyncGenerator<T> {
  const ahead = new Channel<T>(max);
  const stop = new AbortController();
  const items = source[Symbol.asyncIterator]();
  void pump();
  try {
    yield* ahead;
  } finally {
    stop.abort(new Error('nobody reads ahead any more'));
    // Not awaited: the source may be stuck in a read, and its reader has gone.
    items.return?.().catch(() => {});
  }

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
