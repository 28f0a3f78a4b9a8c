// Deepgram Flux, the recogniser that decides itself when the caller has finished.
// https://developers.deepgram.com/reference/speech-to-text/listen-flux

import { AppError } from '../../lib/errors.ts';
import { told } from '../../lib/told.ts';
import { asObject, parseObject, readList, readNumber, readText } from '../../lib/untrusted-json.ts';
import type { JsonObject } from '../../lib/untrusted-json.ts';
import type { SpeechToText, Transcript, Vendor, VendorSettings } from '../types.ts';
import { deepgramKeyterms } from '../keyterms.ts';
import { openRecogniser } from './open-recogniser.ts';
import { encodingOf, WORDS_CHARACTERS_MAX } from './recogniser.ts';
import type { Line, Recogniser, Report } from './recogniser.ts';

const NOTHING: Report = { transcripts: [] };
/** Model that hears several languages; the others know one and are told none. */
const MULTILINGUAL = 'flux-general-multi';
/** What a client of another language may have chosen without thinking of it. */
const ENGLISH_ONLY = 'flux-general-en';

export const vendor: Vendor<SpeechToText> = {
  keyName: 'DEEPGRAM_API_KEY',
  open: (settings, parts, callSignal) =>
    openRecogniser(flux(settings), parts, callSignal, settings.language),
};

function flux(settings: VendorSettings): Recogniser {
  return {
    name: 'deepgram-flux',
    key: settings.key,
    endpointing: 'vendor',
    headers: { Authorization: `Token ${settings.key}` },
    url: (line) => `${settings.url}/v2/listen?${query(settings, line)}`,
    // What the vendor recommends.
    batchMs: 80,
    // `ForceEndTurn` would end the turn, which is not what a flush asks for.
    finalize: undefined,
    // There is no message for it, and without audio a turn never ends.
    keepAlive: 'silence',
    keepAliveMs: 500,
    closeStream: '{"type":"CloseStream"}',
    read: (message) => read(parseObject(message), settings.key),
  };
}

function query({ model: chosen, keyterms = [] }: VendorSettings, line: Line): string {
  const english = line.language.toLowerCase().startsWith('en');
  const model = chosen === ENGLISH_ONLY && !english ? MULTILINGUAL : chosen;
  const query = new URLSearchParams({
    model,
    encoding: encodingOf(line),
    sample_rate: String(line.sampleRate),
    // Confidence at which a turn is over, and at which the reply may be prepared.
    eot_threshold: '0.7',
    eager_eot_threshold: '0.4',
    // Silence that ends any turn. The vendor's 5 s would be a dead line.
    eot_timeout_ms: '3000',
    numerals: 'true',
  });
  if (model === MULTILINGUAL) query.set('language_hint', line.language.split('-')[0]!);
  for (const [name, value] of deepgramKeyterms(model, keyterms)) query.append(name, value);
  return query.toString();
}

function read(message: JsonObject, key: string): Report {
  const type = readText(message, 'type');
  if (type === 'Error') {
    const what = `${readText(message, 'code')} ${readText(message, 'description')}`;
    throw new AppError('vendor_failed', `deepgram-flux: ${told(what, key)}`);
  }
  if (type !== 'TurnInfo') return NOTHING;
  const text = readText(message, 'transcript', WORDS_CHARACTERS_MAX);
  const heardMs = readNumber(message, 'audio_window_end') * 1000;
  const confidence = confidenceOf(readList(message, 'words', asObject));
  return { transcripts: transcripts(readText(message, 'event'), text, confidence), heardMs };
}

/** It says how sure it is of each word only. */
function confidenceOf(words: readonly JsonObject[]): number | undefined {
  const known = words.filter((word) => word['confidence'] !== undefined);
  if (known.length === 0) return undefined;
  return known.reduce((sum, word) => sum + readNumber(word, 'confidence'), 0) / known.length;
}

/** Words first, so that whoever hears of a turn's end knows its words. */
function transcripts(
  event: string,
  text: string,
  confidence: number | undefined,
): readonly Transcript[] {
  const words: Transcript = {
    type: 'words',
    text,
    final: false,
    flushed: false,
    words: [],
    confidence,
  };
  switch (event) {
    case 'StartOfTurn':
      return [{ type: 'start-of-turn' }, words];
    case 'Update':
      return [words];
    case 'EagerEndOfTurn':
      return [words, { type: 'eager-end-of-turn', text }];
    case 'TurnResumed':
      return [{ type: 'turn-resumed' }, words];
    case 'EndOfTurn':
      return [{ type: 'end-of-turn', text, confidence }];
    default:
      return [];
  }
}
