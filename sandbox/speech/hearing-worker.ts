// The worker thread behind grammar-hearing.ts: one recogniser for each stream, kept for the next.

import { parentPort } from 'node:worker_threads';
import { loadResampler } from '../../src/pipeline/audio/resample.ts';
import type { Resampler } from '../../src/pipeline/audio/resample.ts';
import type { HeardWord } from './hearing.ts';
import { openRecogniser, RECOGNISER_HZ } from './recogniser.ts';
import type { Recogniser } from './recogniser.ts';

export type HearingRequest =
  | { readonly type: 'open'; readonly stream: number; readonly sampleRate: number }
  | { readonly type: 'audio'; readonly stream: number; readonly samples: Int16Array }
  | { readonly type: 'words' | 'finish'; readonly stream: number; readonly id: number }
  | { readonly type: 'close'; readonly stream: number };

/** `ready`: the first recogniser is loaded. */
export type HearingAnswer = 'ready' | { readonly id: number; readonly words: readonly HeardWord[] };

interface Stream {
  readonly recogniser: Recogniser;
  readonly resampler: Resampler;
}

const port = parentPort!;
const openResampler = await loadResampler();
const idle: Recogniser[] = [await openRecogniser()];
const streams = new Map<number, Stream>();
let last: Promise<void> = Promise.resolve();
port.on('message', (request: HearingRequest) => {
  last = last.then(() => serve(request));
});
answer('ready');

async function serve(request: HearingRequest): Promise<void> {
  if (request.type === 'open') {
    streams.set(request.stream, {
      recogniser: idle.pop() ?? (await openRecogniser()),
      resampler: openResampler(request.sampleRate, RECOGNISER_HZ),
    });
    return;
  }
  const stream = streams.get(request.stream);
  if (!stream) return;
  const { recogniser, resampler } = stream;
  switch (request.type) {
    case 'audio':
      recogniser.add(resampler.push(request.samples));
      break;
    case 'words':
      answer({ id: request.id, words: recogniser.words() });
      break;
    case 'finish':
      answer({ id: request.id, words: recogniser.finish() });
      break;
    case 'close':
      streams.delete(request.stream);
      resampler[Symbol.dispose]();
      recogniser.finish();
      await recogniser.forget();
      idle.push(recogniser);
      break;
  }
}

function answer(message: HearingAnswer): void {
  port.postMessage(message);
}
