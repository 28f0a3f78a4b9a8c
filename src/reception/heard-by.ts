// How long each recogniser has heard a call, so that each is paid for its own time.

import type { Served } from '../pipeline/types.ts';

export class HeardBy {
  #recogniser: string | undefined;
  #sinceMs = 0;
  #takenMs = 0;
  #heard = new Map<string, number>();

  /** From here on it is this one. `lineMs`: of the line, as all times here. The first is paid from where the line began. */
  change(recogniser: string, lineMs: number): void {
    if (this.#recogniser !== undefined) this.#close(lineMs);
    this.#recogniser = recogniser;
  }

  /** What was heard since this was asked last, and by whom; by nobody who is known before the first. */
  take(lineMs: number): { readonly heardMs: number; readonly served: readonly Served[] } {
    this.#close(lineMs);
    const heardMs = lineMs - this.#takenMs;
    this.#takenMs = lineMs;
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
    const name = this.#recogniser;
    if (name !== undefined) this.#heard.set(name, (this.#heard.get(name) ?? 0) + ms);
  }
}
