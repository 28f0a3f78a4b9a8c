// A recogniser without fault for benchmarks: hears the words of a turn as they end, and nothing else.

import { Channel } from '../../src/lib/channel.ts';
import { FLUSH } from '../../src/pipeline/types.ts';
import type { CallerAudio, SpeechToText, Transcript } from '../../src/pipeline/types.ts';
import type { VirtualClock } from '../../test/support/clock.ts';
import { RATE } from './spoken-turns.ts';
import type { SpokenTurn } from './spoken-turns.ts';

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
  #turn: SpokenTurn | undefined;
  #startMs = 0;
  #given = 0;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  begin(turn: SpokenTurn, startMs: number): void {
    this.#turn = turn;
    this.#startMs = startMs;
    this.#given = 0;
  }

  async *transcribe(audio: AsyncIterable<CallerAudio>): AsyncGenerator<Transcript> {
    const out = new Channel<Transcript>(64);
    void this.#follow(audio, out);
    yield* out;
  }

  async #follow(audio: AsyncIterable<CallerAudio>, out: Channel<Transcript>): Promise<void> {
    let heardMs = 0;
    let nextMs = INTERIM_MS;
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
        nextMs += INTERIM_MS;
        const text = this.#wordsSoFar(HEAR_MS).replaceAll(/[.,?!]/g, '');
        if (text !== '') out.push({ type: 'words', text, final: false, flushed: false, words: [] });
      }
    }
    out.end();
  }

  /** What has been said `ago` and was not given yet. */
  #wordsSoFar(ago: number): string {
    const atMs = this.#clock.elapsed() - this.#startMs - ago;
    const words = this.#turn?.words.slice(this.#given).filter(({ endMs }) => endMs <= atMs) ?? [];
    return words.map(({ text }) => text).join(' ');
  }

  #take(ago: number): string {
    const text = this.#wordsSoFar(ago);
    this.#given += text === '' ? 0 : text.split(' ').length;
    return text;
  }
}
