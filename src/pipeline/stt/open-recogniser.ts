// A recogniser's socket for one call: open before the call is up, good for one stream of audio.

import { abortable, Scope } from '../../lib/abort.ts';
import { openSocket } from '../../lib/socket.ts';
import type { Socket } from '../../lib/socket.ts';
import type {
  CallerAudio,
  ListenOptions,
  SpeechToText,
  Transcript,
  VendorParts,
} from '../types.ts';
import { Listening } from './listening.ts';
import type { Line, Recogniser } from './recogniser.ts';

/** Hz of the line the socket is opened for before the call is up. On another line it is opened anew. */
const USUAL_RATE = 8000;
const USUAL_LANGUAGE = 'en-US';

/** Rejects with `vendor_failed` when the vendor cannot be reached within 3 s. */
export async function openRecogniser(
  recogniser: Recogniser,
  parts: VendorParts,
  callSignal: AbortSignal,
  language = USUAL_LANGUAGE,
): Promise<SpeechToText & Disposable> {
  const usual: Line = { sampleRate: USUAL_RATE, language };
  const usualUrl = recogniser.url(usual);
  let current = await connect(usual);
  return {
    endpointing: recogniser.endpointing,
    transcribe,
    [Symbol.dispose]: () => current[Symbol.dispose](),
  };

  function connect(line: Line): Promise<Socket> {
    const { name, key, headers } = recogniser;
    return openSocket({
      url: recogniser.url(line),
      headers,
      name,
      key,
      clock: parts.clock,
      signal: callSignal,
      refusalHeader: 'dg-error',
    });
  }

  async function* transcribe(
    audio: AsyncIterable<CallerAudio>,
    { signal, ...line }: ListenOptions,
  ): AsyncGenerator<Transcript> {
    using scope = new Scope(signal);
    if (!current.open || usualUrl !== recogniser.url(line)) {
      current[Symbol.dispose]();
      current = await connect(line);
    }
    const listening = new Listening(recogniser, current, parts, line, scope.signal);
    const ended = listening.run(audio);
    // Its failure comes out of the transcripts.
    ended.catch(() => {});
    try {
      yield* abortable(listening.transcripts, signal);
    } finally {
      scope.abort(new Error('nobody listens any more'));
      listening[Symbol.dispose]();
      current[Symbol.dispose]();
    }
  }
}
