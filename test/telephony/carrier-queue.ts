// The carrier's side of playout: a queue of audio and marks, played at the speed of the clock.

const BYTES_PER_MS = 8;

type Item =
  | { readonly type: 'audio'; readonly bytes: Uint8Array }
  | { readonly type: 'mark'; readonly name: string };

export class CarrierQueue {
  readonly #onMark: (name: string) => void;
  #items: Item[] = [];
  #taken = 0;
  /** All the caller has heard, in order. */
  readonly heard: number[] = [];
  /** Milliseconds of quiet between the first and the last sound. */
  gapsMs = 0;
  clears = 0;
  messages = 0;
  /** Lengths of the audio messages, in bytes. */
  readonly lengths: number[] = [];
  #quietMs = 0;

  constructor(onMark: (name: string) => void) {
    this.#onMark = onMark;
  }

  get heardMs(): number {
    return this.heard.length / BYTES_PER_MS;
  }

  /** Milliseconds of audio that wait here. */
  get waitingMs(): number {
    let bytes = -this.#taken;
    for (const item of this.#items) if (item.type === 'audio') bytes += item.bytes.length;
    return bytes / BYTES_PER_MS;
  }

  media(bytes: Uint8Array): void {
    this.messages += 1;
    this.lengths.push(bytes.length);
    this.#items.push({ type: 'audio', bytes: Uint8Array.from(bytes) });
  }

  mark(name: string): void {
    this.messages += 1;
    this.#items.push({ type: 'mark', name });
    this.#passMarks();
  }

  /** As Twilio: what waits is dropped, and all its marks come back. */
  clear(): void {
    this.clears += 1;
    const dropped = this.#items;
    this.#items = [];
    this.#taken = 0;
    for (const item of dropped) if (item.type === 'mark') this.#onMark(item.name);
  }

  /** Plays `ms` of what waits. */
  play(ms: number): void {
    let left = ms * BYTES_PER_MS;
    while (left > 0) {
      const item = this.#items[0];
      if (item?.type !== 'audio') break;
      if (this.#quietMs > 0 && this.heard.length > 0) this.gapsMs += this.#quietMs;
      this.#quietMs = 0;
      const end = Math.min(item.bytes.length, this.#taken + left);
      for (let i = this.#taken; i < end; i += 1) this.heard.push(item.bytes[i]!);
      left -= end - this.#taken;
      this.#taken = end;
      if (end < item.bytes.length) return;
      this.#items.shift();
      this.#taken = 0;
      this.#passMarks();
    }
    this.#quietMs += left / BYTES_PER_MS;
  }

  #passMarks(): void {
    for (let item = this.#items[0]; item?.type === 'mark'; item = this.#items[0]) {
      this.#items.shift();
      this.#onMark(item.name);
    }
  }
}
