// Which words the caller has heard, from what was said, when the voice says each word, and what the line has played.

import type { SpokenPiece } from '../spoken-form/spoken-form.ts';
import type { Word } from '../types.ts';

/** Where a voice gives no word times: some 15 characters a second is how fast voices speak. */
const MS_PER_CHARACTER = 65;

/** The same for words. */
const MS_PER_WORD = 300;

/** One stretch of speech made in one go: a step of the model, or a clip. */
interface Stretch {
  /** The model's step it belongs to; undefined for clips. */
  readonly step: number | undefined;
  readonly startMs: number;
  text: string;
  /** The text again, with how each part of it is said. */
  readonly pieces: SpokenPiece[];
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
    this.#stretches.push({
      step,
      startMs,
      text: '',
      pieces: [],
      audioMs: 0,
      words: [],
      complete: false,
    });
  }

  /** What was given to the voice, in the order given: a text that is said as it is written, or its spoken form. */
  addText(text: string | readonly SpokenPiece[]): void {
    const pieces =
      typeof text === 'string'
        ? (text.match(/\s*\S+\s*/g) ?? []).map((word) => ({ written: word, spoken: word }))
        : text;
    const last = this.#last();
    last.pieces.push(...pieces);
    last.text += typeof text === 'string' ? text : pieces.map(({ written }) => written).join('');
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
    const { startMs, audioMs, pieces, words, complete } = last;
    const spoken = pieces.map((piece) => piece.spoken).join('');
    const unsaid = countWords(spoken) - words.length;
    const estimateMs =
      words.length > 0
        ? words.at(-1)!.endMs + unsaid * MS_PER_WORD
        : spoken.length * MS_PER_CHARACTER;
    const lengthMs = complete ? audioMs : Math.max(audioMs, estimateMs);
    return Math.max(0, startMs + lengthMs - heardMs);
  }

  /** The text so far, whether heard or not. */
  get text(): string {
    return joined(this.#stretches.map(({ text }) => text));
  }

  /** Of the text so far, what is still unheard when the line has played `heardMs`. */
  after(heardMs: number): string {
    return joined(
      this.#stretches.map((each) =>
        each.text.slice(heardText(each, heardMs - each.startMs).length),
      ),
    );
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
  const spoken = stretch.pieces.map((piece) => countWords(piece.spoken));
  const count = heardWords(stretch, sum(spoken), heardMs);
  let written = '';
  let before = 0;
  for (const [index, piece] of stretch.pieces.entries()) {
    const words = spoken[index]!;
    // A number of many words is heard once half of it has been; half of an address is none.
    const needed = piece.written.includes('@') ? words : words / 2;
    if (before + needed > count) break;
    before += words;
    written += piece.written;
  }
  return written.trimEnd();
}

/** How many spoken words, of `all`, have been heard by half at least. */
function heardWords(stretch: Stretch, all: number, heardMs: number): number {
  const { words, pieces, audioMs, complete } = stretch;
  if (words.length > 0) {
    const heard = words.filter((word) => (word.startMs + word.endMs) / 2 <= heardMs).length;
    // A voice may split our words into others: then shares are compared.
    const shares = complete && words.length !== all;
    return shares ? Math.round((heard * all) / words.length) : heard;
  }
  const spoken = pieces.map((piece) => piece.spoken).join('');
  const estimateMs = spoken.length * MS_PER_CHARACTER;
  const lengthMs = complete ? audioMs : Math.max(audioMs, estimateMs);
  const characters = (heardMs / Math.max(1, lengthMs)) * spoken.length;
  const own = [...spoken.matchAll(/\S+/g)];
  return own.filter((word) => word.index + word[0].length / 2 <= characters).length;
}

function countWords(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0);
}
