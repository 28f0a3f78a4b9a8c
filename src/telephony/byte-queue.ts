// Mu-law audio that waits: chunks of any length go in, pieces of a wanted length come out.

export class ByteQueue {
  #chunks: Uint8Array[] = [];
  /** Bytes already taken from the first chunk. */
  #taken = 0;
  #length = 0;

  /** Bytes waiting. */
  get length(): number {
    return this.#length;
  }

  /** Adds at the end. Keeps `bytes`, which must not change afterwards. */
  append(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#chunks.push(bytes);
    this.#length += bytes.length;
  }

  /** Adds at the front, before all that waits. */
  prepend(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const first = this.#chunks[0];
    if (first && this.#taken > 0) {
      this.#chunks[0] = first.subarray(this.#taken);
      this.#taken = 0;
    }
    this.#chunks.unshift(bytes);
    this.#length += bytes.length;
  }

  /** Removes and returns the first `count` bytes; `count` is at most `length`. */
  take(count: number): Uint8Array {
    const first = this.#chunks[0];
    if (first && first.length - this.#taken >= count) {
      const piece = first.subarray(this.#taken, this.#taken + count);
      this.#advance(first, count);
      return piece;
    }
    const piece = new Uint8Array(count);
    let filled = 0;
    while (filled < count) {
      const chunk = this.#chunks[0];
      if (!chunk) throw new RangeError('more bytes asked for than wait');
      const some = Math.min(count - filled, chunk.length - this.#taken);
      piece.set(chunk.subarray(this.#taken, this.#taken + some), filled);
      filled += some;
      this.#advance(chunk, some);
    }
    return piece;
  }

  clear(): void {
    this.#chunks = [];
    this.#taken = 0;
    this.#length = 0;
  }

  #advance(chunk: Uint8Array, count: number): void {
    this.#taken += count;
    this.#length -= count;
    if (this.#taken < chunk.length) return;
    this.#chunks.shift();
    this.#taken = 0;
  }
}
