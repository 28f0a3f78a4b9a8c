// The ear of a call as benchmarks give recordings to it: frame by frame in virtual time, with scripted words, and no line behind it.

import { Channel } from '../../src/lib/channel.ts';
import type { VirtualClock } from '../../test/support/clock.ts';
import type { VoiceDetector } from '../../src/pipeline/audio/voice-detector.ts';
import type { Floor } from '../../src/pipeline/hearing/caller-event.ts';
import { listen } from '../../src/pipeline/hearing/ear.ts';
import { EchoGuard } from '../../src/pipeline/hearing/echo-guard.ts';
import type { EndpointRules } from '../../src/pipeline/hearing/endpoint-wait.ts';
import { NOTHING_ASKED } from '../../src/pipeline/hearing/expectation.ts';
import type { Expectation } from '../../src/pipeline/hearing/expectation.ts';
import type { Samples, Transport } from '../../src/pipeline/types.ts';
import { Script } from './scripted-words.ts';
import { RATE } from './spoken-turns.ts';

/** What we are doing, as the benchmark says. */
class BenchFloor implements Floor {
  agent: Floor['agent'] = 'quiet';
  expected: Expectation = NOTHING_ASKED;
  waiting = false;
  readonly ending = false;
  readonly saying = '';

  get asking(): boolean {
    return this.expected.asked ?? false;
  }
}

export function openBenchEar(
  clock: VirtualClock,
  wait: EndpointRules,
  voiceDetector: VoiceDetector,
  interimMs?: number,
) {
  const incoming = new Channel<Samples>(10);
  const stop = new AbortController();
  const floor = new BenchFloor();
  const script = new Script(clock, interimMs);
  const transport = { sampleRate: RATE, incoming, heardMs: () => 0 } as unknown as Transport;
  const { events } = listen(
    {
      transport,
      clock,
      language: 'en-US',
      speechToText: Promise.resolve(script),
      callerRang: true,
      wait,
      echoGuard: new EchoGuard(RATE),
      voiceDetector,
    },
    floor,
    stop.signal,
  );
  return { incoming, stop, floor, script, events };
}
