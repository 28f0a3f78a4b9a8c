// A stand-in for Cartesia's speech socket: contexts that expire, word times, buffering, cancel.
// https://docs.cartesia.ai/api-reference/tts/websocket

import { randomUUID } from 'node:crypto';
import { systemClock } from '../../../src/lib/clock.ts';
import type { Session } from '../../session.ts';
import { startStandIn } from '../../stand-in-server.ts';
import type { Refusal } from '../../stand-in-server.ts';
import { watchIdle } from '../idle.ts';
import { speakable } from './speakable.ts';
import { SpeechQueue } from './speech-queue.ts';
import { voiceFor } from './voice-names.ts';
import { encode, PACE } from './voice-options.ts';
import type { VoiceOptions, VoiceStandIn } from './voice-options.ts';

export type { VoiceStandIn } from './voice-options.ts';

/** Since this version `voice` is a string. */
const STRING_VOICE_SINCE = '2026-08-14';
const BUFFER_DELAY_MS_MAX = 5000;
/** What the vendor waits for more text when it is not told. */
const BUFFER_DELAY_MS = 3000;

/** Ids of contexts that are over, which each socket remembers to refuse them. */
const OVER_MAX = 256;
const sampleRates: readonly unknown[] = [8000, 16_000, 22_050, 24_000, 44_100, 48_000];

export interface CartesiaOptions extends VoiceOptions {
  /** A context ends so long after its last audio. 1 s, as the vendor. */
  readonly contextMs?: number;
  /** A socket is closed after so long without a message. 5 min, as the vendor. */
  readonly idleMs?: number;
  /** Contexts at once, over all sockets: the plan. */
  readonly contextsMax?: number;
}

interface Input {
  readonly context_id?: string;
  readonly model_id?: string;
  readonly voice?: unknown;
  readonly language?: string;
  readonly transcript?: string;
  readonly continue?: boolean;
  readonly flush?: boolean;
  readonly cancel?: boolean;
  readonly output_format?: { container?: string; encoding?: string; sample_rate?: number };
  readonly add_timestamps?: boolean;
  readonly max_buffer_delay_ms?: number;
}

interface Context {
  /** What must be the same in each input. */
  readonly settings: string;
  readonly queue: SpeechQueue;
  readonly delayMs: number;
  buffered: string;
  buffering: Disposable | undefined;
  expiring: Disposable | undefined;
  flushes: number;
  finished: boolean;
}

