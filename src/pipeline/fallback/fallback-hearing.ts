// Hears with the first recogniser that works; another goes on where it was lost, and the first choice when it is back.

import { forEach, Scope } from '../../lib/abort.ts';
import { Channel } from '../../lib/channel.ts';
import { within } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import { Chain, openFirst } from './fallback.ts';
import type { ChainParts, Member } from './fallback.ts';
import { HeardAudio } from '../hearing/heard-audio.ts';
import { FLUSH } from '../types.ts';
import type { CallerAudio, ListenOptions, SpeechToText, Transcript } from '../types.ts';

/** Audio and flushes that a recogniser has yet to take: what is replayed to it, and 2 s. */
const FRAMES_MAX = 400;
/** A recogniser that replaces a lost one must be open by then. */
const REOPEN_MS = 1000;
/**
 * A recogniser that took over has been given audio enough for words: when it says nothing at all, it is no better. The
 * caller has waited long enough for the one before.
 */
const ANSWER_MS = 1500;
const ANSWERABLE_MS = 1000;
/** Rounds through all recognisers in a row, and the wait before the second; it doubles. */
const ROUNDS_MAX = 3;
const ROUND_MS = 100;
/** No further recogniser is tried after this: the caller hears an apology and can leave a message. */
const NEXT_MS = 3000;
/** Losses of one recogniser in a call, after which it is not asked again; each may be the end of a connection only. */
const LOSSES_MAX = 5;
/** Losses in a row without a word between them: who takes connections and is of no use is left for another. */
const LOSSES_IN_VAIN_MAX = 2;
/** How often we look whether a recogniser that we like better is back. */
const BETTER_MS = 2000;
/** While words are heard for the second time, the caller has paused already: they are told as a whole, if they come soon. */
const CATCH_UP_MS = 1500;

type Words = Extract<Transcript, { type: 'words' }>;

