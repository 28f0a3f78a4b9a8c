// OpenAI text to speech: a request for each stretch of text, 24 kHz samples as they are made.
// https://platform.openai.com/docs/api-reference/audio/createSpeech

import type { TextToSpeech, Vendor, VendorSettings } from '../types.ts';
import { openHttpVoice } from './http-voice.ts';
import type { HttpVoice } from './http-voice.ts';

/** Hz of `pcm`; there is no mu-law. */
const SAMPLE_RATE = 24_000;

export const vendor: Vendor<TextToSpeech> = {
  keyName: 'OPENAI_API_KEY',
  open: (settings, parts, callSignal) =>
    openHttpVoice(openaiVoice(settings), settings, parts, callSignal),
};

function openaiVoice({ key, model, voice }: VendorSettings): HttpVoice {
  return {
    name: 'openai-voice',
    format: () => ({ sampleRate: SAMPLE_RATE, mulaw: false }),
    request: (text) => ({
      path: '/audio/speech',
      headers: { Authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model, voice, input: text, response_format: 'pcm' }),
    }),
  };
}
