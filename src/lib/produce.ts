// Items made by a loop of its own that runs a little ahead of its reader: a generator's work without its three waits an item.

import { Scope } from './abort.ts';
import { Channel } from './channel.ts';

/**
 * What `fill` puts, at most `max` items ahead of the reader; then its end, or what it throws. It begins at once. Its signal
 * aborts with `parent`, when the reader stops, and when it has ended, so that what it has begun does not outlive it.
 */
export function produce<T>(
  max: number,
  parent: AbortSignal,
  fill: (put: (item: T) => Promise<void>, signal: AbortSignal) => Promise<void>,
): Channel<T> {
  const scope = new Scope(parent);
  const { signal } = scope;
  const over = () => {
    scope[Symbol.dispose]();
    scope.abort(new Error('nobody reads any more'));
  };
  const items = new Channel<T>(max, over);
  const filled = fill((item) => items.put(item, signal), signal);
  filled.then(
    () => {
      items.end();
      over();
    },
    (error: unknown) => {
      items.end(error);
      over();
    },
  );
  return items;
}
