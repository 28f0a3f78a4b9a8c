// A recogniser without fault for benchmarks: hears the words of a turn as they end, and nothing else.

import { Channel } from '../../src/lib/channel.ts';
import { FLUSH } from '../../src/pipeline/types.ts';
import type { CallerAudio, SpeechToText, Transcript } from '../../src/pipeline/types.ts';
import type { VirtualClock } from '../../test/support/clock.ts';
import { RATE } from './spoken-turns.ts';
import type { SpokenTurn, TimedWord } from './spoken-turns.ts';

/** From the end of a word to when the recogniser can tell it; the answer to a flush takes as long. */
const HEAR_MS = 150;
/** Between reports of words so far. */
const INTERIM_MS = 500;

/** One line. Where no turn has begun, there are no words. */
export class Script implements SpeechToText {
  readonly endpointing = 'local';
  /** When it was asked for its last words. */
  readonly flushes: number[] = [];
  readonly #clock: VirtualClock;
  readonly #interimMs: number;
  #turn: SpokenTurn | undefined;
  /** What others say, from the start of the line, in order. */
  #others: TimedWord[] = [];
  #startMs = 0;
  #given = 0;

  constructor(clock: VirtualClock, interimMs = INTERIM_MS) {
    this.#clock = clock;
    this.#interimMs = interimMs;
  }

  begin(turn: SpokenTurn, startMs: number): void {
    this.#turn = turn;
    this.#startMs = startMs;
    this.#given = 0;
  }

  /** Others are heard as well as the caller; `words` from the start of the line, in order. */
  overhears(words: readonly TimedWord[]): void {
    this.#others = [...words];
  }

  async *transcribe(audio: AsyncIterable<CallerAudio>): AsyncGenerator<Transcript> {
    const out = new Channel<Transcript>(64);
    void this.#follow(audio, out);
    yield* out;
  }

  async #follow(audio: AsyncIterable<CallerAudio>, out: Channel<Transcript>): Promise<void> {
    let heardMs = 0;
    let nextMs = this.#interimMs;
    for await (const item of audio) {
      if (item === FLUSH) {
        this.flushes.push(this.#clock.elapsed());
        const text = this.#take(0);
        const report = { type: 'words', text, final: true, flushed: true, words: [] } as const;
        this.#clock.after(HEAR_MS, () => out.push(report));
        continue;
      }
      heardMs += (item.length / RATE) * 1000;
      if (heardMs >= nextMs) {
        nextMs += this.#interimMs;
        const text = this.#wordsSoFar(HEAR_MS).replaceAll(/[.,?!]/g, '');
        if (text !== '') out.push({ type: 'words', text, final: false, flushed: false, words: [] });
      }
    }
    out.end();
  }

  /** What has been said `ago` and was not given yet: the caller's words behind those of others. */
  #wordsSoFar(ago: number): string {
    const nowMs = this.#clock.elapsed() - ago;
    const others = this.#others.filter(({ endMs }) => endMs <= nowMs);
    const own = this.#turn?.words.slice(this.#given) ?? [];
    const said = own.filter(({ endMs }) => endMs <= nowMs - this.#startMs);
    return [...others, ...said].map(({ text }) => text).join(' ');
  }

  #take(ago: number): string {
    const text = this.#wordsSoFar(ago);
    const others = this.#others.filter(({ endMs }) => endMs <= this.#clock.elapsed() - ago).length;
    this.#others.splice(0, others);
    this.#given += text === '' ? 0 : text.split(' ').length - others;
    return text;
  }
}
