// Short-lived audio out of the pool that Buffer keeps: a piece of memory of its own costs more than all that is done to it.

/** Not cleared: write all of it. What is kept for long keeps its neighbours too, so let it be a copy. */
export function pooledBytes(length: number): Uint8Array<ArrayBuffer> {
  return Buffer.allocUnsafe(length);
}

/** The same for 16-bit samples. */
export function pooledSamples(length: number): Int16Array<ArrayBuffer> {
  const { buffer, byteOffset } = Buffer.allocUnsafe(length * Int16Array.BYTES_PER_ELEMENT);
  // Every pool we know gives even places; none promises to.
  return byteOffset % Int16Array.BYTES_PER_ELEMENT === 0
    ? new Int16Array(buffer, byteOffset, length)
    : new Int16Array(length);
}
