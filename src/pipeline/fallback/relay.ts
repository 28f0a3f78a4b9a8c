// Hands one stream to one reader after another: what comes while nobody reads waits for the next.

import { forEach } from '../../lib/abort.ts';
import { Channel } from '../../lib/channel.ts';
import type { Transport } from '../types.ts';

/** Items that wait for a reader: 2 s of frames. */
const WAITING_MAX = 100;

export class Relay<T> {
  #channel = new Channel<T>(WAITING_MAX);
  #ended = false;

  /** Reads `source` until it ends or the signal aborts. */
  constructor(source: AsyncIterable<T>, signal: AbortSignal) {
    void this.#run(source, signal);
  }

  /** For the next reader; the last one's ends. */
  next(): Channel<T> {
    const last = this.#channel;
    this.#channel = new Channel(WAITING_MAX);
    last.end();
    if (this.#ended) this.#channel.end();
    return this.#channel;
  }

  async #run(source: AsyncIterable<T>, signal: AbortSignal): Promise<void> {
    try {
      await forEach(source, (item) => this.#channel.push(item), signal);
    } catch {
      // Readers end by the signal themselves.
    }
    this.#ended = true;
    this.#channel.end();
  }
}

/** The same line, whose caller and keys are read by one call after the other: each call of the result is one reader. */
export function relayedLine(line: Transport, signal: AbortSignal): () => Transport {
  const incoming = new Relay(line.incoming, signal);
  const keys = new Relay(line.keys, signal);
  return () => ({
    sampleRate: line.sampleRate,
    incoming: incoming.next(),
    keys: keys.next(),
    ended: line.ended,
    play: (samples, playSignal) => line.play(samples, playSignal),
    drain: (drainSignal) => line.drain(drainSignal),
    heardMs: () => line.heardMs(),
    hold: () => line.hold(),
    resume: () => line.resume(),
    clear: () => line.clear(),
    connectedMs: () => line.connectedMs(),
    hangUp: () => line.hangUp(),
    transfer: (target) => line.transfer(target),
    handOver: (keys) => line.handOver(keys),
  });
}
