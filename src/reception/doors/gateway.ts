// Single services for programs: hear a recording, answer a prompt, say a text; remembered for a while, on the user's allowance.

import { createHash } from 'node:crypto';
import { Scope } from '../../lib/abort.ts';
import { Cache } from '../../lib/cache.ts';
import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import { describeFile, sniffAudio } from '../../pipeline/audio/container.ts';
import { formatWav } from '../../pipeline/audio/wav.ts';
import { isNoAnswer } from '../../pipeline/thinking/no-answer.ts';
import { speakWhole } from '../../pipeline/speaking/speak-whole.ts';
import type { HearRecording, Recording, RecordingWords } from '../../pipeline/whole-recording.ts';
import type { Client } from '../../store/clients/clients.ts';
import type { Preferences } from '../../store/accounts/users.ts';
import { assistantClient } from './assistant.ts';
import type { VendorDoor } from '../calls/open-vendors.ts';
import { allowanceLeft, noteUse, takeFromAllowance } from './payer.ts';
import type { AllowanceSubject, PayerParts } from './payer.ts';

export const SPEECH_RATE = 16_000;
/** Of speech that is asked for as one piece; more would not fit into an answer. */
const SPEECH_SECONDS_MAX = 900;
/** A recording longer than this is refused, by its own word. */
const RECORDING_MS_MAX = 15 * 60_000;
/** What voices say in a second, by which speech is paid before it is made. */
const CHARACTERS_PER_SECOND = 15;
/** A recording is heard within this. */
export const HEAR_MS = 65_000;
const GENERATE_MS = 60_000;
const SPEAK_MS = 240_000;
const ANSWER_CHARACTERS_MAX = 100_000;
/** At once in this process: calls come first. */
const AT_ONCE_MAX = 16;
/** Answers are remembered this long, so many of each kind. */
const REMEMBERED_MS = 10 * 60_000;
const ANSWERS_MAX = 500;
const TRANSCRIPTS_MAX = 500;
/** Two minutes and a half of speech each at most; longer ones are made anew. */
const SPEECHES_MAX = 50;
const SPEECH_BYTES_REMEMBERED = 5 * 1024 * 1024;

export interface GatewayParts extends PayerParts {
  readonly clock: Clock;
  readonly door: Pick<VendorDoor, 'openThinking' | 'openSpeaking'>;
  /** Throws `not_configured` without a vendor. */
  readonly transcribe: HearRecording;
  /** The end of the process. */
  readonly signal: AbortSignal;
}

/** Who asks: answers are remembered for them alone. */
export interface GatewayUser {
  readonly id: string;
  readonly preferences: Preferences | undefined;
}

export interface Remembered<Value> {
  readonly value: Value;
  /** Whether it was made before. */
  readonly cached: boolean;
}

interface Entry<Value> {
  readonly value: Value;
  readonly untilMs: number;
}

export class Gateway {
  readonly #parts: GatewayParts;
  readonly #answers = new Cache<string, Entry<string>>(ANSWERS_MAX);
  readonly #transcripts = new Cache<string, Entry<RecordingWords>>(TRANSCRIPTS_MAX);
  readonly #speeches = new Cache<string, Entry<Uint8Array>>(SPEECHES_MAX);
  #running = 0;

  constructor(parts: GatewayParts) {
    this.#parts = parts;
  }

  /** The words of a recording, sniffed and bounded. Throws `invalid` that names `audio`, `too_large`, `out_of_balance`. */
  async transcribe(
    user: GatewayUser,
    bytes: Uint8Array,
    language: string | undefined,
  ): Promise<Remembered<RecordingWords>> {
    const recording = await this.checkRecording(bytes);
    await this.#checkLanguage('language', language);
    const key = keyOf('stt', user.id, language ?? '', bytes);
    return this.#remembered(this.#transcripts, key, async () => {
      const subject = subjectOf(user);
      // How long it is for sure is known when it has been heard.
      await allowanceLeft(this.#parts, subject);
      const words = await this.hear(recording, language);
      await noteUse(this.#parts, subject, Math.ceil(words.durationMs / 1000));
      return words;
    });
  }

