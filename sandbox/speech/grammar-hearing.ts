// Hears for real: a pool of worker threads with recognisers, each stream bound to one of them.

import { Worker } from 'node:worker_threads';
import { quietLog } from '../../src/lib/log.ts';
import { openNoiseSuppressor } from '../../src/pipeline/audio/noise-suppressor.ts';
import type { Hearing, HeardWord, HearingStream } from './hearing.ts';
import type { HearingAnswer, HearingRequest } from './hearing-worker.ts';

export interface GrammarHearingOptions {
  /** Threads, 1 by default; each works at some five times real time. */
  readonly workers?: number;
  /** Callers at once in each thread, 3 by default: each is a recogniser of some 60 MB. */
  readonly streamsPerWorker?: number;
}

interface Thread {
  readonly worker: Worker;
  readonly streams: Set<number>;
}

/** Resolves when the recognisers are loaded, which takes a second or two. */
export async function openGrammarHearing({
  workers = 1,
  streamsPerWorker = 3,
}: GrammarHearingOptions = {}): Promise<Hearing> {
  const asked = new Map<number, { stream: number; resolve(words: readonly HeardWord[]): void }>();
  let lastId = 0;
  const threads = await Promise.all(Array.from({ length: workers }, start));

  return {
    listen(sampleRate) {
      const [thread] = threads.toSorted((one, other) => one.streams.size - other.streams.size);
      if (!thread || thread.streams.size >= streamsPerWorker) return undefined;
      return listen(thread, sampleRate);
    },
    async close() {
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
      for (const each of asked.values()) each.resolve([]);
    },
  };

  function listen({ worker, streams }: Thread, sampleRate: number): HearingStream {
    const stream = (lastId += 1);
    streams.add(stream);
    const post = (request: HearingRequest) => worker.postMessage(request);
    const ask = (type: 'words' | 'finish') =>
      new Promise<readonly HeardWord[]>((resolve) => {
        if (!streams.has(stream)) return resolve([]);
        const id = (lastId += 1);
        asked.set(id, { stream, resolve });
        return post({ type, stream, id });
      });
    const suppressor = openNoiseSuppressor(sampleRate, quietLog);
    post({ type: 'open', stream, sampleRate });
    return {
      add: (samples) => post({ type: 'audio', stream, samples }),
      words: () => ask('words'),
      finish: () => ask('finish'),
      suppressor,
      close() {
        if (!streams.delete(stream)) return;
        suppressor[Symbol.dispose]();
        post({ type: 'close', stream });
        for (const [id, each] of asked) {
          if (each.stream !== stream) continue;
          asked.delete(id);
          each.resolve([]);
        }
      },
    };
  }

  function start(): Promise<Thread> {
    const worker = new Worker(new URL('hearing-worker.ts', import.meta.url));
    return new Promise((resolve, reject) => {
      worker.on('error', (error) => reject(error as Error));
      worker.on('message', (answer: HearingAnswer) => {
        if (answer === 'ready') return resolve({ worker, streams: new Set() });
        asked.get(answer.id)?.resolve(answer.words);
        asked.delete(answer.id);
        return undefined;
      });
    });
  }
}
