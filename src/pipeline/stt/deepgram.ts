// Deepgram's streaming recogniser, version 1 (nova models): we decide when the caller has finished.
// https://developers.deepgram.com/reference/speech-to-text/listen-streaming

import {
  asObject,
  parseObject,
  readFlag,
  readList,
  readNumber,
  readText,
} from '../../lib/untrusted-json.ts';
import type { JsonObject } from '../../lib/untrusted-json.ts';
import type { SpeechToText, Transcript, Vendor, VendorSettings, Word } from '../types.ts';
import { deepgramModel } from './deepgram-languages.ts';
import { deepgramKeyterms } from '../keyterms.ts';
import { openRecogniser } from './open-recogniser.ts';
import { encodingOf, WORDS_CHARACTERS_MAX } from './recogniser.ts';
import type { Line, Recogniser, Report } from './recogniser.ts';

const NOTHING: Report = { transcripts: [] };

export const vendor: Vendor<SpeechToText> = {
  keyName: 'DEEPGRAM_API_KEY',
  open: (settings, parts, callSignal) =>
    openRecogniser(deepgram(settings), parts, callSignal, settings.language),
};

function deepgram(settings: VendorSettings): Recogniser {
  return {
    name: 'deepgram',
    key: settings.key,
    endpointing: 'local',
    headers: { Authorization: `Token ${settings.key}` },
    url: (line) => `${settings.url}/v1/listen?${query(settings, line)}`,
    // Two portions of speech from the ear: the flush sends what is left, so that nobody waits for a batch to fill.
    batchMs: 60,
    finalize: '{"type":"Finalize"}',
    // It hangs up after 10 s without.
    keepAlive: '{"type":"KeepAlive"}',
    keepAliveMs: 3000,
    closeStream: '{"type":"CloseStream"}',
    read: (message) => read(parseObject(message)),
  };
}

function query({ model, keyterms = [] }: VendorSettings, line: Line): string {
  const asked = deepgramModel(model, line.language);
  const query = new URLSearchParams({
    ...asked,
    encoding: encodingOf(line),
    sample_rate: String(line.sampleRate),
    channels: '1',
    interim_results: 'true',
    // Whether a sentence is complete is read off its punctuation.
    punctuate: 'true',
    // Digits as digits, so that a phone number can be counted. Not `smart_format`, which holds an entity back for up
    // to 3 s because more of it may come, and reformats what it has said already.
    numerals: 'true',
    smart_format: 'false',
    // Voice activity is ours: two judges of silence would end turns twice.
    endpointing: 'false',
    vad_events: 'false',
  });
  for (const [name, value] of deepgramKeyterms(asked.model, keyterms)) query.append(name, value);
  return query.toString();
}

function read(message: JsonObject): Report {
  if (readText(message, 'type') !== 'Results') return NOTHING;
  const channel = asObject(message['channel'], 'channel');
  const [best] = readList(channel, 'alternatives', asObject);
  const final = readFlag(message, 'is_final');
  const finalized = readFlag(message, 'from_finalize');
  const text = best ? readText(best, 'transcript', WORDS_CHARACTERS_MAX) : '';
  const words = best ? readList(best, 'words', asWord) : [];
  const confidence = text === '' ? undefined : readConfidence(best);
  const heard: Transcript = { type: 'words', text, final, flushed: false, words, confidence };
  return { transcripts: [heard], finalized };
}

function readConfidence(best: JsonObject | undefined): number | undefined {
  return best?.['confidence'] === undefined ? undefined : readNumber(best, 'confidence');
}

function asWord(value: unknown, field: string): Word {
  const word = asObject(value, field);
  return {
    text: readText(word, 'punctuated_word') || readText(word, 'word'),
    startMs: readNumber(word, 'start') * 1000,
    endMs: readNumber(word, 'end') * 1000,
  };
}
