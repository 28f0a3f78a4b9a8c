// Keeps a fault of postgres.js 3.4.9 from ending the process: it writes in an immediate, to a socket it may have forgotten meanwhile.

/** The function of the driver that sends what has been gathered. */
const WRITES = 'nextWrite';

let guarded = false;

/**
 * To be called before the driver is used; once is enough. A write whose connection closed before its immediate came is
 * left out: its statement has been refused when the connection closed. Nothing else is touched.
 */
export function guardDriver(): void {
  if (guarded) return;
  guarded = true;
  const original = globalThis.setImmediate;
  const guard = (act: (...given: unknown[]) => void, ...given: unknown[]) => {
    if (act.name !== WRITES) return original(act, ...given);
    return original(() => {
      try {
        act();
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
      }
    });
  };
  globalThis.setImmediate = Object.assign(guard, original);
}
