// Deepgram on whole files: the bytes go there as they are, the words come back, with the language that was heard.
// https://developers.deepgram.com/reference/speech-to-text/listen-pre-recorded

import { Scope } from '../../lib/abort.ts';
import { AppError, toError } from '../../lib/errors.ts';
import { told } from '../../lib/told.ts';
import {
  asObject,
  parseObject,
  readList,
  readNumber,
  readObject,
  readText,
} from '../../lib/untrusted-json.ts';
import { deepgramModel } from './deepgram-languages.ts';
import { deepgramKeyterms } from '../keyterms.ts';
import type { VendorParts, VendorSettings } from '../types.ts';
import type { HearingOptions, Recording, RecordingWords } from '../whole-recording.ts';

/** A file of the largest size and length is heard within this. */
const ANSWER_MS = 60_000;
/** An hour of talk is some 100 kB of JSON with all its words. */
const ANSWER_BYTES_MAX = 8 * 1024 * 1024;
/** No file that is taken lasts longer. */
const SECONDS_MAX = 86_400;

/** As `HearRecording`: whether the file can be read is what the vendor says. */
export async function transcribeFile(
  { url, key, model }: VendorSettings,
  { clock }: VendorParts,
  { bytes, contentType }: Recording,
  { language, keyterms = [], signal }: HearingOptions,
): Promise<RecordingWords> {
  const query = new URLSearchParams({ model, smart_format: 'true' });
  if (language === undefined) query.set('detect_language', 'true');
  else {
    const asked = deepgramModel(model, language);
    query.set('model', asked.model);
    query.set('language', asked.language);
  }
  const terms = deepgramKeyterms(query.get('model')!, keyterms);
  for (const [name, value] of terms) query.append(name, value);
  using scope = new Scope(signal);
  using _late = clock.after(ANSWER_MS, () =>
    scope.abort(new Error(`no answer in ${ANSWER_MS} ms`)),
  );
  try {
    const response = await fetch(`${url}/v1/listen?${query.toString()}`, {
      method: 'POST',
      // Not followed: what callers say is for this vendor, and not for whom it names.
      redirect: 'manual',
      headers: { authorization: `Token ${key}`, 'content-type': contentType },
      body: bytes,
      signal: scope.signal,
    });
    const text = await readBounded(response);
    if (!response.ok) throw refused(response.status, told(text, key));
    return wordsOf(text, language);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof AppError) throw error;
    const { message } = toError(error);
    throw new AppError('vendor_failed', `deepgram: ${told(message, key)}`, { cause: error });
  }
}

async function readBounded(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += piece.length;
    if (size > ANSWER_BYTES_MAX) throw new Error('an answer that is too long');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** 400 and 415 are about the file; who pays and how much is our affair, not our user's. */
function refused(status: number, words: string): AppError {
  const reason = `deepgram: ${status} ${words}`;
  if (status !== 400 && status !== 415) return new AppError('vendor_failed', reason);
  return new AppError('invalid', reason, {
    fields: { audio: ['This recording cannot be read.'] },
  });
}

function wordsOf(text: string, language: string | undefined): RecordingWords {
  const answer = parseObject(text);
  const channels = readList(readObject(answer, 'results'), 'channels', asObject);
  const [channel] = channels;
  if (!channel) throw new TypeError('an answer without channels');
  const [best] = readList(channel, 'alternatives', asObject);
  const words = best ? readText(best, 'transcript') : '';
  const detected = readText(channel, 'detected_language').split('-')[0];
  const seconds = readNumber(readObject(answer, 'metadata'), 'duration');
  // It is what is paid for.
  if (seconds < 0 || seconds > SECONDS_MAX) throw new TypeError('a duration that cannot be');
  return {
    text: words,
    language: language ?? (detected || undefined),
    durationMs: seconds * 1000,
  };
}
