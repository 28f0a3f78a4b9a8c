// A stand-in for Deepgram's recognition: streams of version 1 and Flux, and files, on one port, hearing really or by a script.
// https://developers.deepgram.com/reference/speech-to-text/listen-streaming

import { randomUUID } from 'node:crypto';
import { systemClock } from '../../../src/lib/clock.ts';
import type { Clock } from '../../../src/lib/clock.ts';
import type { Session } from '../../session.ts';
import type { Hearing, HearingStream } from '../../speech/hearing.ts';
import type { Speaker } from '../../speech/speaking.ts';
import { startStandIn } from '../../stand-in-server.ts';
import type { Refusal, StandIn, StandInOptions } from '../../stand-in-server.ts';
import { audioFormat } from './caller-audio.ts';
import type { AudioFormat } from './caller-audio.ts';
import { fluxFault, listenFlux } from './deepgram-flux.ts';
import { hearRecording } from './deepgram-recorded.ts';
import { speakAura } from './deepgram-speak.ts';
import { keytermFault } from './keyterm-fault.ts';
import { listenV1 } from './deepgram-v1.ts';

export interface DeepgramOptions extends StandInOptions {
  readonly hearing: Hearing;
  /** What speaks for its voices; without it, it has none. */
  readonly speaker?: Speaker;
  /** A socket with neither audio nor KeepAlive for so long is closed with 1011 NET-0001. 10 s, as the vendor. */
  readonly idleMs?: number;
}

/** One socket that hears. */
export interface ListenParts {
  readonly session: Session;
  readonly query: URLSearchParams;
  readonly format: AudioFormat;
  readonly stream: HearingStream;
  readonly requestId: string;
  readonly clock: Clock;
  readonly idleMs: number;
}

export function startDeepgram({
  hearing,
  speaker,
  idleMs = 10_000,
  ...options
}: DeepgramOptions): Promise<StandIn> {
  const { key, clock = systemClock } = options;
  return startStandIn({
    ...options,
    refusal: refused,
    refuse(request, url) {
      if (request.headers.authorization !== `Token ${key}`) return refused(401);
      if (speaker && request.method === 'POST' && url.pathname === '/v1/speak') return undefined;
      if (url.pathname !== '/v1/listen' && url.pathname !== '/v2/listen') return refused(404);
      if (request.method === 'POST' && url.pathname === '/v1/listen') return undefined;
      const what =
        url.pathname === '/v1/listen' ? v1Fault(url.searchParams) : fluxFault(url.searchParams);
      return what === undefined ? undefined : refused(400, what);
    },
    respond(exchange) {
      if (exchange.request.method !== 'POST') return undefined;
      if (exchange.url.pathname === '/v1/listen') return hearRecording(exchange, hearing, refused);
      return speaker && speakAura(exchange, speaker, refused);
    },
    connect(session, url) {
      const query = url.searchParams;
      const format = audioFormat(query)!;
      const stream = hearing.listen(format.sampleRate);
      if (!stream) return session.close(1013, 'too many callers for this sandbox');
      session.signal.addEventListener('abort', () => stream.close(), { once: true });
      const parts = { session, query, format, stream, requestId: randomUUID(), clock, idleMs };
      return url.pathname === '/v1/listen' ? listenV1(parts) : listenFlux(parts);
    },
  });
}

/** What the vendor takes for a language: no region that it does not list. */
const LANGUAGES =
  /^(?:multi|[a-z]{2}|da-DK|de-CH|en-(?:AU|GB|IN|NZ|US)|es-419|fr-CA|ko-KR|nl-BE|pt-(?:BR|PT)|sv-SE|th-TH|zh-(?:CN|TW|HK))$/;

/** What is wrong with the settings of a version 1 socket. */
function v1Fault(query: URLSearchParams): string | undefined {
  if (!audioFormat(query)) return 'Bad Request: encoding or sample_rate is not supported.';
  const model = query.get('model') ?? '';
  const language = query.get('language') ?? 'en';
  const known = model === 'nova-2-phonecall' ? /^en(?:-US)?$/ : LANGUAGES;
  if (!known.test(language)) {
    return 'Bad Request: No such model/language/tier combination found.';
  }
  if (query.has('utterance_end_ms') && query.get('interim_results') !== 'true') {
    return 'Bad Request: utterance_end_ms needs interim_results.';
  }
  return keytermFault(model, query);
}

const texts: Readonly<Record<number, readonly [code: string, message: string]>> = {
  400: ['Bad Request', 'Bad Request'],
  401: ['INVALID_AUTH', 'Invalid credentials.'],
  402: ['ASR_PAYMENT_REQUIRED', 'Project does not have enough credits.'],
  404: ['NOT_FOUND', 'Not Found'],
  429: ['TOO_MANY_REQUESTS', 'Too many requests. Please try again later.'],
};

function refused(status: number, message?: string): Refusal {
  const [code, text] = texts[status] ?? ['INTERNAL_SERVER_ERROR', 'An error occurred.'];
  const requestId = randomUUID();
  return {
    status,
    headers: { 'dg-error': message ?? text, 'dg-request-id': requestId },
    body: { err_code: code, err_msg: message ?? text, request_id: requestId },
  };
}
