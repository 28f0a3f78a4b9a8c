// What one voice has said of a text: how far its audio reaches, in time and in characters.

import { Heard } from '../speaking/heard.ts';
import type { Speech, Word } from '../types.ts';

/** Speech is not faster: with more text than this for the audio so far, the voice owes us some. */
const MS_PER_CHARACTER_MIN = 40;
/** Owing less than this may be the silence at an end. */
const OWED_MS = 400;

export class SpokenPart {
  readonly #startMs: number;
  readonly #heard = new Heard(0);
  #text = '';
  #ms = 0;
  /** Of audio that has not come: told when it has, because another voice may have to say them. */
  #waiting: Word[] = [];

  /** `startMs`: the audio before this part, said by others. */
  constructor(startMs: number) {
    this.#startMs = startMs;
    this.#heard.begin(undefined);
  }

  get heardAnything(): boolean {
    return this.#ms > 0;
  }

  /** The end of its audio, from the first sample of all. */
  get endMs(): number {
    return this.#startMs + this.#ms;
  }

  /** Whether there is more text than the audio so far can have said. */
  get owes(): boolean {
    return this.#text.trim().length * MS_PER_CHARACTER_MIN - this.#ms > OWED_MS;
  }

  addText(piece: string): void {
    this.#text += piece;
    this.#heard.addText(piece);
  }

  addWords(words: readonly Word[]): void {
    this.#heard.addWords(words);
    this.#waiting.push(...words);
  }

  /** Passes a piece of audio on, with the words that it has said by half. */
  *addAudio(speech: Speech, sampleRate: number): Generator<Speech> {
    if (speech.type !== 'audio') return;
    const ms = (speech.samples.length / sampleRate) * 1000;
    this.#ms += ms;
    this.#heard.addAudio(ms);
    const said = this.#waiting.filter((word) => middleOf(word) <= this.#ms);
    this.#waiting = this.#waiting.filter((word) => middleOf(word) > this.#ms);
    if (said.length > 0) yield this.#words(said);
    yield speech;
  }

  /** The words that are left when the voice is done. */
  *lastWords(): Generator<Speech> {
    if (this.#waiting.length > 0) yield this.#words(this.#waiting);
    this.#waiting = [];
  }

  /** Characters of the text that its audio has said, a word that was said by half included. */
  saidCharacters(): number {
    const said = this.#ms === 0 ? '' : this.#heard.upTo(this.#ms);
    return said === '' ? 0 : this.#text.indexOf(said) + said.length;
  }

  #words(words: readonly Word[]): Speech {
    const startMs = this.#startMs;
    return {
      type: 'words',
      words: words.map((word) => ({
        text: word.text,
        startMs: word.startMs + startMs,
        endMs: word.endMs + startMs,
      })),
    };
  }
}

function middleOf(word: Word): number {
  return (word.startMs + word.endMs) / 2;
}
