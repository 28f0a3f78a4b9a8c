// One version 1 socket of the Deepgram stand-in: interim and final words, Finalize, KeepAlive, CloseStream.

import { confidenceIn, weighed } from '../../speech/hearing.ts';
import type { HeardWord } from '../../speech/hearing.ts';
import { VoiceActivity } from '../../speech/voice-activity.ts';
import { write } from '../../speech/wording.ts';
import type { ListenParts } from './deepgram.ts';
import { watchIdle } from '../idle.ts';

/** New audio between two interim results. */
const INTERIM_MS = 400;
/** Without endpointing the vendor still finishes a segment some time after the last word. */
const SEGMENT_END_MS = 1000;
/** The vendor's default, far too eager for a phone, and the least that 20 ms frames can tell. */
const ENDPOINTING_MS = 10;
const ENDPOINTING_MS_MIN = 60;
/** While nobody speaks an empty result comes once a second, every third of them final. */
const QUIET_RESULT_MS = 1000;
const QUIET_RESULTS_A_SEGMENT = 3;
/** The vendor is not silent for longer while audio comes, by the clock, however long it takes to be sure of the words. */
const SILENT_MS_MAX = 1000;

const none = { words: [], startMs: 0 };

interface Flags {
  readonly final: boolean;
  readonly speechFinal?: boolean;
  readonly fromFinalize?: boolean;
}

