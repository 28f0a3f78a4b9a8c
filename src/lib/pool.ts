// Short-lived audio in shared pieces of memory: a piece of its own for each would cost more than all that is done to it.

/** Small: what is kept for a while keeps all of its piece. Buffer's own pool has four times as much in one. */
const SHARED_BYTES = 16 * 1024;
/** For samples of any width. */
const ALIGNED = 8;

let shared = new ArrayBuffer(0);
let used = 0;

/** Not cleared: write all of it. */
export function pooledBytes(length: number): Uint8Array<ArrayBuffer> {
  const at = take(length);
  return at === undefined ? new Uint8Array(length) : new Uint8Array(shared, at, length);
}

/** The same for 16-bit samples. */
export function pooledSamples(length: number): Int16Array<ArrayBuffer> {
  const at = take(length * Int16Array.BYTES_PER_ELEMENT);
  return at === undefined ? new Int16Array(length) : new Int16Array(shared, at, length);
}

/** The place of so many bytes in `shared`; undefined for what is large enough to have its own. */
function take(bytes: number): number | undefined {
  if (bytes > SHARED_BYTES / 4) return undefined;
  if (used + bytes > shared.byteLength) {
    shared = new ArrayBuffer(SHARED_BYTES);
    used = 0;
  }
  const at = used;
  used += Math.ceil(bytes / ALIGNED) * ALIGNED;
  return at;
}
