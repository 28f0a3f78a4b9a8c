// Speaks: text to samples and word times, by the flite synthesiser in worker threads.

import { Worker } from 'node:worker_threads';
import type { Word } from '../../src/pipeline/types.ts';
import type { Voice } from './flite.ts';
import type { SpeakAnswer, SpeakJob } from './speaking-worker.ts';

export type { Voice } from './flite.ts';

/** Texts waiting for a worker; more are refused. */
const WAITING_MAX = 256;

export interface SpeakOptions {
  readonly voice: Voice;
  /** 1, the voice's own pace, by default. */
  readonly speed?: number;
  /** Hz */
  readonly sampleRate: number;
}

/** What was said: samples at the asked rate, and the words in milliseconds from the first sample. */
export interface Spoken {
  readonly samples: Int16Array;
  readonly words: readonly Word[];
}

export interface Speaker {
  /** Some 50 to 200 ms for a sentence. Text without a letter or digit gives no samples. */
  speak(text: string, options: SpeakOptions): Promise<Spoken>;
  close(): Promise<void>;
}

interface Waiting {
  readonly worker: Worker;
  resolve(spoken: Spoken): void;
  reject(error: Error): void;
}

/** `workers`: threads, each with about 60 MB; started when first needed, and they never keep the process alive while idle. */
export function openSpeaker({ workers = 1 }: { workers?: number } = {}): Speaker {
  const threads: Worker[] = [];
  const waiting = new Map<number, Waiting>();
  let lastId = 0;

  return {
    speak(text, { voice, sampleRate, speed = 1 }) {
      if (waiting.size >= WAITING_MAX) return Promise.reject(new Error('too many texts to speak'));
      const worker = idlest();
      const job: SpeakJob = { id: (lastId += 1), text, voice, speed, sampleRate };
      return new Promise((resolve, reject) => {
        waiting.set(job.id, { worker, resolve, reject });
        worker.ref();
        worker.postMessage(job);
      });
    },
    async close() {
      fail(() => true, new Error('the speaker was closed'));
      // Not terminated: a thread in the middle of a text has a folder to remove.
      await Promise.all(
        threads.map(async (worker) => {
          const idle = new Promise<void>((resolve) => {
            worker.on('message', (answer: SpeakAnswer) => {
              if (answer === 'idle') resolve();
            });
          });
          worker.ref();
          worker.postMessage('close');
          await idle;
          await worker.terminate();
        }),
      );
    },
  };

  /** The thread with the fewest texts before it; a new one while there may be more and none is free. */
  function idlest(): Worker {
    const loads = new Map(threads.map((worker) => [worker, 0]));
    for (const { worker } of waiting.values()) loads.set(worker, (loads.get(worker) ?? 0) + 1);
    const [best] = [...loads].toSorted(([, one], [, other]) => one - other);
    if (best && (best[1] === 0 || threads.length >= workers)) return best[0];
    return start();
  }

  function start(): Worker {
    const worker = new Worker(new URL('speaking-worker.ts', import.meta.url));
    worker.unref();
    worker.on('message', (answer: SpeakAnswer) => settle(worker, answer));
    worker.on('error', (error) => {
      threads.splice(threads.indexOf(worker), 1);
      fail((each) => each.worker === worker, error as Error);
    });
    threads.push(worker);
    return worker;
  }

  function settle(worker: Worker, answer: SpeakAnswer): void {
    if (answer === 'idle') return;
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (![...waiting.values()].some((each) => each.worker === worker)) worker.unref();
    if ('error' in answer) asked?.reject(new Error(answer.error));
    else asked?.resolve({ samples: answer.samples, words: answer.words });
  }

  function fail(which: (waiting: Waiting) => boolean, error: Error): void {
    for (const [id, each] of waiting) {
      if (!which(each)) continue;
      waiting.delete(id);
      each.reject(error);
    }
  }
}

let shared: Speaker | undefined;

/** The samples of `text`, by a speaker the process shares. For callers' speech; a stand-in opens its own. */
export async function speak(text: string, options: SpeakOptions): Promise<Int16Array> {
  shared ??= openSpeaker();
  return (await shared.speak(text, options)).samples;
}
