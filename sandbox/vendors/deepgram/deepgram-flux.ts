// One Flux socket (version 2) of the Deepgram stand-in: it decides itself when a turn is over, by words and silence.
// https://developers.deepgram.com/reference/speech-to-text/listen-flux

import { weighed } from '../../speech/hearing.ts';
import type { HeardWord } from '../../speech/hearing.ts';
import { VoiceActivity } from '../../speech/voice-activity.ts';
import { write } from '../../speech/wording.ts';
import { audioFormat } from './caller-audio.ts';
import { keytermFault } from './keyterm-fault.ts';
import type { ListenParts } from './deepgram.ts';
import { typeOf } from './deepgram-v1.ts';
import { watchIdle } from '../idle.ts';

/** Audio between two Updates. */
const UPDATE_MS = 240;
/** Silence after which the words so far are made final. */
const SEGMENT_END_MS = 200;
/** Silence at which the end of a turn is as good as certain, after whole sentences and after others. */
const CERTAIN_MS = 900;
const CERTAIN_OPEN_MS = 1800;
const EOT_THRESHOLD = 0.7;
const EOT_TIMEOUT_MS = 5000;

const ranges: readonly [name: string, min: number, max: number][] = [
  ['eot_threshold', 0.5, 1],
  ['eager_eot_threshold', 0.3, 0.9],
  ['eot_timeout_ms', 500, 60_000],
];

/** What is wrong with the settings of a Flux socket. */
export function fluxFault(query: URLSearchParams): string | undefined {
  const model = query.get('model') ?? '';
  if (!model.startsWith('flux-')) return 'Bad Request: model must be a flux model.';
  if (!audioFormat(query)) return 'Bad Request: encoding or sample_rate is not supported.';
  for (const [name, min, max] of ranges) {
    const value = query.get(name);
    if (value === null) continue;
    if (!(Number(value) >= min && Number(value) <= max)) {
      return `Bad Request: ${name} must be between ${min} and ${max}.`;
    }
  }
  if (query.has('language_hint') && model !== 'flux-general-multi') {
    return 'Bad Request: language_hint needs flux-general-multi.';
  }
  return keytermFault(model, query);
}

type Phase = 'before' | 'turn' | 'eager';

