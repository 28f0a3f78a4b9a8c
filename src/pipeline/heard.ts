// Which words the caller has heard, from what was said, when the voice says each word, and what the line has played.

import type { Word } from './types.ts';

/** Where a voice gives no word times: some 15 characters a second is how fast voices speak. */
const MS_PER_CHARACTER = 65;

/** One stretch of speech made in one go: a step of the model, or a clip. */
interface Stretch {
  /** The model's step it belongs to; undefined for clips. */
  readonly step: number | undefined;
  readonly startMs: number;
  text: string;
  audioMs: number;
  words: Word[];
  complete: boolean;
}

export interface HeardStretch {
  readonly step: number | undefined;
  readonly text: string;
}

/** Follows one turn. Times of the line are those of `Transport.heardMs`. */
export class Heard {
  readonly #baseMs: number;
  readonly #stretches: Stretch[] = [];

  /** `baseMs`: what the line had played when the turn began. */
  constructor(baseMs: number) {
    this.#baseMs = baseMs;
  }

  /** What follows is made apart from what came before: its word times start anew. */
  begin(step: number | undefined): void {
    const last = this.#stretches.at(-1);
    if (last) last.complete = true;
    const startMs = last ? last.startMs + last.audioMs : this.#baseMs;
    this.#stretches.push({ step, startMs, text: '', audioMs: 0, words: [], complete: false });
  }

  /** Text given to the voice, in the order given. */
  addText(text: string): void {
    this.#last().text += text;
  }

  /** Audio given to the line. */
  addAudio(ms: number): void {
    this.#last().audioMs += ms;
  }

  addWords(words: readonly Word[]): void {
    this.#last().words.push(...words);
  }

  /** The voice has given all audio of this stretch. */
  complete(): void {
    this.#last().complete = true;
  }

  /** What is still to be heard of the text so far when the line has played `heardMs`; estimated while it is being made. */
  remainingMs(heardMs: number): number {
    const last = this.#stretches.at(-1);
    if (!last) return 0;
    const { startMs, audioMs, text, words, complete } = last;
    const spoken = words.at(-1)?.endMs ?? 0;
    const lengthMs = complete
      ? audioMs
      : Math.max(audioMs, spoken || text.length * MS_PER_CHARACTER);
    return Math.max(0, startMs + lengthMs - heardMs);
  }

  /** The text so far, whether heard or not. */
  get text(): string {
    return joined(this.#stretches.map(({ text }) => text));
  }

  /** The words heard when the line has played `heardMs`. */
  upTo(heardMs: number): string {
    return joined(this.stretchesUpTo(heardMs).map(({ text }) => text));
  }

  /** The same, stretch by stretch. */
  stretchesUpTo(heardMs: number): HeardStretch[] {
    return this.#stretches.map((stretch) => ({
      step: stretch.step,
      text: heardText(stretch, heardMs - stretch.startMs),
    }));
  }

  #last(): Stretch {
    const last = this.#stretches.at(-1);
    if (!last) throw new Error('Heard.begin comes first');
    return last;
  }
}

function joined(texts: readonly string[]): string {
  return texts
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .join(' ');
}

function heardText(stretch: Stretch, heardMs: number): string {
  const { text, audioMs, complete } = stretch;
  if (heardMs <= 0 || text === '') return '';
  if (complete && heardMs >= audioMs) return text;
  const own = [...text.matchAll(/\S+/g)];
  const count = Math.min(own.length, heardWords(stretch, own, heardMs));
  const last = own[count - 1];
  return last ? text.slice(0, last.index + last[0].length) : '';
}

/** How many of our own words have been heard by half at least. */
function heardWords(stretch: Stretch, own: readonly RegExpMatchArray[], heardMs: number): number {
  const { words, text, audioMs, complete } = stretch;
  if (words.length > 0) {
    const spoken = words.filter((word) => (word.startMs + word.endMs) / 2 <= heardMs).length;
    // A voice may split our words into others ("2:30" into three): then shares are compared.
    const all = complete && words.length !== own.length;
    return all ? Math.round((spoken * own.length) / words.length) : spoken;
  }
  const estimateMs = text.length * MS_PER_CHARACTER;
  const lengthMs = complete ? audioMs : Math.max(audioMs, estimateMs);
  const characters = (heardMs / Math.max(1, lengthMs)) * text.length;
  return own.filter((word) => (word.index ?? 0) + word[0].length / 2 <= characters).length;
}
