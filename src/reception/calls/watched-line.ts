// A line that shows what passes: each frame of the caller to the meter, which may end the call on it, and both sides to the recorder.

import type { Transport } from '../../pipeline/types.ts';
import type { Recorder } from '../../recording/recorder.ts';

export interface Watchers {
  readonly meter: { check(connectedMs: number): void };
  readonly recorder: Pick<Recorder, 'played' | 'cleared' | 'frame'> | undefined;
}

export function watchedLine(line: Transport, { meter, recorder }: Watchers): Transport {
  return {
    sampleRate: line.sampleRate,
    incoming: line.incoming.tap((frame) => {
      meter.check(line.connectedMs());
      recorder?.frame(frame, line.heardMs());
    }),
    keys: line.keys,
    ended: line.ended,
    play(samples, signal) {
      if (!signal.aborted) recorder?.played(samples);
      return line.play(samples, signal);
    },
    drain: (signal) => line.drain(signal),
    heardMs: () => line.heardMs(),
    hold: () => line.hold(),
    resume: () => line.resume(),
    clear() {
      line.clear();
      recorder?.cleared(line.heardMs());
    },
    connectedMs: () => line.connectedMs(),
    hangUp: () => line.hangUp(),
    transfer: (target) => line.transfer(target),
    handOver: (keys) => line.handOver(keys),
  };
}
