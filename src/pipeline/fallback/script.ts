// A text as it comes, kept so that it can be given again from any place: to the voice after the one that failed.

import { abortable } from '../../lib/abort.ts';

/** Reads `source` at once. Its owner ends it by the signal. */
export class Script {
  readonly #signal: AbortSignal;
  #text = '';
  #ends: number[] = [];
  #ended = false;
  #failure: { readonly error: unknown } | undefined;
  #wake = Promise.withResolvers<void>();

  constructor(source: AsyncIterable<string>, signal: AbortSignal) {
    this.#signal = signal;
    void this.#read(source);
  }

  /** All text has come. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The source has failed: that is no fault of whoever reads it. */
  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** What has come beyond the first `characters`. */
  rest(characters: number): string {
    return this.#text.slice(characters);
  }

  /** The pieces from there on, the first cut where it must be; `given` sees each before the reader does. */
  async *from(characters: number, given: (piece: string) => void): AsyncGenerator<string> {
    let at = characters;
    for (let index = 0; ;) {
      const end = this.#ends[index];
      if (end !== undefined) {
        index += 1;
        if (end <= at) continue;
        const piece = this.#text.slice(at, end);
        at = end;
        given(piece);
        yield piece;
        continue;
      }
      if (this.#failure) throw this.#failure.error;
      if (this.#ended) return;
      await this.#wake.promise;
      this.#signal.throwIfAborted();
    }
  }

  async #read(source: AsyncIterable<string>): Promise<void> {
    try {
      for await (const piece of abortable(source, this.#signal)) {
        this.#text += piece;
        this.#ends.push(this.#text.length);
        this.#tell();
      }
      this.#ended = true;
    } catch (error) {
      this.#failure = { error };
    }
    this.#tell();
  }

  #tell(): void {
    const { resolve } = this.#wake;
    this.#wake = Promise.withResolvers();
    resolve();
  }
}