export async function startCartesia({
  speaker,
  pace = PACE,
  contextMs = 1000,
  idleMs = 300_000,
  contextsMax = 15,
  ...options
}: CartesiaOptions): Promise<VoiceStandIn> {
  const { key, clock = systemClock } = options;
  const counters = { pace, characters: 0, contexts: 0 };
  const standIn = await startStandIn({
    ...options,
    refusal: refused,
    refuse(request, url) {
      const query = url.searchParams;
      const given = query.get('api_key') ?? request.headers['x-api-key'];
      const bearer = request.headers.authorization?.replace(/^Bearer /, '');
      if ((given ?? bearer) !== key) return refused(401);
      if (url.pathname !== '/tts/websocket') return refused(404);
      const version = query.get('cartesia_version') ?? request.headers['cartesia-version'];
      if (typeof version !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(version)) {
        return refused(400, 'the Cartesia-Version header is required');
      }
      return undefined;
    },
    connect(session, url, request) {
      const version =
        url.searchParams.get('cartesia_version') ?? request.headers['cartesia-version'];
      speakOn(session, String(version) >= STRING_VOICE_SINCE);
    },
  });
  return Object.assign(counters, standIn);

  function speakOn(session: Session, stringVoice: boolean): void {
    const contexts = new Map<string, Context>();
    /** Contexts that are over: their ids must not come again. */
    const over = new Set<string>();
    const idle = watchIdle({ clock, idleMs, session, onIdle: () => session.close(1000, 'idle') });
    session.signal.addEventListener('abort', () => {
      for (const id of contexts.keys()) end(id);
    });
    session.onText((text) => {
      idle.heard();
      let input: Input;
      try {
        input = JSON.parse(text) as Input;
      } catch {
        return fail(undefined, 400, 'invalid_json', 'The message is not valid JSON.');
      }
      return take(input);
    });

    function take(input: Input): void {
      const id = input.context_id;
      if (typeof id !== 'string' || id === '') {
        return fail(undefined, 400, 'missing_context', 'context_id is required.');
      }
      if (input.cancel) return end(id);
      if (over.has(id)) return fail(id, 400, 'context_expired', `Context ${id} has ended.`);
      const context = contexts.get(id) ?? open(id, input);
      if (!context) return undefined;
      if (context.settings !== settingsOf(input)) {
        return fail(id, 400, 'context_changed', 'Every input of a context repeats its settings.');
      }
      if (context.finished) return fail(id, 400, 'context_closed', `Context ${id} takes no more.`);
      const transcript = input.transcript ?? '';
      counters.characters += transcript.length;
      context.expiring?.[Symbol.dispose]();
      context.buffered += transcript;
      const more = input.continue === true;
      context.finished = !more;
      if (!more || input.flush || context.delayMs === 0) speakBuffered(id, context);
      else speakSentences(id, context);
      if (input.flush) flush(id, context);
      if (!more) context.queue.afterwards(() => done(id));
      return undefined;
    }

    function open(id: string, input: Input): Context | undefined {
      const what = faultOf(input, stringVoice);
      if (what !== undefined) {
        fail(id, 400, 'invalid_request', what);
        return undefined;
      }
      if (counters.contexts >= contextsMax) {
        fail(id, 429, 'concurrency_limited', 'Too many contexts at once.');
        return undefined;
      }
      const { encoding, sample_rate: sampleRate = 0 } = input.output_format!;
      const context: Context = {
        settings: settingsOf(input),
        delayMs: input.max_buffer_delay_ms ?? BUFFER_DELAY_MS,
        buffered: '',
        buffering: undefined,
        expiring: undefined,
        flushes: 0,
        finished: false,
        queue: new SpeechQueue({
          speaker,
          voice: voiceFor(voiceIdOf(input)),
          sampleRate,
          clock,
          pace: () => counters.pace,
          failed: (error) => fail(id, 500, 'internal_error', String(error)),
          piece({ samples, words }) {
            session.send({
              type: 'chunk',
              context_id: id,
              status_code: 206,
              done: false,
              data: encode(samples, encoding === 'pcm_mulaw'),
              step_time: 1,
              flush_id: context.flushes,
            });
            if (!input.add_timestamps || words.length === 0) return;
            session.send({
              type: 'timestamps',
              context_id: id,
              status_code: 206,
              done: false,
              word_timestamps: {
                words: words.map((word) => word.text),
                start: words.map((word) => word.startMs / 1000),
                end: words.map((word) => word.endMs / 1000),
              },
            });
          },
        }),
      };
      contexts.set(id, context);
      counters.contexts += 1;
      return context;
    }

    /** All there is, sentence by sentence: the first is heard while the next is made. */
    function speakBuffered(id: string, context: Context): void {
      context.buffering?.[Symbol.dispose]();
      context.buffering = undefined;
      const { sentences, rest } = speakable(context.buffered);
      context.buffered = '';
      for (const text of [...sentences, rest]) context.queue.say(text);
      expireLater(id, context);
    }

    /** What is whole. The rest waits for more text, but not for long. */
    function speakSentences(id: string, context: Context): void {
      const { sentences, rest } = speakable(context.buffered);
      for (const text of sentences) context.queue.say(text);
      context.buffered = rest;
      context.buffering ??= clock.after(context.delayMs, () => speakBuffered(id, context));
    }

    function flush(id: string, context: Context): void {
      context.queue.afterwards(() => {
        const flushId = context.flushes;
        context.flushes += 1;
        session.send({
          type: 'flush_done',
          context_id: id,
          status_code: 206,
          done: false,
          flush_done: true,
          flush_id: flushId,
        });
      });
    }

    function expireLater(id: string, context: Context): void {
      context.queue.afterwards(() => {
        context.expiring?.[Symbol.dispose]();
        if (!context.queue.idle || context.buffered !== '') return;
        context.expiring = clock.after(contextMs, () => done(id));
      });
    }

    function done(id: string): void {
      session.send({ type: 'done', context_id: id, status_code: 200, done: true });
      end(id);
    }

    function end(id: string): void {
      const context = contexts.get(id);
      if (!context) return;
      contexts.delete(id);
      over.add(id);
      if (over.size > OVER_MAX) over.delete(over.values().next().value!);
      counters.contexts -= 1;
      context.queue.cancel();
      context.buffering?.[Symbol.dispose]();
      context.expiring?.[Symbol.dispose]();
    }

    function fail(id: string | undefined, status: number, code: string, message: string): void {
      session.send({
        type: 'error',
        ...(id === undefined ? {} : { context_id: id }),
        status_code: status,
        done: true,
        title: status === 429 ? 'Too Many Requests' : 'Invalid request',
        message,
        error_code: code,
        request_id: randomUUID(),
      });
      if (id !== undefined) end(id);
    }
  }
}

/** What is wrong with a context's first input. */
function faultOf(input: Input, stringVoice: boolean): string | undefined {
  const { output_format: format, max_buffer_delay_ms: delayMs = 0 } = input;
  if (!/^sonic-(?:3|latest)/.test(input.model_id ?? '')) {
    return `model ${String(input.model_id)} is not available`;
  }
  if (stringVoice && typeof input.voice !== 'string' && voiceIdOf(input) === '') {
    return 'voice must be a string in this version';
  }
  if (!stringVoice && typeof input.voice === 'string')
    return 'voice must be an object in this version';
  if (format?.container !== 'raw') return 'container must be raw';
  if (!['pcm_mulaw', 'pcm_s16le'].includes(format.encoding ?? ''))
    return 'encoding is not supported';
  if (!sampleRates.includes(format.sample_rate)) return 'sample_rate is not supported';
  if (!(delayMs >= 0 && delayMs <= BUFFER_DELAY_MS_MAX))
    return 'max_buffer_delay_ms is out of range';
  return undefined;
}

function voiceIdOf({ voice }: Input): string {
  if (typeof voice === 'string') return voice;
  return (voice as { id?: string } | undefined)?.id ?? '';
}

function settingsOf(input: Input): string {
  const { model_id, voice, language, output_format, add_timestamps, max_buffer_delay_ms } = input;
  return JSON.stringify([
    model_id,
    voice,
    language,
    output_format,
    add_timestamps,
    max_buffer_delay_ms,
  ]);
}

function refused(status: number, message?: string): Refusal {
  const title = status === 401 ? 'Invalid API key' : status === 429 ? 'Too many requests' : 'Error';
  return { status, body: { title, message: message ?? title, request_id: randomUUID() } };
}