export function listenFlux({
  session,
  query,
  format,
  stream,
  requestId,
  clock,
  idleMs,
}: ListenParts) {
  const numerals = query.get('numerals') === 'true';
  let eotThreshold = Number(query.get('eot_threshold') ?? EOT_THRESHOLD);
  let eagerThreshold = query.has('eager_eot_threshold')
    ? Number(query.get('eager_eot_threshold'))
    : undefined;
  let eotTimeoutMs = Number(query.get('eot_timeout_ms') ?? EOT_TIMEOUT_MS);
  let sequence = 0;
  let turnIndex = 0;
  let turnStartMs = 0;
  let phase: Phase = 'before';
  /** Words of the turn's finished segments, and of the one being said. */
  let said: readonly HeardWord[] = [];
  let saying: readonly HeardWord[] = [];
  let sinceUpdateMs = 0;
  let silentMs = 0;
  /** Finished segments whose words have not come yet: a turn does not end before they have. */
  let unfinished = 0;
  let asked = false;
  let last: Promise<void> = Promise.resolve();
  const idle = watchIdle({
    clock,
    idleMs,
    session,
    onIdle: () => fail('NET-0001', 'no audio came'),
  });
  session.send({ type: 'Connected', request_id: requestId, sequence_id: sequence });

  const activity = new VoiceActivity(
    format.sampleRate,
    {
      started(_, samples) {
        stream.add(samples);
        silentMs = 0;
        if (phase === 'eager') {
          phase = 'turn';
          turnInfo('TurnResumed');
        }
        tick();
      },
      went(samples, voiced) {
        stream.add(samples);
        silentMs = voiced ? 0 : activity.silentMs;
        if (activity.silentMs >= SEGMENT_END_MS) finishSegment();
        tick();
      },
      quiet() {
        silentMs = activity.silentMs;
        tick();
      },
    },
    stream.suppressor,
  );

  session.onBinary((bytes) => {
    idle.heard();
    activity.push(format.decode(bytes));
  });
  session.onText((text) => {
    idle.heard();
    const type = typeOf(text);
    if (type === 'CloseStream') closeStream();
    else if (type === 'ForceEndTurn') forceEnd();
    else if (type === 'Configure') configure(text);
    else fail('DATA-0000', 'unknown message');
  });

  /** Every 20 ms of audio. */
  function tick(): void {
    sinceUpdateMs += 20;
    if (sinceUpdateMs >= UPDATE_MS) update();
    if (phase === 'before' || activity.speaking || unfinished > 0) return;
    const confidence = confidenceNow();
    const timedOut = silentMs >= eotTimeoutMs;
    if (eotThreshold < 1 && confidence >= eotThreshold) endTurn('model');
    else if (timedOut) endTurn('timeout');
    else if (phase === 'turn' && eagerThreshold !== undefined && confidence >= eagerThreshold) {
      phase = 'eager';
      turnInfo('EagerEndOfTurn');
    }
  }

  function update(): void {
    sinceUpdateMs = 0;
    if (!activity.speaking) return turnInfo('Update');
    if (asked) return undefined;
    asked = true;
    const { clearness } = activity;
    return enqueue(stream.words(), (words) => {
      asked = false;
      saying = weighed(words, clearness);
      if (words.length > 0) begin();
      turnInfo('Update');
    });
  }

  function finishSegment(): void {
    const { clearness } = activity;
    activity.over();
    unfinished += 1;
    enqueue(stream.finish(), (words) => {
      unfinished -= 1;
      saying = [];
      said = [...said, ...weighed(words, clearness)];
      if (said.length > 0) begin();
    });
  }

  function begin(): void {
    if (phase !== 'before') return;
    phase = 'turn';
    turnInfo('StartOfTurn');
  }

  function endTurn(trigger: 'model' | 'manual' | 'timeout'): void {
    turnInfo('EndOfTurn', { trigger });
    turnIndex += 1;
    turnStartMs = activity.heardMs;
    phase = 'before';
    said = [];
    saying = [];
  }

  function forceEnd(): void {
    if (activity.speaking) finishSegment();
    enqueue(Promise.resolve([]), () => {
      if (phase !== 'before') endTurn('manual');
    });
  }

  function configure(text: string): void {
    const { thresholds = {} } = JSON.parse(text) as { thresholds?: Record<string, number> };
    eotThreshold = thresholds['eot_threshold'] ?? eotThreshold;
    eagerThreshold = thresholds['eager_eot_threshold'] ?? eagerThreshold;
    eotTimeoutMs = thresholds['eot_timeout_ms'] ?? eotTimeoutMs;
    send({ type: 'ConfigureSuccess', thresholds });
  }

  function closeStream(): void {
    forceEnd();
    enqueue(Promise.resolve([]), () => session.close(1000, ''));
  }

  function fail(code: string, description: string): void {
    send({ type: 'Error', code, description });
    session.close(1011, code);
  }

  function enqueue(
    words: Promise<readonly HeardWord[]>,
    act: (words: readonly HeardWord[]) => void,
  ): void {
    last = last.then(async () => {
      const heard = await words;
      if (!session.signal.aborted) act(heard);
    });
  }

  /** How sure we are that the turn is over: silence, and whether what was said can stand alone. */
  function confidenceNow(): number {
    if (activity.speaking) return 0.1;
    const certainMs = /[.?]$/.test(transcript()) ? CERTAIN_MS : CERTAIN_OPEN_MS;
    return Math.min(0.99, silentMs / certainMs);
  }

  function written() {
    return write([...said, ...saying], { punctuate: true, numerals, final: saying.length === 0 });
  }

  function transcript(): string {
    return written()
      .map((word) => word.written)
      .join(' ');
  }

  function turnInfo(event: string, more: object = {}): void {
    send({
      type: 'TurnInfo',
      event,
      turn_index: turnIndex,
      audio_window_start: turnStartMs / 1000,
      audio_window_end: activity.heardMs / 1000,
      transcript: transcript(),
      words: written().map(({ written: word, confidence }) => ({ word, confidence })),
      end_of_turn_confidence: Math.round(confidenceNow() * 1000) / 1000,
      ...more,
    });
  }

  function send(message: object): void {
    sequence += 1;
    session.send({ ...message, request_id: requestId, sequence_id: sequence });
  }
}
