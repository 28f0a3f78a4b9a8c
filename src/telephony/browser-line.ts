// A browser as a line, whatever carries its audio: it sounds as the telephone does, and ends in the same ways.

import { AppError } from '../lib/errors.ts';
import type { Clock } from '../lib/clock.ts';
import { decodeMulaw, encodeMulaw } from '../pipeline/audio/mulaw.ts';
import type { Samples, TransferTarget } from '../pipeline/types.ts';
import { Line } from './line.ts';
import type { LineExits, LineOutput } from './line.ts';

const SAMPLES_PER_MS = 8;

/** What a line needs of whatever carries it. Audio at 8 kHz. */
export interface BrowserCarrier extends Omit<LineOutput, 'media' | 'close'> {
  audio(samples: Samples): void;
  /** The call is over for us. What the browser still gets to know is not audio. */
  hangUp(): void;
}

export interface BrowserLineParts {
  readonly clock: Clock;
  /** Its `queuedBytes` as of audio with 8,000 bytes a second. */
  readonly carrier: BrowserCarrier;
  /** Milliseconds without caller audio after which the line is lost. */
  readonly mediaSilenceMs: number;
  /** Hands the caller to a telephone; rejects with `vendor_failed` where that cannot be. */
  transfer(target: TransferTarget): Promise<void>;
}

export interface BrowserLine {
  readonly line: Line;
  /** Caller audio has come, at 8 kHz, of any length. */
  receiveAudio(samples: Samples): void;
}

/**
 * 8 kHz and mu-law inside, like the telephone: what an owner tries out in a browser is what callers will hear, and one
 * line serves both. Connected from now on.
 */
export function openBrowserLine(parts: BrowserLineParts): BrowserLine {
  const { clock, carrier, mediaSilenceMs } = parts;
  const line = new Line({
    clock,
    mediaSilenceMs,
    output: {
      media: (audio) => carrier.audio(decodeMulaw(audio)),
      mark: (name) => carrier.mark(name),
      clear: () => carrier.clear(),
      queuedBytes: () => carrier.queuedBytes(),
      close: () => carrier.hangUp(),
      terminate: () => carrier.terminate(),
    },
    exits: (opened) => browserExits(opened, (target) => parts.transfer(target)),
  });
  let chunks = 0;
  let heard = 0;
  return {
    line,
    receiveAudio(samples) {
      if (line.over || samples.length === 0) return;
      chunks += 1;
      line.receiveMedia({
        streamSid: '',
        chunk: chunks,
        timestampMs: heard / SAMPLES_PER_MS,
        payload: encodeMulaw(samples),
      });
      heard += samples.length;
    },
  };
}

function browserExits(line: Line, transfer: BrowserLineParts['transfer']): LineExits {
  let transferring = false;
  return {
    async hangUp() {
      if (!line.over && !transferring) line.close('hung-up');
    },
    async transfer(target) {
      if (line.over || transferring) {
        throw new AppError('conflict', 'the line is ending already');
      }
      transferring = true;
      try {
        await transfer(target);
      } finally {
        transferring = false;
      }
      line.close('transferred');
    },
    /** A browser's audio cannot be moved: it is bound to its socket. */
    handOver() {
      const why = 'a browser is on a socket of this process';
      return Promise.reject(new AppError('unavailable', why));
    },
  };
}
