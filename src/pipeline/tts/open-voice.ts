// Text to speech over one socket for the whole call, one context for each stretch of speech.

import { abortable } from '../../lib/abort.ts';
import { Channel } from '../../lib/channel.ts';
import { produce } from '../../lib/produce.ts';
import { openSocket } from '../../lib/socket.ts';
import { timely } from '../../lib/timely.ts';
import type { SpeakOptions, Speech, TextToSpeech, VendorParts } from '../types.ts';
import {
  checkLength,
  isWordless,
  noSound,
  silenceLimit,
  STRETCH_CHARACTERS,
} from './speech-limits.ts';
import { Utterance } from './utterance.ts';
import { VoiceSocket } from './voice-socket.ts';
import { audioMs, AudioReader } from './voice.ts';
import type { Voice, VoiceLine } from './voice.ts';

/** Hz of the line the socket is opened for before the call is up. On another line it is opened anew. */
const USUAL_RATE = 8000;
const USUAL_LANGUAGE = 'en-US';
/** A socket that replaces a lost one must be open by then. */
const REOPEN_MS = 1000;
/** Without text for so long, what was given is finished: vendors close a context that waits. */
const PAUSE_MS = 600;
/** Stretches of speech in one turn that wait to be heard: a vendor speaks few contexts at once. */
const UTTERANCES_MAX = 1;
/** Pieces of speech that wait to be heard, beyond those that wait at the socket. */
const SPEECH_AHEAD = 16;

/** Rejects with `vendor_failed` when the vendor cannot be reached within 3 s. */
export async function openVoice(
  voice: Voice,
  parts: VendorParts,
  callSignal: AbortSignal,
  language = USUAL_LANGUAGE,
): Promise<TextToSpeech & Disposable> {
  const { clock, log } = parts;
  let current = await connect({ sampleRate: USUAL_RATE, language });
  /** Whoever needs a socket waits for whoever asked before: there is one. */
  let ready: Promise<VoiceSocket> = Promise.resolve(current);
  const limit = silenceLimit(voice.name, clock);
  return { synthesize, [Symbol.dispose]: () => current[Symbol.dispose]() };

  async function connect(line: VoiceLine, openMs?: number): Promise<VoiceSocket> {
    const url = voice.url(line);
    const { name, key, headers } = voice;
    const socket = await openSocket({
      url,
      headers,
      name,
      key,
      clock,
      signal: callSignal,
      ...(openMs === undefined ? {} : { openMs }),
    });
    return new VoiceSocket(voice, url, socket, callSignal);
  }

  function socketFor(line: VoiceLine): Promise<VoiceSocket> {
    const next = async () => {
      if (current.usable && current.url === voice.url(line)) return current;
      current.retire();
      log.info('a voice is opened again', { vendor: voice.name });
      current = await connect(line, REOPEN_MS);
      return current;
    };
    ready = ready.then(next, next);
    return ready;
  }

  function synthesize(
    text: AsyncIterable<string>,
    { signal: turnSignal, ...line }: SpeakOptions,
  ): Channel<Speech> {
    const said: Utterance[] = [];
    let spokenMs = 0;
    return produce(SPEECH_AHEAD, turnSignal, async (put, signal) => {
      const utterances = new Channel<Utterance>(UTTERANCES_MAX);
      // The vendor is told at once, not when the reader gets round to it.
      const silence = () => said.forEach((utterance) => utterance.cancel());
      signal.addEventListener('abort', silence, { once: true });
      void say(utterances, signal).then(
        () => utterances.end(),
        (error: unknown) => utterances.end(error),
      );
      for await (const utterance of abortable(utterances, signal)) {
        await hear(utterance, put, signal);
      }
    });

    /** Gives the vendor the text as it comes, cut into utterances where it pauses, and where one has become long. */
    async function say(utterances: Channel<Utterance>, signal: AbortSignal): Promise<void> {
      let open: Utterance | undefined;
      let pause: Disposable | undefined;
      let blank = '';
      try {
        for await (const piece of abortable(text, signal)) {
          pause?.[Symbol.dispose]();
          // Vendors refuse text without a word.
          blank += piece;
          if (isWordless(blank)) continue;
          if (open && open.characters + blank.length > STRETCH_CHARACTERS) {
            open.finish();
            open = undefined;
          }
          if (!open) {
            const socket = await socketFor(line);
            signal.throwIfAborted();
            open = new Utterance(socket.openContext(line));
            said.push(open);
            await utterances.put(open, signal);
          }
          open.say(blank);
          blank = '';
          pause = clock.after(PAUSE_MS, () => {
            open?.finish();
            open = undefined;
          });
        }
      } finally {
        pause?.[Symbol.dispose]();
        open?.finish();
      }
    }

    async function hear(
      utterance: Utterance,
      put: (speech: Speech) => Promise<void>,
      signal: AbortSignal,
    ): Promise<void> {
      const startsMs = spokenMs;
      const reader = new AudioReader(line);
      for (let repeated = false; ; repeated = true) {
        const { context } = utterance;
        try {
          const replies = timely(abortable(context.replies, signal), limit);
          for await (const { audio, words } of replies) {
            if (words && words.length > 0) {
              await put({ type: 'words', words: words.map((word) => later(word, startsMs)) });
            }
            if (!audio || audio.length === 0) continue;
            spokenMs += audioMs(audio.length, line);
            checkLength(voice.name, spokenMs - startsMs, utterance.characters);
            const samples = reader.read(audio);
            if (samples.length > 0) await put({ type: 'audio', samples });
          }
          signal.throwIfAborted();
          if (spokenMs === startsMs) throw noSound(voice.name);
          return;
        } catch (error) {
          if (!context.lost || repeated || spokenMs > startsMs || signal.aborted) throw error;
          log.warn('a voice was lost before it spoke', { vendor: voice.name, error });
          utterance.repeatIn((await socketFor(line)).openContext(line));
        }
      }
    }
  }
}

function later<Timed extends { readonly startMs: number; readonly endMs: number }>(
  timed: Timed,
  ms: number,
): Timed {
  return { ...timed, startMs: timed.startMs + ms, endMs: timed.endMs + ms };
}
