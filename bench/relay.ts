// What a 20 ms frame of the caller costs on its way through what lets another take over: the chain before a recogniser, and
// the relay of a line that a second call may go on with. `node bench/relay.ts`; one process, no network.

import { setImmediate } from 'node:timers/promises';
import { Scope } from '../src/lib/abort.ts';
import { Channel } from '../src/lib/channel.ts';
import { Relay } from '../src/pipeline/fallback/relay.ts';
import { FLUSH } from '../src/pipeline/types.ts';
import type { CallerAudio, Samples, SpeechToText, Transcript } from '../src/pipeline/types.ts';
import { hearingAlone } from '../test/support/virtual-calls/chains.ts';
import { cpuMs, printFigures, printMachine } from './support/measure.ts';

const CALLS = 100;
/** Frames of each call in one round, rounds to warm up, rounds that count. */
const ROUND = 50;
const WARM_UP = 8;
const ROUNDS = 40;
const frame: Samples = new Int16Array(160).fill(1000);

let heard = 0;
const counting: SpeechToText = {
  endpointing: 'local',
  async *transcribe(audio): AsyncGenerator<Transcript> {
    await count(audio);
    yield* [];
  },
};

printMachine();
await measure('read directly', (audio) => void count(audio));
await measure('through the chain of recognisers', async (audio, signal) => {
  const vendor = {
    keyName: '',
    open: () => Promise.resolve({ ...counting, [Symbol.dispose]() {} }),
  };
  const settings = { url: '', key: 'k', model: '', voice: '' };
  const hearing = await hearingAlone('counting', vendor, settings);
  const options = { sampleRate: 8000, language: 'en', signal };
  void drain(hearing.transcribe(audio, options));
});
await measure('through the relay of a line', (audio, signal) => {
  const relay = new Relay(audio, signal);
  void count(relay.next());
});

/** Microseconds of processor time for a frame of one of `CALLS` calls. */
async function measure(
  name: string,
  open: (audio: Channel<CallerAudio>, signal: AbortSignal) => void | Promise<void>,
): Promise<void> {
  using scope = new Scope(new AbortController().signal);
  const lines = Array.from({ length: CALLS }, () => new Channel<CallerAudio>(100));
  for (const line of lines) await open(line, scope.signal);
  heard = 0;
  const times: number[] = [];
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    const start = process.cpuUsage();
    for (let count = 0; count < ROUND; count += 1) {
      for (const line of lines) line.push(frame);
      await setImmediate();
    }
    if (round >= 0) times.push((cpuMs(start) * 1000) / ROUND / CALLS);
  }
  const sent = CALLS * ROUND * (ROUNDS + WARM_UP);
  if (heard !== sent) throw new Error(`${heard} of ${sent} frames came`);
  for (const line of lines) line.end();
  printFigures(name, times, 'µs');
}

async function count(audio: AsyncIterable<CallerAudio>): Promise<void> {
  for await (const item of audio) if (item !== FLUSH) heard += 1;
}

async function drain(transcripts: AsyncIterable<Transcript>): Promise<void> {
  for await (const _ of transcripts);
}
