// Cartesia text to speech: raw audio with the time of each word.
// https://docs.cartesia.ai/api-reference/tts/websocket

import {
  asNumber,
  asText,
  readFlag,
  readList,
  readObject,
  readText,
} from '../../lib/untrusted-json.ts';
import type { JsonObject } from '../../lib/untrusted-json.ts';
import type { TextToSpeech, Vendor, VendorSettings, Word } from '../types.ts';
import { openVoice } from './open-voice.ts';
import { fromBase64, isMulaw } from './voice.ts';
import type { Reply, Voice, VoiceContext, VoiceLine } from './voice.ts';

/** From this version on `voice` is the voice's id as a string; the two must match. */
const VERSION = '2026-08-14';
/** What comes in is fit to be spoken already: the vendor need not wait for more. */
const BUFFER_DELAY_MS = 0;

export const vendor: Vendor<TextToSpeech> = {
  keyName: 'CARTESIA_API_KEY',
  open: (settings, parts, callSignal) =>
    openVoice(cartesia(settings), parts, callSignal, settings.language),
};

function cartesia(settings: VendorSettings): Voice {
  return {
    name: 'cartesia',
    key: settings.key,
    headers: { Authorization: `Bearer ${settings.key}`, 'Cartesia-Version': VERSION },
    url: () => `${settings.url}/tts/websocket`,
    contextsMax: Infinity,
    contextOf: (message) => readText(message, 'context_id'),
    failureOf(message) {
      if (readText(message, 'type') !== 'error') return undefined;
      const what = [readText(message, 'title'), readText(message, 'message')];
      const parts = [...what, readText(message, 'error_code')].filter((part) => part !== '');
      const status = message['status_code'];
      return { what: parts.join(', '), status: typeof status === 'number' ? status : undefined };
    },
    isDone: (message) => readText(message, 'type') === 'done' || readFlag(message, 'done'),
    openContext: (id, line) => openContext(settings, id, line),
  };
}

function openContext(settings: VendorSettings, id: string, line: VoiceLine): VoiceContext {
  // Every input of a context repeats the same settings.
  const input = (transcript: string, more: boolean) =>
    JSON.stringify({
      context_id: id,
      model_id: settings.model,
      voice: settings.voice,
      language: line.language.split('-')[0],
      transcript,
      continue: more,
      output_format: {
        container: 'raw',
        encoding: isMulaw(line) ? 'pcm_mulaw' : 'pcm_s16le',
        sample_rate: line.sampleRate,
      },
      add_timestamps: true,
      max_buffer_delay_ms: BUFFER_DELAY_MS,
    });
  return {
    say: (text) => [input(text, true)],
    finish: () => [input('', false)],
    cancel: () => [JSON.stringify({ context_id: id, cancel: true })],
    read,
  };
}

function read(message: JsonObject): Reply {
  switch (readText(message, 'type')) {
    case 'chunk':
      return { audio: fromBase64(readText(message, 'data')) };
    case 'timestamps':
      return { words: readWords(readObject(message, 'word_timestamps')) };
    default:
      return {};
  }
}

function readWords(times: JsonObject): readonly Word[] {
  const starts = readList(times, 'start', asNumber);
  const ends = readList(times, 'end', asNumber);
  const words = readList(times, 'words', asText);
  if (starts.length !== words.length || ends.length !== words.length) {
    throw new TypeError('word_timestamps has lists of different lengths');
  }
  return words.map((text, i) => ({ text, startMs: starts[i]! * 1000, endMs: ends[i]! * 1000 }));
}
