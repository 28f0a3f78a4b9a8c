// The worker thread behind speaking.ts: synthesises one text at a time.

import { parentPort } from 'node:worker_threads';
import type { Word } from '../../src/pipeline/types.ts';
import type { Phone, Voice } from './flite.ts';
import { resample } from '../../src/pipeline/audio/resample.ts';
import { spacedOut, splitWords, timeWords } from './word-times.ts';

/** flite begins and ends with a fifth of a second of silence, which no caller should have to wait for. */
const LEAD_MS = 20;
const TAIL_MS = 120;

export interface SpeakJob {
  readonly id: number;
  readonly text: string;
  readonly voice: Voice;
  readonly speed: number;
  readonly sampleRate: number;
}

/** `idle`: the answer to `close`, when nothing is left of any job. */
export type SpeakAnswer =
  | 'idle'
  | { readonly id: number; readonly samples: Int16Array; readonly words: readonly Word[] }
  | { readonly id: number; readonly error: string };

// Both runtimes warn that WASI is experimental, Node when it is loaded and Deno when it is used.
process.removeAllListeners('warning');
const opening = import('./flite.ts').then(({ openFlite }) => openFlite());
let last: Promise<void> = Promise.resolve();
let closing = false;
parentPort!.on('message', (message: SpeakJob | 'close') => {
  if (message === 'close') closing = true;
  last = last.then(() => {
    if (message === 'close') parentPort!.postMessage('idle' satisfies SpeakAnswer);
    else if (!closing) return work(message);
    return undefined;
  });
});

async function work(job: SpeakJob): Promise<void> {
  try {
    const { samples, words } = await speakNow(job);
    const answer: SpeakAnswer = { id: job.id, samples, words };
    parentPort!.postMessage(answer, [samples.buffer as ArrayBuffer]);
  } catch (error) {
    const answer: SpeakAnswer = { id: job.id, error: String(error) };
    parentPort!.postMessage(answer);
  }
}

async function speakNow(job: SpeakJob): Promise<{ samples: Int16Array; words: Word[] }> {
  const texts = splitWords(job.text);
  if (texts.length === 0) return { samples: new Int16Array(0), words: [] };
  const flite = await opening;
  const { samples, sampleRate, phones } = flite.synthesize(job.voice, job.text, job.speed);
  const { startMs, endMs } = audible(phones);
  const cutMs = Math.max(0, startMs - LEAD_MS);
  const at = (ms: number) => Math.round((ms * sampleRate) / 1000);
  const kept = samples.slice(at(cutMs), at(endMs + TAIL_MS));
  const words = timeWords(texts, phones, flite.phones(spacedOut(texts))).map((word) => ({
    text: word.text,
    startMs: Math.round(word.startMs - cutMs),
    endMs: Math.round(word.endMs - cutMs),
  }));
  return { samples: await resample(kept, sampleRate, job.sampleRate), words };
}

/** From the first sound to the last. */
function audible(phones: readonly Phone[]): { startMs: number; endMs: number } {
  const sounds = phones.filter(({ name }) => name !== 'pau');
  return { startMs: sounds[0]?.startMs ?? 0, endMs: sounds.at(-1)?.endMs ?? 0 };
}
