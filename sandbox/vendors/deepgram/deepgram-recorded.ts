// Deepgram's recognition of whole files as a stand-in: decoded here, heard as calls are.
// https://developers.deepgram.com/reference/speech-to-text/listen-pre-recorded

import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { decodeAudio } from '../../speech/decode-audio.ts';
import type { Hearing } from '../../speech/hearing.ts';
import { write } from '../../speech/wording.ts';
import type { Exchange, Refusal } from '../../stand-in-server.ts';
import { keytermFault } from './keyterm-fault.ts';

const BODY_BYTES_MAX = 32 * 1024 * 1024;
/** Longer files would keep a caller waiting for the recogniser. */
const SECONDS_MAX = 600;
/** Silence around a recording: the recogniser wants some. */
const MARGIN_MS = 500;

export async function hearRecording(
  { request, url, response, answer }: Exchange,
  hearing: Hearing,
  refused: (status: number, message?: string) => Refusal,
): Promise<void> {
  const query = url.searchParams;
  const fault = keytermFault(query.get('model') ?? '', query);
  if (fault !== undefined) return answer(refused(400, fault));
  const bytes = await readBytes(request);
  if (!bytes) return answer(refused(413, 'The file is too large.'));
  const decoded = await decodeAudio(bytes);
  if (typeof decoded === 'string') {
    return answer(refused(400, `Bad Request: failed to process audio: ${decoded}.`));
  }
  const { sampleRate, samples } = decoded;
  const seconds = samples.length / sampleRate;
  if (seconds > SECONDS_MAX) return answer(refused(400, 'Bad Request: the file is too long.'));
  const stream = hearing.listen(sampleRate);
  if (!stream) return answer(refused(429));
  try {
    const margin = new Int16Array((MARGIN_MS * sampleRate) / 1000);
    for (const piece of [margin, samples, margin]) stream.add(piece);
    const words = write(await stream.finish(), {
      punctuate: query.get('smart_format') === 'true' || query.get('punctuate') === 'true',
      numerals: query.get('smart_format') === 'true' || query.get('numerals') === 'true',
      final: true,
    });
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({
        metadata: { request_id: randomUUID(), duration: seconds, channels: 1 },
        results: {
          channels: [
            {
              alternatives: [
                {
                  transcript: words.map(({ written }) => written).join(' '),
                  confidence: words.length > 0 ? 0.95 : 0,
                  words: words.map(({ text, written, startMs, endMs }) => ({
                    word: text,
                    start: Math.max(0, startMs - MARGIN_MS) / 1000,
                    end: Math.max(0, endMs - MARGIN_MS) / 1000,
                    confidence: 0.95,
                    punctuated_word: written,
                  })),
                },
              ],
              // The sandbox hears English and nothing else.
              ...(query.get('detect_language') === 'true' &&
                words.length > 0 && { detected_language: 'en', language_confidence: 0.95 }),
            },
          ],
        },
      }),
    );
  } finally {
    stream.close();
  }
}

async function readBytes(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > BODY_BYTES_MAX) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
