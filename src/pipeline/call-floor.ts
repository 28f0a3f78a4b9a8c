// What we are doing at each moment of a call, for the ear that looks with every frame.

import type { CallTurns } from './call-turns.ts';
import type { Floor } from './hearing/caller-event.ts';
import type { Expectation } from './hearing/expectation.ts';

/** What costs something is computed when it is asked for. A class: calls that share no shape are slow to look at. */
export class CallFloor implements Floor {
  readonly #turns: CallTurns;
  readonly #answerOwed: () => boolean;

  /** `answerOwed`: what the caller said waits for its answer. */
  constructor(turns: CallTurns, answerOwed: () => boolean) {
    this.#turns = turns;
    this.#answerOwed = answerOwed;
  }

  get agent(): Floor['agent'] {
    const { current } = this.#turns;
    if (!current) return 'quiet';
    return current.speaking ? 'speaking' : 'thinking';
  }

  get asking(): boolean {
    return this.#turns.asking;
  }

  get expected(): Expectation {
    return this.#turns.expected;
  }

  get saying(): string {
    return this.#turns.current?.text ?? '';
  }

  get ending(): boolean {
    return this.#turns.current?.ending ?? false;
  }

  get waiting(): boolean {
    const { current } = this.#turns;
    return current ? current.kind === 'prompt' : !this.#answerOwed();
  }
}