export function listenV1({
  session,
  query,
  format,
  stream,
  requestId,
  clock,
  idleMs,
}: ListenParts) {
  const on = (name: string) => query.get(name) === 'true';
  const punctuate = on('punctuate') || on('smart_format');
  const numerals = on('numerals') || on('smart_format');
  const endpointing = query.get('endpointing') ?? String(ENDPOINTING_MS);
  const endAfterMs =
    endpointing === 'false' ? SEGMENT_END_MS : Math.max(Number(endpointing), ENDPOINTING_MS_MIN);
  const utteranceEndMs = Number(query.get('utterance_end_ms') ?? Infinity);
  /** Where the current segment begins: the end of the last final result. */
  let segmentMs = 0;
  let utteranceMs = 0;
  let sinceInterimMs = 0;
  let interimAsked = false;
  let quietMs = 0;
  let quietResults = 0;
  /** `elapsed` of the last result, and the words of the segment so far. */
  let resultAt = clock.elapsed();
  let soFar: { readonly words: readonly HeardWord[]; readonly startMs: number } = none;
  /** End of the last word of which no UtteranceEnd told. */
  let lastWordMs: number | undefined;
  /** Answers leave in the order they were asked for. */
  let last: Promise<void> = Promise.resolve();
  const idle = watchIdle({ clock, idleMs, session, onIdle: () => session.close(1011, 'NET-0001') });
  let heardAudio = false;

  const activity = new VoiceActivity(
    format.sampleRate,
    {
      started(atMs, samples) {
        utteranceMs = atMs;
        sinceInterimMs = 0;
        quietMs = 0;
        stream.add(samples);
        if (on('vad_events')) {
          session.send({ type: 'SpeechStarted', channel: [0, 1], timestamp: atMs / 1000 });
        }
      },
      went(samples, voiced) {
        stream.add(samples);
        repeat();
        sinceInterimMs += voiced ? 20 : 0;
        if (sinceInterimMs >= INTERIM_MS && !interimAsked && on('interim_results')) interim();
        if (activity.silentMs >= endAfterMs)
          finish({ final: true, speechFinal: endpointing !== 'false' });
      },
      quiet() {
        quietMs += 20;
        if (quietMs % QUIET_RESULT_MS === 0) quiet();
        repeat();
        if (lastWordMs === undefined || activity.heardMs - lastWordMs < utteranceEndMs) return;
        session.send({ type: 'UtteranceEnd', channel: [0, 1], last_word_end: lastWordMs / 1000 });
        lastWordMs = undefined;
      },
    },
    stream.suppressor,
  );

  session.onBinary((bytes) => {
    if (bytes.length === 0) return closeStream();
    idle.heard();
    heardAudio = true;
    return activity.push(format.decode(bytes));
  });
  session.onText((text) => {
    const type = typeOf(text);
    // KeepAlive alone does not keep a socket that has never had audio.
    if (heardAudio || type !== 'KeepAlive') idle.heard();
    if (type === 'Finalize') finish({ final: true, fromFinalize: true, speechFinal: true });
    else if (type === 'CloseStream') closeStream();
    else if (type !== 'KeepAlive') session.close(1008, 'DATA-0000');
  });

  function interim(): void {
    sinceInterimMs = 0;
    interimAsked = true;
    const startMs = utteranceMs;
    const { clearness } = activity;
    enqueue(stream.words(), (heard) => {
      interimAsked = false;
      const words = weighed(heard, clearness);
      soFar = { words, startMs };
      if (words.length > 0) results(words, startMs, { final: false });
    });
  }

  /** Out of turn: what is asked of the recogniser may take long. */
  function repeat(): void {
    if (clock.elapsed() - resultAt <= SILENT_MS_MAX || !on('interim_results')) return;
    results(soFar.words, soFar.startMs, { final: false });
  }

  /** The final words of what is being said, if anything is. */
  function finish(flags: Flags): void {
    const startMs = utteranceMs;
    const endMs = activity.heardMs;
    const words = activity.speaking ? stream.finish() : Promise.resolve([]);
    const { clearness } = activity;
    activity.over();
    quietMs = 0;
    enqueue(words, (heard) => {
      soFar = none;
      if (heard.length > 0) lastWordMs = startMs + heard.at(-1)!.endMs;
      results(weighed(heard, clearness), startMs, flags, endMs);
    });
  }

  function quiet(): void {
    quietResults += 1;
    const endMs = activity.heardMs;
    const final = quietResults % QUIET_RESULTS_A_SEGMENT === 0;
    if (!final && !on('interim_results')) return;
    enqueue(Promise.resolve([]), () => results([], endMs, { final }, endMs));
  }

  function closeStream(): void {
    finish({ final: true });
    enqueue(Promise.resolve([]), () => {
      session.send({
        type: 'Metadata',
        transaction_key: 'deprecated',
        request_id: requestId,
        sha256: '0'.repeat(64),
        created: new Date(clock.now()).toISOString(),
        duration: activity.heardMs / 1000,
        channels: 1,
      });
      session.close(1000, '');
    });
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

  function results(
    words: readonly HeardWord[],
    startMs: number,
    flags: Flags,
    endMs = activity.heardMs,
  ): void {
    const { final } = flags;
    resultAt = clock.elapsed();
    const written = write(words, { punctuate, numerals, final });
    session.send({
      type: 'Results',
      channel_index: [0, 1],
      start: segmentMs / 1000,
      duration: Math.max(0, endMs - segmentMs) / 1000,
      is_final: final,
      speech_final: flags.speechFinal ?? false,
      from_finalize: flags.fromFinalize ?? false,
      channel: {
        alternatives: [
          {
            transcript: written.map((word) => word.written).join(' '),
            confidence: confidenceIn(written),
            words: written.map((word) => ({
              word: word.text.toLowerCase(),
              start: (startMs + word.startMs) / 1000,
              end: (startMs + word.endMs) / 1000,
              confidence: word.confidence,
              ...(punctuate ? { punctuated_word: word.written } : {}),
            })),
          },
        ],
      },
      metadata: {
        request_id: requestId,
        model_info: { name: query.get('model') ?? 'general', version: 'sandbox', arch: 'nova' },
        model_uuid: requestId,
      },
    });
    if (final) segmentMs = endMs;
  }
}

/** The `type` of a control message; undefined where there is none. */
export function typeOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { type?: string } | null)?.type;
  } catch {
    return undefined;
  }
}
