// Cancellation: scopes that follow a parent signal, and reads that end the moment a signal aborts.

import { Channel } from './channel.ts';
import type { Items } from './channel.ts';

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
export function abortable<T>(source: AsyncIterable<T>, signal: AbortSignal): Items<T> {
  return source instanceof Channel ? source.read(signal) : new Abortable(source, signal);
}

/**
 * Gives each item of `source` to `take`: of a channel in the moment it comes. Resolves at the end; rejects with the source's
 * error, with what `take` throws, or with the signal's reason the moment it aborts.
 */
export async function forEach<T>(
  source: AsyncIterable<T>,
  take: (item: T) => void,
  signal: AbortSignal,
): Promise<void> {
  if (source instanceof Channel) return (source as Channel<T>).each(take, signal);
  for await (const item of abortable(source, signal)) take(item);
}

/** By hand and not as a generator: a generator waits thrice for each item. */
class Abortable<T> implements Items<T> {
  readonly #source: AsyncIterable<T>;
  readonly #signal: AbortSignal;
  /** Undefined before the first read. */
  #items: AsyncIterator<T> | undefined;
  /** While somebody waits for an item. */
  #stop: ((reason: unknown) => void) | undefined;
  #over = false;

  constructor(source: AsyncIterable<T>, signal: AbortSignal) {
    this.#source = source;
    this.#signal = signal;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#over) return Promise.resolve({ done: true, value: undefined });
    const items = (this.#items ??= this.#begin());
    if (this.#signal.aborted) {
      this.#end();
      return Promise.reject(this.#signal.reason as Error);
    }
    // A promise of its own for each item: racing one long-lived promise keeps every item alive.
    return new Promise((resolve, reject) => {
      this.#stop = reject;
      items.next().then(
        (step) => {
          this.#stop = undefined;
          if (step.done) this.#end();
          resolve(step);
        },
        (error: unknown) => {
          this.#stop = undefined;
          this.#end();
          reject(error);
        },
      );
    });
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#end();
    return Promise.resolve({ done: true, value: undefined });
  }

  #begin(): AsyncIterator<T> {
    this.#signal.addEventListener('abort', this.#onAbort, { once: true });
    return this.#source[Symbol.asyncIterator]();
  }

  readonly #onAbort = () => {
    const stop = this.#stop;
    // The next read says so.
    if (!stop) return;
    this.#end();
    stop(this.#signal.reason);
  };

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#signal.removeEventListener('abort', this.#onAbort);
    // Not awaited: a source stuck in a network read must not hold up the one who cancelled it.
    this.#items?.return?.().catch(() => {});
  }
}

/** `promise`, or a rejection with the signal's reason the moment it aborts. Does not stop the work itself. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    promise.then(
      (value) => {
        signal.removeEventListener('abort', onAbort);
        resolve(value);
      },
      (error: unknown) => {
        signal.removeEventListener('abort', onAbort);
        reject(error);
      },
    );
  });
}
