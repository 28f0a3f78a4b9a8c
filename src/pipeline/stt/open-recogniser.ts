// A recogniser's socket for one call: open before the call is up, opened again when it drops.

import { abortable, Scope } from '../../lib/abort.ts';
import { retry } from '../../lib/retry.ts';
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

/** The line the socket is opened for before the call is up. On another line it is opened anew. */
const USUAL_LINE: Line = { sampleRate: 8000, language: 'en-US' };
/** How often and how long we try to replace a lost socket; what the caller says meanwhile is not heard. */
const REOPEN = { attempts: 3, waitMs: 100, waitMsMax: 400 };
const REOPEN_MS = 1000;

/** Rejects with `vendor_failed` when the vendor cannot be reached within 3 s. */
export async function openRecogniser(
  recogniser: Recogniser,
  parts: VendorParts,
  callSignal: AbortSignal,
): Promise<SpeechToText & Disposable> {
  const first = { url: recogniser.url(USUAL_LINE), socket: await connect(USUAL_LINE) };
  let current: Socket = first.socket;
  return {
    endpointing: recogniser.endpointing,
    transcribe,
    [Symbol.dispose]: () => current[Symbol.dispose](),
  };

  function connect(line: Line, openMs?: number): Promise<Socket> {
    const { name, headers } = recogniser;
    return openSocket({
      url: recogniser.url(line),
      headers,
      name,
      clock: parts.clock,
      signal: callSignal,
      refusalHeader: 'dg-error',
      ...(openMs === undefined ? {} : { openMs }),
    });
  }

  async function* transcribe(
    audio: AsyncIterable<CallerAudio>,
    { signal, ...line }: ListenOptions,
  ): AsyncGenerator<Transcript> {
    using scope = new Scope(signal);
    if (!current.open || first.url !== recogniser.url(line)) {
      current[Symbol.dispose]();
      current = await connect(line);
    }
    const reopen = () =>
      retry(
        parts.clock,
        { ...REOPEN, retryable: () => !scope.signal.aborted, signal: scope.signal },
        async () => (current = await connect(line, REOPEN_MS)),
      );
    const listening = new Listening(recogniser, parts, line, scope.signal);
    const ended = listening.run(audio, current, reopen);
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