  /** The same without memory or bill, for those who pay otherwise. */
  hear(recording: Recording, language: string | undefined): Promise<RecordingWords> {
    return this.#atWork(HEAR_MS, (signal) =>
      this.#parts.transcribe(recording, { language, signal }),
    );
  }

  /** A file that is audio, no larger or longer than the settings allow. */
  async checkRecording(bytes: Uint8Array): Promise<Recording> {
    const { max_file_size: max } = await this.#parts.settings.bot();
    if (bytes.length > max) throw tooLarge(`At most ${max} bytes.`);
    const audio = sniffAudio(bytes);
    if (!audio) {
      const what = `This file is ${describeFile(bytes)}. Audio is expected: wav, mp3, m4a, ogg, webm or flac.`;
      throw new AppError('invalid', 'an upload that is no audio', { fields: { audio: [what] } });
    }
    if ((audio.durationMs ?? 0) > RECORDING_MS_MAX) {
      throw tooLarge(`At most ${RECORDING_MS_MAX / 60_000} minutes.`);
    }
    return { bytes, contentType: audio.contentType };
  }

  /** What the model says to a prompt, told only the assistant's instructions. */
  async generate(user: GatewayUser, prompt: string): Promise<Remembered<string>> {
    const client = await this.#clientFor(user);
    const key = keyOf('llm', user.id, client.llmModel, client.systemPrompt, prompt);
    return this.#remembered(this.#answers, key, async () => {
      const { chat_turn_seconds: seconds } = await this.#parts.settings.system();
      return this.#paid(user, seconds, () => this.#think(client, prompt));
    });
  }

  /** A WAV file at `SPEECH_RATE`. `voiceId` undefined for the user's own. */
  async speak(
    user: GatewayUser,
    text: string,
    { language, voiceId }: { language: string | undefined; voiceId: string | undefined },
  ): Promise<Remembered<Uint8Array>> {
    await this.#checkLanguage('language', language);
    const own = await this.#clientFor(user);
    const client = {
      ...own,
      language: language ?? own.language,
      ttsVoiceId: voiceId ?? own.ttsVoiceId,
    };
    const seconds = Math.ceil(text.length / CHARACTERS_PER_SECOND);
    if (seconds > SPEECH_SECONDS_MAX) {
      const what = `Some ${seconds} seconds of speech. At most ${SPEECH_SECONDS_MAX} in one piece.`;
      throw tooLarge(what);
    }
    const key = keyOf('tts', user.id, voiceOf(client), text);
    return this.#remembered(
      this.#speeches,
      key,
      () => this.#paid(user, seconds, () => this.say(client, text)),
      (wav) => wav.length <= SPEECH_BYTES_REMEMBERED,
    );
  }

  /** The same in a client's voice, without memory or bill, for those who pay otherwise. */
  say(client: Client, text: string): Promise<Uint8Array> {
    return this.#atWork(SPEAK_MS, async (signal) => {
      using voice = await this.#parts.door.openSpeaking(client, signal);
      const samples = await speakWhole(voice, text, {
        sampleRate: SPEECH_RATE,
        language: client.language,
        signal,
        samplesMax: 2 * SPEECH_SECONDS_MAX * SPEECH_RATE,
      });
      return formatWav({ sampleRate: SPEECH_RATE, samples });
    });
  }

  #think(client: Client, prompt: string): Promise<string> {
    return this.#atWork(GENERATE_MS, async (signal) => {
      using model = await this.#parts.door.openThinking(client, signal);
      const messages = [
        { role: 'system' as const, text: client.systemPrompt },
        { role: 'user' as const, text: prompt },
      ];
      const request = { messages, tools: [], language: client.language, written: true, signal };
      let text = '';
      for await (const event of model.generate(request)) {
        if (event.type === 'text') text += event.text;
        if (text.length > ANSWER_CHARACTERS_MAX) break;
      }
      if (isNoAnswer(text, true)) throw new AppError('vendor_failed', 'the model said nothing');
      return text;
    });
  }

  async #clientFor(user: GatewayUser): Promise<Client> {
    const { settings } = this.#parts;
    const [system, bot] = await Promise.all([settings.system(), settings.bot()]);
    return assistantClient({ system, bot, preferences: user.preferences });
  }

  /** Whether the settings allow this language; none is the user's own, and allowed. */
  async supports(language: string | undefined): Promise<boolean> {
    if (language === undefined) return true;
    const { supported_languages: supported } = await this.#parts.settings.bot();
    return supported.includes(language.split('-')[0]!.toLowerCase());
  }

  async #checkLanguage(field: string, language: string | undefined): Promise<void> {
    if (await this.supports(language)) return;
    const { supported_languages: supported } = await this.#parts.settings.bot();
    throw new AppError('invalid', 'a language that is not supported', {
      fields: { [field]: [`Not supported. Supported are: ${supported.join(', ')}.`] },
    });
  }

  /** Taken before, given back when there is nothing for it. */
  async #paid<Value>(
    user: GatewayUser,
    seconds: number,
    make: () => Promise<Value>,
  ): Promise<Value> {
    await takeFromAllowance(this.#parts, subjectOf(user), seconds);
    try {
      return await make();
    } catch (error) {
      await noteUse(this.#parts, subjectOf(user), -seconds);
      throw error;
    }
  }

  async #remembered<Value>(
    cache: Cache<string, Entry<Value>>,
    key: string,
    make: () => Promise<Value>,
    keeps: (value: Value) => boolean = () => true,
  ): Promise<Remembered<Value>> {
    const { clock } = this.#parts;
    const known = cache.get(key);
    if (known && known.untilMs > clock.elapsed()) return { value: known.value, cached: true };
    const value = await make();
    if (keeps(value)) cache.set(key, { value, untilMs: clock.elapsed() + REMEMBERED_MS });
    return { value, cached: false };
  }

  /** Within `ms`, and not too many at once. */
  async #atWork<Value>(ms: number, act: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
    if (this.#running >= AT_ONCE_MAX) {
      throw new AppError('unavailable', 'too many gateway requests at once');
    }
    using scope = new Scope(this.#parts.signal);
    using _late = this.#parts.clock.after(ms, () =>
      scope.abort(new AppError('vendor_failed', 'a gateway request took too long')),
    );
    this.#running += 1;
    try {
      return await act(scope.signal);
    } finally {
      this.#running -= 1;
    }
  }
}

function subjectOf({ id }: GatewayUser): AllowanceSubject {
  return `user:${id}`;
}

function voiceOf({ ttsProvider, ttsModel, ttsVoiceId, language }: Client): string {
  return JSON.stringify([ttsProvider, ttsModel, ttsVoiceId, language]);
}

function keyOf(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('base64url');
}

function tooLarge(publicMessage: string): AppError {
  return new AppError('too_large', 'more than the gateway takes', { publicMessage });
}
