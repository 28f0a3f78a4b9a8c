// Deepgram Aura as a stand-in: a text in, raw audio out.
// https://developers.deepgram.com/reference/text-to-speech/speak-request

import type { Speaker } from '../../speech/speaking.ts';
import type { Exchange, Refusal } from '../../stand-in-server.ts';
import { sendSpeech } from '../voices/raw-speech.ts';
import { voiceFor } from '../voices/voice-names.ts';

const CHARACTERS_MAX = 2000;
const RATES = new Set([8000, 16_000, 24_000, 32_000, 48_000]);

export async function speakAura(
  exchange: Exchange,
  speaker: Speaker,
  refused: (status: number, message?: string) => Refusal,
): Promise<void> {
  const query = exchange.url.searchParams;
  const model = query.get('model') ?? '';
  const mulaw = query.get('encoding') === 'mulaw';
  const sampleRate = Number(query.get('sample_rate') ?? (mulaw ? 8000 : 24_000));
  if (!/^aura(-2)?-[a-z]+-[a-z]{2}$/.test(model)) {
    return exchange.answer(refused(400, 'Bad Request: no such model.'));
  }
  if (query.get('container') !== 'none' || (mulaw ? sampleRate !== 8000 : !RATES.has(sampleRate))) {
    return exchange.answer(refused(400, 'Bad Request: unsupported audio format.'));
  }
  const text = textOf(await exchange.body());
  if (text === undefined || text.trim() === '') {
    return exchange.answer(refused(400, 'Bad Request: text is required.'));
  }
  if (text.length > CHARACTERS_MAX) return exchange.answer(refused(413, 'The text is too long.'));
  const contentType = mulaw ? 'audio/basic' : `audio/l16;rate=${sampleRate}`;
  return sendSpeech(exchange, speaker, {
    text,
    voice: voiceFor(model),
    sampleRate,
    mulaw,
    contentType,
  });
}

function textOf(body: string): string | undefined {
  try {
    const { text } = JSON.parse(body) as { text?: unknown };
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}
