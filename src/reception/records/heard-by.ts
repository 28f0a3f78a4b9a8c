// How long each recogniser has heard a call, so that each is paid for its own time.

import type { Served } from '../../pipeline/types.ts';

export class HeardBy {
  #recogniser: string | undefined;
  #sinceMs = 0;
  #takenMs = 0;
  #heard = new Map<string, number>();
  #againMs = 0;

  /**
   * From here on it is this one, which hears `againMs` once more that another has been given already. `lineMs`: of the line, as all
   * times here. The first is paid from where the line began.
   */
  change(recogniser: string, lineMs: number, againMs: number): void {
    if (this.#recogniser !== undefined) this.#close(lineMs);
    this.#recogniser = recogniser;
    this.#againMs += againMs;
    this.#add(recogniser, againMs);
  }

  /** What was heard since this was asked last, more than once where it was, and by whom; by nobody who is known before the first. */
  take(lineMs: number): { readonly heardMs: number; readonly served: readonly Served[] } {
    this.#close(lineMs);
    const heardMs = lineMs - this.#takenMs + this.#againMs;
    this.#takenMs = lineMs;
    this.#againMs = 0;
    const heard = [...this.#heard];
    this.#heard = new Map();
    return {
      heardMs,
      served: heard.map(([vendor, quantity]) => ({ vendor, unit: 'milliseconds', quantity })),
    };
  }

  #close(lineMs: number): void {
    const ms = lineMs - this.#sinceMs;
    this.#sinceMs = lineMs;
    if (this.#recogniser !== undefined) this.#add(this.#recogniser, ms);
  }

  #add(recogniser: string, ms: number): void {
    if (ms > 0) this.#heard.set(recogniser, (this.#heard.get(recogniser) ?? 0) + ms);
  }
}
