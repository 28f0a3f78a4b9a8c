// ElevenLabs text to speech: several contexts over one socket, with the time of each letter.
// https://elevenlabs.io/docs/api-reference/text-to-speech/v-1-text-to-speech-voice-id-multi-stream-input

import {
  asNumber,
  asObject,
  asText,
  readFlag,
  readList,
  readText,
} from '../../lib/untrusted-json.ts';
import type { TextToSpeech, Vendor, VendorSettings, Word } from '../types.ts';
import { openVoice } from './open-voice.ts';
import { audioMs, fromBase64, isMulaw } from './voice.ts';
import type { Reply, Voice, VoiceContext, VoiceLine } from './voice.ts';

/** The sixth open context closes the socket. */
const CONTEXTS_MAX = 5;
/** Seconds of silence before the vendor hangs up: its longest. A caller may speak for minutes. */
const INACTIVITY_S = 180;
/** The vendor's own starting values. */
const VOICE_SETTINGS = { stability: 0.5, similarity_boost: 0.8, speed: 1 };

export const vendor: Vendor<TextToSpeech> = {
  keyName: 'ELEVENLABS_API_KEY',
  open: (settings, parts, callSignal) =>
    openVoice(elevenLabs(settings), parts, callSignal, settings.language),
};

function elevenLabs(settings: VendorSettings): Voice {
  return {
    name: 'elevenlabs',
    key: settings.key,
    headers: { 'xi-api-key': settings.key },
    url: (line) => url(settings, line),
    contextsMax: CONTEXTS_MAX,
    // Requests are snake_case, answers camelCase.
    contextOf: (message) => readText(message, 'contextId'),
    failureOf(message) {
      const error = readText(message, 'error');
      if (error === '') return undefined;
      return { what: `${error} ${readText(message, 'message')}`.trim(), status: statusOf(error) };
    },
    isDone: (message) => readFlag(message, 'isFinal'),
    openContext,
  };
}

/** Errors come by name. Those that are not about the account or the vendor are about what was asked for. */
function statusOf(error: string): number | undefined {
  if (/api_key|unauthori[sz]ed|permission/.test(error)) return 401;
  if (/quota|credits|payment|subscription/.test(error)) return 402;
  if (/concurren|rate_limit|too_many|max_active/.test(error)) return 429;
  if (/internal|busy|unavailable|timeout|server/.test(error)) return undefined;
  return 400;
}

function url(settings: VendorSettings, line: VoiceLine): string {
  const query = new URLSearchParams({
    model_id: settings.model,
    output_format: isMulaw(line) ? 'ulaw_8000' : `pcm_${line.sampleRate}`,
    // What comes in is fit to be spoken already: the vendor need not wait for more.
    auto_mode: 'true',
    inactivity_timeout: String(INACTIVITY_S),
    sync_alignment: 'true',
  });
  const language = line.language.split('-')[0]!;
  // Only these models take a language; all models guess it from the text, and English is their first guess.
  if (language !== 'en' && settings.model.endsWith('_v2_5')) query.set('language_code', language);
  const voice = encodeURIComponent(settings.voice);
  return `${settings.url}/v1/text-to-speech/${voice}/multi-stream-input?${query.toString()}`;
}

function openContext(id: string, line: VoiceLine): VoiceContext {
  const about = (fields: object) => JSON.stringify({ ...fields, context_id: id });
  const words = new WordsOfLetters();
  let begun = false;
  let bytes = 0;
  return {
    say(text) {
      // Every text ends with a space.
      const message = about({ text: `${text.trim()} ` });
      if (begun) return [message];
      begun = true;
      return [about({ text: ' ', voice_settings: VOICE_SETTINGS }), message];
    },
    finish: () => [about({ flush: true }), about({ close_context: true })],
    cancel: () => [about({ close_context: true })],
    read(message): Reply {
      const audio = fromBase64(readText(message, 'audio'));
      // Times count from the start of this message's audio.
      const letters = readLetters(message['alignment'], audioMs(bytes, line));
      bytes += audio.length;
      const last = readFlag(message, 'isFinal');
      return { audio, words: [...words.add(letters), ...(last ? words.end() : [])] };
    },
  };
}

function readLetters(alignment: unknown, startsMs: number): readonly Word[] {
  if (alignment === undefined || alignment === null) return [];
  const from = asObject(alignment, 'alignment');
  const starts = readList(from, 'charStartTimesMs', asNumber);
  const durations = readList(from, 'charDurationsMs', asNumber);
  const letters = readList(from, 'chars', asText);
  if (starts.length !== letters.length || durations.length !== letters.length) {
    throw new TypeError('alignment has lists of different lengths');
  }
  return letters.map((text, i) => {
    const startMs = startsMs + starts[i]!;
    return { text, startMs, endMs: startMs + durations[i]! };
  });
}

/** Letters to words. A word may be cut by the end of a message: it waits for the rest. */
class WordsOfLetters {
  #word: Word | undefined;

  add(letters: readonly Word[]): readonly Word[] {
    const words: Word[] = [];
    for (const letter of letters) {
      if (letter.text.trim() === '') words.push(...this.end());
      else if (!this.#word) this.#word = letter;
      else {
        const { text, startMs } = this.#word;
        this.#word = { text: text + letter.text, startMs, endMs: letter.endMs };
      }
    }
    return words;
  }

  end(): readonly Word[] {
    const word = this.#word;
    this.#word = undefined;
    return word ? [word] : [];
  }
}
