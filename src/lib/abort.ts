// Cancellation: scopes that follow a parent signal, and reads that end the moment a signal aborts.

/** A signal that aborts with its parent, or on its own. Dispose it to let go of the parent. */
export class Scope implements Disposable {
  readonly #controller = new AbortController();
  readonly #unlink: () => void;

  constructor(parent: AbortSignal) {
    const follow = () => this.abort(parent.reason);
    this.#unlink = () => parent.removeEventListener('abort', follow);
    if (parent.aborted) follow();
    else parent.addEventListener('abort', follow, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  abort(reason?: unknown): void {
    this.#controller.abort(reason);
  }

  [Symbol.dispose](): void {
    this.#unlink();
  }
}

/** The items of `source`, ending with the signal's reason the moment it aborts. */
export async function* abortable<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T> {
  const items = source[Symbol.asyncIterator]();
  let stop = () => {};
  const onAbort = () => stop();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    while (true) {
      signal.throwIfAborted();
      // A promise of its own for each item: racing one long-lived promise keeps every item alive.
      const step = await new Promise<IteratorResult<T>>((resolve, reject) => {
        stop = () => reject(signal.reason);
        items.next().then(resolve, reject);
      });
      if (step.done) return;
      yield step.value;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    // Not awaited: a source stuck in a network read must not hold up the one who cancelled it.
    items.return?.().catch(() => {});
  }
}

/** `promise`, or a rejection with the signal's reason the moment it aborts. Does not stop the work itself. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
