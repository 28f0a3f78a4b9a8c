// A caller in a room as a line: what a room's speaker has played is known by what still waits in it.

import type { Clock, Tick } from '../lib/clock.ts';
import { AppError } from '../lib/errors.ts';
import type { Samples, TransferTarget } from '../pipeline/types.ts';
import { openBrowserLine } from './browser-line.ts';
import type { BrowserLine } from './browser-line.ts';

const SAMPLES_PER_MS = 8;
/** Audio that waits to be taken by the speaker: more means that it has stopped. */
const WAITING_MS_MAX = 4000;

/** Where our audio goes, at 8 kHz. */
export interface RoomSpeaker {
  /** Resolves when it has been taken, in order. */
  capture(samples: Samples): Promise<void>;
  /** Milliseconds that are taken and not played. */
  queuedMs(): number;
  /** Drops them. */
  clear(): void;
}

export interface RoomLineParts {
  readonly clock: Clock;
  /** Shared by all calls, every 20 ms. */
  readonly tick: Tick;
  readonly speaker: RoomSpeaker;
  /** Whether the caller is in the room: then their silence is a muted microphone. */
  present(): boolean;
  /** Milliseconds without the caller after which the line is lost. */
  readonly silenceMs: number;
  /** We begin to be heard after silence. */
  onSpeech(): void;
  /** The call is over: leave the room. */
  leave(): void;
  /** Hands the caller to a telephone; left out where there is none to hand over to. */
  transfer?(target: TransferTarget): Promise<void>;
}

/** Connected from now on. Whoever hears the caller gives it to `receiveAudio`. */
export function openRoomLine(parts: RoomLineParts): BrowserLine {
  const { clock, tick, speaker } = parts;
  let marks: { name: string; atMs: number }[] = [];
  /** Milliseconds given to the speaker, and how many of them it has not taken yet. */
  let givenMs = 0;
  let waitingMs = 0;
  let silent = true;
  /** What was on its way when the line was cleared must not be played. */
  let generation = 0;
  let capturing = Promise.resolve();

  const browser = openBrowserLine({
    clock,
    mediaSilenceMs: parts.silenceMs,
    carrier: {
      audio(samples) {
        const ms = samples.length / SAMPLES_PER_MS;
        const mine = generation;
        givenMs += ms;
        waitingMs += ms;
        if (silent) parts.onSpeech();
        silent = false;
        capturing = capturing.then(async () => {
          if (mine !== generation) return;
          try {
            await speaker.capture(samples);
          } catch {
            browser.line.lost();
            parts.leave();
          }
          if (mine === generation) waitingMs -= ms;
        });
      },
      mark: (name) => void marks.push({ name, atMs: givenMs }),
      clear() {
        generation += 1;
        speaker.clear();
        marks = [];
        givenMs = 0;
        waitingMs = 0;
        silent = true;
      },
      queuedBytes: () => (waitingMs > WAITING_MS_MAX ? Infinity : 0),
      hangUp: () => parts.leave(),
      terminate: () => parts.leave(),
    },
    async transfer(target) {
      if (!parts.transfer) throw new AppError('vendor_failed', 'a room has no telephone');
      await parts.transfer(target);
    },
  });
  const { line } = browser;
  const ticking = tick.add((now) => {
    if (parts.present()) line.present();
    line.tick(now);
    const playedMs = givenMs - waitingMs - speaker.queuedMs();
    const reached = marks.filter(({ atMs }) => atMs <= playedMs);
    marks = marks.filter(({ atMs }) => atMs > playedMs);
    for (const { name } of reached) line.receiveMark(name);
    silent ||= playedMs >= givenMs;
  });
  void line.ended.then(() => ticking[Symbol.dispose]());
  return browser;
}
