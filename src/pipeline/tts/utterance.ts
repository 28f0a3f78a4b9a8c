// A stretch of speech without long pauses: one context at the vendor, said again where the socket died before a sound.

import type { OpenContext } from './voice-socket.ts';

export class Utterance {
  readonly #texts: string[] = [];
  #context: OpenContext;
  #finished = false;

  constructor(context: OpenContext) {
    this.#context = context;
  }

  get context(): OpenContext {
    return this.#context;
  }

  /** Characters to be said, so far. */
  get characters(): number {
    return this.#texts.reduce((sum, text) => sum + text.length, 0);
  }

  say(text: string): void {
    this.#texts.push(text);
    this.#context.say(text);
  }

  finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#context.finish();
  }

  cancel(): void {
    this.#context.cancel();
  }

  /** All of it again, elsewhere. */
  repeatIn(context: OpenContext): void {
    this.#context = context;
    for (const text of this.#texts) context.say(text);
    if (this.#finished) context.finish();
  }
}
