// Notices a call that goes round in circles: a recording, or another machine, on the other end.

import { plainWords } from '../languages/language.ts';

/** The same exchange so many times in a row is a loop. */
const TIMES = 4;
/** Whoever says so many words again and again, word for word, is no person, whatever we answer. */
const WORDS_OF_MACHINES = 6;

export class LoopDetector {
  #caller = '';
  #heard = '';
  #exchanges = 0;
  #repeats = 0;

  /** An exchange is over; true when it has been the same for too long. */
  note(caller: string, heard: string): boolean {
    const said = plainWords(caller);
    const answered = plainWords(heard);
    const same = said === this.#caller && said !== '';
    this.#repeats = same ? this.#repeats + 1 : 1;
    this.#exchanges = same && answered === this.#heard ? this.#exchanges + 1 : 1;
    this.#caller = said;
    this.#heard = answered;
    const machine = said.split(' ').length >= WORDS_OF_MACHINES && this.#repeats >= TIMES;
    return machine || this.#exchanges >= TIMES;
  }
}
