// Words that may be somebody else's, until it is known whether whoever said them waits for an answer. Counted in media time.

import { plainWords } from '../languages/language.ts';
import { FRAME_MS } from '../types.ts';
import type { Transcript } from '../types.ts';

/** Whoever says no more for so long waits; recognisers tell words once a second. */
const WAITS_MS = 2500;
/** So much, without waiting in between, was said to nobody here. */
const LONG_MS = 15_000;

type Said = Exclude<Transcript, { type: 'start-of-turn' | 'turn-resumed' }>;

/** One call's. */
export class DoubtedWords {
  #parts: Said[] = [];
  /** Not final, and replaced by the next report. */
  #interim: Said | undefined;
  /** What the recogniser will say once more before the words that come, and is somebody else's; plain. */
  #others = '';
  /** Since the first and the last of them. */
  #lastedMs = 0;
  #silentMs = WAITS_MS;

  /** Nothing was added to them for so long that whoever said them waits. */
  get wait(): boolean {
    return this.#silentMs >= WAITS_MS && this.any;
  }

  get any(): boolean {
    return this.#parts.length > 0 || this.#interim !== undefined;
  }

  onFrame(): void {
    this.#lastedMs += FRAME_MS;
    this.#silentMs += FRAME_MS;
  }

  /** They may be the caller's. */
  add(given: Said): void {
    const said = this.#withoutOthers(given);
    if (said.text !== this.#interim?.text) {
      if (this.#silentMs >= WAITS_MS) this.#lastedMs = 0;
      this.#silentMs = 0;
    }
    if (this.#lastedMs > LONG_MS) return this.ignore(given);
    this.#interim = isFinal(said) ? undefined : said;
    if (!isFinal(said)) return;
    this.#others = '';
    if (said.text !== '') this.#parts.push(said);
  }

  /** All of them are the caller's after all. */
  take(): Said[] {
    const all = this.#interim ? [...this.#parts, this.#interim] : this.#parts;
    this.#parts = [];
    this.#interim = undefined;
    return all.filter(({ text }) => text !== '');
  }

  /** `given` is the caller's; what it repeats of words that are not is taken from it. */
  without(given: Said): Said {
    this.forget();
    const said = this.#withoutOthers(given);
    if (isFinal(given)) this.#others = '';
    return said;
  }

  /** `given` is somebody else's. */
  ignore(given: Said): void {
    this.forget();
    this.#others = isFinal(given) ? '' : plainWords(given.text);
  }

  /** None of them is the caller's. */
  forget(): void {
    const { text } = this.#interim ?? { text: '' };
    this.#others = `${this.#others} ${plainWords(text)}`.trim();
    this.#interim = undefined;
    this.#parts = [];
  }

  #withoutOthers(said: Said): Said {
    if (this.#others === '' || !`${plainWords(said.text)} `.startsWith(`${this.#others} `)) {
      return said;
    }
    const text = said.text.trim().split(/\s+/).slice(this.#others.split(' ').length).join(' ');
    return { ...said, text };
  }
}

function isFinal(said: Said): boolean {
  return said.type === 'end-of-turn' || (said.type === 'words' && said.final);
}
