// Speech as raw bytes in the answer to a request, as voices over HTTP give it: a piece at a time, faults of the script applied.

import type { Clock } from '../../../src/lib/clock.ts';
import { encodeMulaw } from '../../../src/pipeline/audio/mulaw.ts';
import type { Speaker, Voice } from '../../speech/speaking.ts';
import type { Exchange } from '../../stand-in-server.ts';

/** Audio in one write. */
const PIECE_MS = 100;
/** How many times faster than real time audio comes. */
const PACE = 10;

export interface RawSpeech {
  readonly text: string;
  readonly voice: Voice;
  /** Hz */
  readonly sampleRate: number;
  readonly mulaw: boolean;
  readonly contentType: string;
}

/** Resolves when all has been sent, or the client has gone. */
export async function sendSpeech(
  { response, faults, clock }: Exchange & { readonly clock: Clock },
  speaker: Speaker,
  { text, voice, sampleRate, mulaw, contentType }: RawSpeech,
): Promise<void> {
  const { samples } = await speaker.speak(text, { voice, sampleRate });
  response.writeHead(200, { 'content-type': contentType });
  const step = Math.round((sampleRate * PIECE_MS) / 1000);
  for (let at = 0; at < samples.length; at += step) {
    if (response.destroyed) return;
    const fault = faults.next('message', text);
    if (fault) await clock.sleep(fault.afterMs ?? 0);
    if (fault?.do === 'stall') return;
    if (fault?.do.startsWith('close') || fault?.do === 'reset') {
      response.destroy();
      return;
    }
    const bytes = bytesOf(samples.subarray(at, at + step), mulaw);
    const times = fault?.do === 'repeat' ? 500 : 1;
    for (let count = 0; count < times; count += 1) response.write(bytes);
    await clock.sleep(PIECE_MS / PACE);
  }
  response.end();
}

function bytesOf(samples: Int16Array, mulaw: boolean): Uint8Array {
  if (mulaw) return encodeMulaw(samples);
  // Little-endian, as every machine this runs on.
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength).slice();
}
