// Deepgram Aura text to speech: a request for each stretch of text, raw audio as it is made.
// https://developers.deepgram.com/reference/text-to-speech/speak-request

import type { TextToSpeech, Vendor, VendorSettings } from '../types.ts';
import { openHttpVoice } from './http-voice.ts';
import type { HttpVoice } from './http-voice.ts';

/** Rates of its 16-bit audio; lines with others get 24 kHz, resampled. */
const RATES = new Set([8000, 16_000, 24_000, 32_000, 48_000]);

export const vendor: Vendor<TextToSpeech> = {
  keyName: 'DEEPGRAM_API_KEY',
  open: (settings, parts, callSignal) => openHttpVoice(aura(settings), settings, parts, callSignal),
};

/** A voice is a model here: the name of one, `aura-2-thalia-en`, says both. */
function aura({ key, model, voice }: VendorSettings): HttpVoice {
  const format = ({ sampleRate }: { sampleRate: number }) =>
    sampleRate === 8000
      ? { sampleRate, mulaw: true }
      : { sampleRate: RATES.has(sampleRate) ? sampleRate : 24_000, mulaw: false };
  return {
    name: 'deepgram-aura',
    format,
    request(text, line) {
      const { sampleRate, mulaw } = format(line);
      const query = new URLSearchParams({
        model: voice || model,
        encoding: mulaw ? 'mulaw' : 'linear16',
        sample_rate: String(sampleRate),
        // Otherwise the audio begins with the head of a file.
        container: 'none',
      });
      return {
        path: `/v1/speak?${query.toString()}`,
        headers: { Authorization: `Token ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ text }),
      };
    },
  };
}
