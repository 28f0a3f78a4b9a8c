// Messages left as sound: kept at once, and put into words when a recogniser can be had again.

import { passOnMessage } from '../../delivery/tell.ts';
import { within } from '../../lib/clock.ts';
import type { Clock } from '../../lib/clock.ts';
import { AppError, toError } from '../../lib/errors.ts';
import { newId } from '../../lib/ids.ts';
import type { Log } from '../../lib/log.ts';
import { decodeMulaw, encodeMulaw } from '../../pipeline/audio/mulaw.ts';
import { resample } from '../../pipeline/audio/resample.ts';
import { formatWav } from '../../pipeline/audio/wav.ts';
import { keytermsOf } from '../../pipeline/keyterms.ts';
import type { HearRecording } from '../../pipeline/whole-recording.ts';
import type { AudioMessage } from '../../pipeline/voicemail.ts';
import { claimUnheardMessage, saveMessageWords } from '../../store/calls/message-audio.ts';
import type { Sql } from '../../store/database/sql.ts';
import { outlasting } from '../../store/database/store-error.ts';

const SAMPLE_RATE = 8000;
/** A caller's last words are stored within this, or lost: the line is gone by then, and nobody waits but the end of the call. */
const KEEP_MS = 30_000;
/** How often we look for messages that nobody has heard. */
const LOOK_MS = 15_000;
const TEXT_MAX = 2000;

export interface LeftBy {
  readonly clientId: string;
  readonly conversationId: string;
  /** '' when it is not known. */
  readonly callerName: string;
  readonly callerPhone: string | undefined;
  /** BCP 47 */
  readonly language: string;
}

/** Stores a message and has it told, with its sound. Rejects when the database does not take it in time. */
export async function keepAudioMessage(
  { sql, clock }: { sql: Sql; clock: Clock },
  by: LeftBy,
  { samples, sampleRate, text }: AudioMessage,
): Promise<void> {
  const seconds = Math.max(1, Math.round(samples.length / sampleRate));
  const telephone = await resample(samples, sampleRate, SAMPLE_RATE);
  const message = {
    id: newId(clock.now()),
    clientId: by.clientId,
    conversationId: by.conversationId,
    name: by.callerName || by.callerPhone || '?',
    phone: by.callerPhone ?? '',
    text: text.slice(0, TEXT_MAX) || `(voice message, ${seconds} s)`,
    urgent: false,
  };
  const audio = { audio: encodeMulaw(telephone), heard: text !== '' };
  const late = () => new AppError('unavailable', 'the database does not take a message');
  const kept = outlasting(clock, KEEP_MS, () => passOnMessage(sql, message, by.language, audio));
  await within(clock, KEEP_MS, kept, late);
}

export interface MessageHearingParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  readonly transcribe: HearRecording;
}

/** Puts messages into words, one after the other, until the signal aborts; then resolves. */
export async function runMessageHearing(
  parts: MessageHearingParts,
  signal: AbortSignal,
): Promise<void> {
  const { clock, log } = parts;
  while (!signal.aborted) {
    try {
      while (await hearNext(parts, signal));
    } catch (error) {
      if (!signal.aborted) log.warn('a message was not heard', { error: toError(error) });
    }
    await clock.sleep(LOOK_MS, signal).catch(() => {});
  }
}

/** Whether there was one. Rejects when it could not be heard: then it is tried again later. */
async function hearNext(
  { sql, transcribe }: MessageHearingParts,
  signal: AbortSignal,
): Promise<boolean> {
  const message = await claimUnheardMessage(sql);
  if (!message) return false;
  const samples = decodeMulaw(message.audio);
  const recording = {
    bytes: formatWav({ sampleRate: SAMPLE_RATE, samples }),
    contentType: 'audio/wav',
  };
  const { language } = message;
  const { text } = await transcribe(recording, {
    language,
    keyterms: keytermsOf(message),
    signal,
  });
  await saveMessageWords(sql, message.id, text.trim().slice(0, TEXT_MAX));
  return true;
}