/** Resolves when one recogniser is open. */
export async function openHearing(
  members: readonly Member<SpeechToText>[],
  parts: ChainParts,
): Promise<SpeechToText & Disposable> {
  const { clock, log } = parts;
  const chain = new Chain(members, parts);
  let current = await openFirst(chain);
  let endpointing = (await chain.session(current)).endpointing;
  const losses = new Map<Member<SpeechToText>, number>();
  let inVain = 0;
  return {
    get endpointing() {
      return endpointing;
    },
    transcribe,
    [Symbol.dispose]: () => chain[Symbol.dispose](),
  };

  async function* transcribe(
    audio: AsyncIterable<CallerAudio>,
    options: ListenOptions,
  ): AsyncGenerator<Transcript> {
    using scope = new Scope(options.signal);
    const heard = new HeardAudio(options.sampleRate);
    let feed = new Channel<CallerAudio>(FRAMES_MAX);
    let ended = false;
    /** Audio that the current recogniser was given at once: another has had it already. */
    let replayedMs = 0;
    /** Whether the caller had paused by the end of that. */
    let flushed = false;
    void take();
    let service = await next(undefined);
    try {
      while (true) {
        using stream = new Scope(scope.signal);
        const catchUp = new CatchUp(flushed, clock.elapsed() + CATCH_UP_MS);
        const moving = watchBetter(stream);
        let moves = false;
        try {
          const line = { ...options, signal: stream.signal };
          options.onHears?.(current.pricedAs, replayedMs);
          const transcripts = service.transcribe(feed, line);
          const expected = replayedMs >= ANSWERABLE_MS ? answering(transcripts) : transcripts;
          for await (const transcript of expected) {
            if (isTold(transcript)) {
              chain.worked(current);
              inVain = 0;
            }
            const told = heard.hear(transcript);
            for (const each of catchUp.tell(told, clock.elapsed())) yield each;
            moves = moving.ready !== undefined && heard.quiet && !ended;
            if (moves) break;
          }
          if (!moves) return;
        } catch (error) {
          scope.signal.throwIfAborted();
          if (ended) return;
          await lose(error);
        } finally {
          moving[Symbol.dispose]();
          stream.abort(new Error('another recogniser goes on'));
        }
        const { replay, carried, flush } = heard.handOver();
        flushed = flush;
        const samples = replay.reduce((sum, each) => sum + each.length, 0);
        replayedMs = (1000 * samples) / options.sampleRate;
        // What is half heard is heard again: nobody must take it for all that was said.
        yield carried;
        feed = new Channel<CallerAudio>(FRAMES_MAX);
        for (const each of replay) feed.push(each);
        if (flush) feed.push(FLUSH);
        if (ended) feed.end();
        chain.close(current);
        service = await next(moving.ready);
        endpointing = service.endpointing;
        // Who decides about the end of a turn may have changed.
        yield { type: 'words', text: '', final: false, flushed: false, words: [] };
      }
    } finally {
      scope.abort(new Error('nobody listens any more'));
      chain.close(current);
    }

    /** The first that the recogniser says itself must come in time. */
    async function* answering(transcripts: AsyncIterable<Transcript>): AsyncGenerator<Transcript> {
      const items = transcripts[Symbol.asyncIterator]();
      const untilMs = clock.elapsed() + ANSWER_MS;
      let told = false;
      const late = () =>
        new AppError('vendor_failed', `${current.name}: no word of what was replayed`, {
          upstream: { stalled: true },
        });
      try {
        while (true) {
          const next = items.next();
          const leftMs = Math.max(0, untilMs - clock.elapsed());
          const step = told ? await next : await within(clock, leftMs, next, late);
          if (step.done) return;
          told ||= isTold(step.value);
          yield step.value;
        }
      } finally {
        // Not awaited: it may be stuck in a read.
        items.return?.().catch(() => {});
      }
    }

    async function take(): Promise<void> {
      try {
        await forEach(audio, pass, scope.signal);
      } catch {
        // Whoever listens hears of it by the signal.
      }
      ended = true;
      feed.end();
    }

    function pass(item: CallerAudio): void {
      if (item === FLUSH) heard.addFlush();
      else heard.addAudio(item);
      feed.push(item);
    }

    /** Waits for a recogniser we like better than the current one, if it is not the best, and opens it. */
    function watchBetter(stream: Scope): Moving {
      const moving: Moving = {
        ready: undefined,
        [Symbol.dispose]: () => timer?.[Symbol.dispose](),
      };
      const timer =
        current === chain.first
          ? undefined
          : clock.every(BETTER_MS, () => {
              const better = moving.ready ? undefined : chain.better(current);
              if (!better || isGivenUp(better)) return;
              chain.session(better).then(
                () => {
                  if (!stream.signal.aborted) moving.ready = better;
                },
                (error: unknown) => chain.failed(better, error),
              );
            });
      return moving;
    }
  }

  /** A connection that ends may be opened again; a vendor that stalls, refuses or is of no use is left for another. */
  async function lose(error: unknown): Promise<void> {
    const count = (losses.get(current) ?? 0) + 1;
    losses.set(current, count);
    inVain += 1;
    const { name } = current;
    if (chain.members.every(isGivenUp)) {
      throw new AppError('vendor_failed', `${name}: lost ${count - 1} times`, { cause: error });
    }
    const { stalled, status } = (error instanceof AppError && error.upstream) || {};
    if (stalled || status !== undefined || inVain >= LOSSES_IN_VAIN_MAX || isGivenUp(current)) {
      chain.failed(current, error);
      inVain = 0;
    } else log.warn('a recogniser was lost', { vendor: name, error });
  }

  function isGivenUp(member: Member<SpeechToText>): boolean {
    return (losses.get(member) ?? 0) > LOSSES_MAX;
  }

  /** The next recogniser, open: the one that was lost first, or the one that is wanted. */
  async function next(wanted: Member<SpeechToText> | undefined): Promise<SpeechToText> {
    let failure: unknown;
    const untilMs = clock.elapsed() + NEXT_MS;
    for (let round = 0; round < ROUNDS_MAX && clock.elapsed() < untilMs; round += 1) {
      if (round > 0) await clock.sleep(ROUND_MS * 2 ** (round - 1), parts.signal);
      for (const member of candidates(round === 0 ? (wanted ?? current) : undefined)) {
        if (failure !== undefined && clock.elapsed() >= untilMs) break;
        const late = () => new AppError('vendor_failed', `${member.name}: not open in time`);
        try {
          const service = await within(clock, REOPEN_MS, chain.session(member), late);
          current = member;
          return service;
        } catch (error) {
          parts.signal.throwIfAborted();
          chain.failed(member, error);
          failure = error;
        }
      }
    }
    failure ??= new AppError('vendor_failed', `${current.name}: nobody else can be asked`);
    throw failure;
  }

  function* candidates(
    preferred: Member<SpeechToText> | undefined,
  ): Generator<Member<SpeechToText>> {
    const usable = preferred && !chain.rests(preferred) && !isGivenUp(preferred);
    if (usable) yield preferred;
    for (const member of chain.attempts()) {
      if (!(usable && member === preferred) && !isGivenUp(member)) yield member;
    }
  }
}

/** Whether the recogniser has said it, and nobody in its place. */
function isTold(transcript: Transcript): boolean {
  return transcript.type !== 'words' || transcript.guessed !== true;
}

interface Moving extends Disposable {
  /** Open, and waiting for a quiet moment. */
  ready: Member<SpeechToText> | undefined;
}

/** Holds back what is heard for the second time until the flush behind it has its answer. */
class CatchUp {
  #pending: boolean;
  readonly #untilMs: number;
  #held: Words[] = [];

  constructor(pending: boolean, untilMs: number) {
    this.#pending = pending;
    this.#untilMs = untilMs;
  }

  tell(transcript: Transcript, nowMs: number): readonly Transcript[] {
    if (!this.#pending || transcript.type !== 'words') return [transcript];
    if (!transcript.flushed && nowMs < this.#untilMs) {
      if (transcript.final) this.#held.push(transcript);
      return [];
    }
    const told = [...this.#held, transcript];
    this.#held = [];
    this.#pending = false;
    return told;
  }
}
