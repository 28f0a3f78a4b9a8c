// A stand-in for ElevenLabs' speech sockets, single and with several contexts: letter times, limits, inactivity.
// https://elevenlabs.io/docs/api-reference/text-to-speech/v-1-text-to-speech-voice-id-multi-stream-input

import { systemClock } from '../../../src/lib/clock.ts';
import type { Session } from '../../session.ts';
import { startStandIn } from '../../stand-in-server.ts';
import type { Refusal } from '../../stand-in-server.ts';
import { watchIdle } from '../idle.ts';
import { lettersIn } from './letter-times.ts';
import { speakable } from './speakable.ts';
import { SpeechQueue } from './speech-queue.ts';
import { voiceFor } from './voice-names.ts';
import { encode, PACE } from './voice-options.ts';
import type { VoiceOptions, VoiceStandIn } from './voice-options.ts';

/** Open contexts on one socket; the next closes it. */
const CONTEXTS_MAX = 5;
const INACTIVITY_S = 20;
const INACTIVITY_S_MAX = 180;
/** Without `auto_mode` the vendor waits for so many letters before the first, second … time it speaks. */
const LETTERS_SCHEDULE: readonly number[] = [120, 160, 250, 290];
/** The one context of a single stream, which has no name on the wire. */
const SINGLE = '';

const paths = /^\/v1\/text-to-speech\/([^/]+)\/(stream-input|multi-stream-input)$/;

interface Input {
  readonly text?: string;
  readonly context_id?: string;
  readonly voice_settings?: object;
  readonly generation_config?: { readonly chunk_length_schedule?: readonly number[] };
  readonly flush?: boolean;
  readonly close_context?: boolean;
  readonly close_socket?: boolean;
}

interface Context {
  readonly queue: SpeechQueue;
  readonly settings: string;
  readonly schedule: readonly number[];
  /** How often the schedule has been met. */
  met: number;
  buffered: string;
  /** All text so far is to be said, also when the context is closed. */
  flushed: boolean;
  closing: boolean;
}

