// OpenAI's voices and transcription as a stand-in: spoken and heard by the sandbox's own.
// https://platform.openai.com/docs/api-reference/audio

import { parseWav } from '../../../src/pipeline/audio/wav.ts';
import type { Hearing } from '../../speech/hearing.ts';
import type { Speaker } from '../../speech/speaking.ts';
import { write } from '../../speech/wording.ts';
import type { Exchange, Refusal } from '../../stand-in-server.ts';
import { sendSpeech } from '../voices/raw-speech.ts';
import { voiceFor } from '../voices/voice-names.ts';

const CHARACTERS_MAX = 4096;
/** Hz of `pcm`. */
const SAMPLE_RATE = 24_000;
const FILE_BYTES_MAX = 25 * 1024 * 1024;
/** Silence around a recording: the recogniser wants some. */
const MARGIN_MS = 500;

type Refuse = (status: number, message: string) => Refusal;

/** `POST /audio/speech` */
export async function speakOpenai(
  exchange: Exchange,
  speaker: Speaker,
  refusal: Refuse,
): Promise<void> {
  const asked = parse(await exchange.body());
  const { input, voice, model, response_format: format } = asked ?? {};
  if (typeof model !== 'string' || typeof voice !== 'string' || typeof input !== 'string') {
    return exchange.answer(refusal(400, 'model, voice and input are required.'));
  }
  if (input.trim() === '' || input.length > CHARACTERS_MAX) {
    return exchange.answer(refusal(400, `input must have 1 to ${CHARACTERS_MAX} characters.`));
  }
  if (format !== 'pcm') {
    return exchange.answer(refusal(400, 'The sandbox speaks pcm only.'));
  }
  return sendSpeech(exchange, speaker, {
    text: input,
    voice: voiceFor(voice),
    sampleRate: SAMPLE_RATE,
    mulaw: false,
    contentType: 'audio/pcm',
  });
}

/** `POST /audio/transcriptions` */
export async function transcribeOpenai(
  exchange: Exchange,
  hearing: Hearing,
  refusal: Refuse,
): Promise<void> {
  const form = await formOf(exchange);
  const file = form?.get('file');
  if (!form || !(file instanceof Blob) || typeof form.get('model') !== 'string') {
    return exchange.answer(refusal(400, 'file and model are required.'));
  }
  let wav: ReturnType<typeof parseWav>;
  try {
    wav = parseWav(new Uint8Array(await file.arrayBuffer()));
  } catch {
    return exchange.answer(refusal(400, 'The sandbox hears WAV files only.'));
  }
  const { samples, sampleRate } = wav;
  const stream = hearing.listen(sampleRate);
  if (!stream) return exchange.answer(refusal(429, 'Too many callers for this sandbox.'));
  try {
    const margin = new Int16Array((MARGIN_MS * sampleRate) / 1000);
    for (const piece of [margin, samples, margin]) stream.add(piece);
    const words = write(await stream.finish(), { punctuate: true, numerals: true, final: true });
    const text = words.map(({ written }) => written).join(' ');
    const usage = { type: 'duration', seconds: Math.ceil(samples.length / sampleRate) };
    exchange.response.writeHead(200, { 'content-type': 'application/json' });
    exchange.response.end(JSON.stringify({ text, usage }));
  } finally {
    stream.close();
  }
}

async function formOf({ request }: Exchange): Promise<FormData | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > FILE_BYTES_MAX) return undefined;
    parts.push(part);
  }
  const headers = { 'content-type': request.headers['content-type'] ?? '' };
  return new Response(Buffer.concat(parts), { headers }).formData().catch(() => undefined);
}

function parse(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(body) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
