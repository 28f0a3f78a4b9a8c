// A model that hears and speaks itself and is lost in the middle of a call: what is left to be done before somebody else goes on.

import { toError } from '../../lib/errors.ts';
import type { CallEnding } from '../call-ending.ts';
import type { CallClips } from '../call-parts.ts';
import type { Clip } from '../types.ts';

export interface LostModelParts {
  readonly ending: CallEnding;
  readonly clips: Pick<CallClips, 'fillers' | 'goodbye'>;
  /** Resolves when none of its tools runs any more: what they have done must be known to who goes on. */
  idle(): Promise<void>;
  /** It was lost, and its tools have come to their end. */
  onGone(): void;
}

export class LostModel {
  readonly #parts: LostModelParts;
  #by: { readonly error: unknown } | undefined;

  constructor(parts: LostModelParts) {
    this.#parts = parts;
  }

  note(error: unknown): void {
    this.#by ??= { error };
    this.again();
  }

  /** The caller wants to go on after all. Nothing where it is not lost. */
  again(): void {
    if (this.#by) void this.#parts.idle().then(() => this.#parts.onGone());
  }

  /** What is said before the planned end, which needs no model. Throws what it was lost by where none is planned. */
  lastWords(): Clip {
    const { ending, clips } = this.#parts;
    if (!ending.planned) throw toError(this.#by?.error);
    return ending.handsOn ? clips.fillers[0]! : clips.goodbye;
  }
}