export async function startElevenLabs({
  speaker,
  pace = PACE,
  ...options
}: VoiceOptions): Promise<VoiceStandIn> {
  const { key, clock = systemClock } = options;
  const counters = { pace, characters: 0, contexts: 0 };
  const standIn = await startStandIn({
    ...options,
    refusal: refused,
    refuse: (_, url) => (paths.test(url.pathname) ? undefined : refused(404)),
    connect(session, url, request) {
      const [, voiceId = '', kind] = paths.exec(url.pathname)!;
      // The vendor opens the socket and says no on it.
      if (request.headers['xi-api-key'] !== key) {
        return refuse(session, 'invalid_api_key', 'Invalid API key');
      }
      const format = formatOf(url.searchParams.get('output_format') ?? 'mp3_44100_128');
      if (!format) return refuse(session, 'invalid_output_format', 'The format is not supported');
      return speakOn(session, url.searchParams, voiceId, format, kind === 'multi-stream-input');
    },
  });
  return Object.assign(counters, standIn);

  function speakOn(
    session: Session,
    query: URLSearchParams,
    voiceId: string,
    format: { mulaw: boolean; sampleRate: number },
    multi: boolean,
  ): void {
    const contexts = new Map<string, Context>();
    const autoMode = query.get('auto_mode') === 'true';
    const inactivityS = Math.min(
      INACTIVITY_S_MAX,
      Number(query.get('inactivity_timeout') ?? INACTIVITY_S),
    );
    const idle = watchIdle({
      clock,
      idleMs: inactivityS * 1000,
      session,
      onIdle: () => refuse(session, 'input_timeout_exceeded', `No input for ${inactivityS} s`),
    });
    session.signal.addEventListener('abort', () => {
      for (const { queue } of contexts.values()) queue.cancel();
      counters.contexts -= contexts.size;
      contexts.clear();
    });
    session.onText((text) => {
      idle.heard();
      let input: Input;
      try {
        input = JSON.parse(text) as Input;
      } catch {
        return refuse(session, 'invalid_message', 'The message is not valid JSON');
      }
      return take(input);
    });

    function take(input: Input): void {
      if (input.close_socket) return closeSocket();
      const id = multi ? (input.context_id ?? 'default') : SINGLE;
      const known = contexts.get(id);
      // Not so a flush: it opens a context, and many a client has met its limit that way.
      if (!known && input.close_context) return undefined;
      const context = known ?? open(id, input);
      if (!context || context.closing) return undefined;
      const settings = known && input.voice_settings && JSON.stringify(input.voice_settings);
      if (settings !== undefined && settings !== context.settings) {
        return refuse(session, 'invalid_settings', 'voice_settings belong in the first message.');
      }
      if (!multi && known && input.text === '') return flushAndClose(id, context);
      hear(context, input.text ?? '');
      if (input.flush) flush(context);
      return input.close_context ? closeContext(id, context) : undefined;
    }

    function hear(context: Context, text: string): void {
      if (text.trim() === '') return;
      counters.characters += text.trim().length;
      context.flushed = false;
      context.buffered += text;
      const { schedule, met, buffered } = context;
      const enough = schedule[Math.min(met, schedule.length - 1)] ?? 0;
      if (!autoMode && buffered.length < enough) return;
      context.met += 1;
      speakBuffered(context);
    }

    function open(id: string, input: Input): Context | undefined {
      if (contexts.size >= CONTEXTS_MAX) {
        const what = `Maximum simultaneous contexts per WebSocket connection exceeded (${CONTEXTS_MAX}). Please close an existing context before opening a new one.`;
        refuse(session, 'max_active_conversations', what);
        return undefined;
      }
      if ((input.text ?? '').trim() !== '') {
        refuse(session, 'invalid_first_message', 'The first text of a context must be a space.');
        return undefined;
      }
      const queue = new SpeechQueue({
        speaker,
        voice: voiceFor(voiceId),
        sampleRate: format.sampleRate,
        clock,
        pace: () => counters.pace,
        failed: (error) => refuse(session, 'internal_error', String(error)),
        piece(piece) {
          const alignment = lettersIn(piece);
          session.send({
            audio: encode(piece.samples, format.mulaw),
            isFinal: null,
            normalizedAlignment: alignment,
            alignment,
            ...(multi ? { contextId: id } : {}),
          });
        },
      });
      const settings = JSON.stringify(input.voice_settings ?? null);
      const schedule = input.generation_config?.chunk_length_schedule ?? LETTERS_SCHEDULE;
      const context: Context = {
        queue,
        settings,
        schedule,
        met: 0,
        buffered: '',
        flushed: false,
        closing: false,
      };
      contexts.set(id, context);
      counters.contexts += 1;
      return context;
    }

    /** Sentence by sentence: the first is heard while the next is made. */
    function speakBuffered(context: Context): void {
      const { sentences, rest } = speakable(context.buffered);
      context.buffered = '';
      for (const text of [...sentences, rest]) context.queue.say(text);
    }

    function flush(context: Context): void {
      context.flushed = true;
      speakBuffered(context);
    }

    function flushAndClose(id: string, context: Context): void {
      flush(context);
      closeContext(id, context);
    }

    /** What was flushed is still said; the rest is not, but for what is on its way. Then comes the last message. */
    function closeContext(id: string, context: Context): void {
      if (context.closing) return;
      context.closing = true;
      if (!context.flushed) context.queue.drop();
      context.queue.afterwards(() => {
        if (!contexts.delete(id)) return;
        counters.contexts -= 1;
        session.send({ audio: null, isFinal: true, ...(multi ? { contextId: id } : {}) });
        if (!multi) session.close(1000, '');
      });
    }

    function closeSocket(): void {
      for (const [id, context] of contexts) {
        if (!context.closing) flushAndClose(id, context);
      }
      const said = [...contexts.values()].map(
        ({ queue }) => new Promise<void>((resolve) => queue.afterwards(resolve)),
      );
      void Promise.all(said).then(() => session.close(1000, ''));
    }
  }
}

/** Formats without a codec; undefined for others. */
function formatOf(name: string): { mulaw: boolean; sampleRate: number } | undefined {
  if (name === 'ulaw_8000') return { mulaw: true, sampleRate: 8000 };
  const rate = /^pcm_(8000|16000|22050|24000|44100)$/.exec(name)?.[1];
  return rate === undefined ? undefined : { mulaw: false, sampleRate: Number(rate) };
}

function refuse(session: Session, error: string, message: string): void {
  session.send({ message, error, code: 1008 });
  session.close(1008, error);
}

function refused(status: number): Refusal {
  return { status, body: { detail: { status: 'error', message: `HTTP ${status}` } } };
}
