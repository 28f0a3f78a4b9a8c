// Caller audio in, caller events out: every frame goes to the voice detector, the recogniser and turn-taking.

import { Scope } from '../../lib/abort.ts';
import { Channel } from '../../lib/channel.ts';
import type { Clock } from '../../lib/clock.ts';
import type { NoiseSuppressor } from '../audio/noise-suppressor.ts';
import type { VoiceDetector } from '../audio/voice-detector.ts';
import { turnTakingDefaults } from './caller-event.ts';
import type { CallerEvent, Floor, Noticed } from './caller-event.ts';
import { asksToWait } from './completeness.ts';
import { EchoGate } from './echo-gate.ts';
import { DoubtedWords } from './doubted-words.ts';
import type { EchoGuard } from './echo-guard.ts';
import type { EndpointRules } from './endpoint-wait.ts';
import { Foreground } from './foreground.ts';
import { listeningWords } from '../languages/find-language.ts';
import { SILENT_DB } from './our-loudness.ts';
import { Portions } from './portions.ts';
import { TurnTaking } from './turn-taking.ts';
import { FLUSH } from '../types.ts';
import type {
  CallerAudio,
  OnHears,
  Samples,
  SpeechToText,
  Transcript,
  Transport,
} from '../types.ts';

/** Caller audio waiting for the recogniser, in portions: 2 s of speech. What is older is dropped and counted. */
const PORTIONS_WAITING_MAX = 50;
/** With sound on the line within this time, words may come. */
const SPOKEN_MS = 600;
/** Detectors hear voice for some 100 ms after its end: with this much quiet on the line it has ended. */
const TRAIL_MS = 40;
/** The recogniser has this long for the last words once the line is gone. */
const LAST_WORDS_MS = 1000;
/** Caller events waiting for the call. */
const EVENTS_MAX = 16;
/** One object for all frames. */
const nothingNoticed: Noticed = {};

export interface EarParts {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly language: string;
  /** Opened while the greeting plays; until then audio waits. */
  readonly speechToText: Promise<SpeechToText>;
  readonly voiceDetector: VoiceDetector;
  /** Takes noise out before anybody listens; undefined where the client wants none taken. */
  readonly noiseSuppressor?: NoiseSuppressor | undefined;
  readonly echoGuard: EchoGuard;
  /** Which recogniser hears from here on, as it is priced. */
  readonly onHears?: OnHears | undefined;
  /** The other end has just called us, and waits for our first words: who answers a call of ours speaks first, who goes on may be speaking. */
  readonly callerRang: boolean;
  /** How long this caller is waited for. */
  readonly wait: EndpointRules;
  /** Each frame, with whether there is voice in it. */
  onFrame?(frame: Samples, voiced: boolean): void;
}

export type EarEvent =
  /** `atMs` is `clock.elapsed()` of the decision. */
  | { readonly type: 'caller'; readonly event: CallerEvent; readonly atMs: number }
  /** Words as they are recognised, for those who watch. */
  | { readonly type: 'words'; readonly text: string; readonly final: boolean }
  /** The recogniser is gone for good. */
  | { readonly type: 'deaf'; readonly error: unknown };

export interface Ear {
  readonly events: Channel<EarEvent>;
  /** What the caller says at the moment, as far as it is recognised and no turn yet. */
  readonly text: string;
  /** The words of a turn that the end of the line has cut short; waits a moment for the recogniser. '' for none. */
  lastWords(): Promise<string>;
}

/** Listens until the line ends or the signal aborts. `floor` always says what we are doing at the moment. */
export function listen(parts: EarParts, floor: Floor, signal: AbortSignal): Ear {
  const { transport, clock, voiceDetector, noiseSuppressor, echoGuard } = parts;
  const events = new Channel<EarEvent>(EVENTS_MAX);
  const audio = new Channel<CallerAudio>(PORTIONS_WAITING_MAX);
  const portions = new Portions((portion) => audio.push(portion));
  const gate = new EchoGate((frame) => portions.add(frame, isAwaited()));
  const words = listeningWords(parts.language);
  const foreground = new Foreground(parts.callerRang);
  const doubted = new DoubtedWords();
  const turnTaking = new TurnTaking({
    ...turnTakingDefaults,
    endpointing: 'local',
    words,
    wait: parts.wait,
  });

  hearFrames().then(
    () => events.end(),
    (error: unknown) => events.end(error),
  );
  const hearing = hearWords().catch((error: unknown) => {
    if (!signal.aborted) events.push({ type: 'deaf', error });
  });
  return {
    events,
    get text() {
      return turnTaking.text;
    },
    async lastWords() {
      if (turnTaking.unfinished) {
        using scope = new Scope(signal);
        const late = clock.sleep(LAST_WORDS_MS, scope.signal).catch(() => {});
        await Promise.race([hearing, late]);
      }
      return turnTaking.text;
    },
  };

  async function hearFrames(): Promise<void> {
    try {
      await transport.incoming.each(hearFrame, signal);
    } finally {
      gate.flush('not-ours');
      portions.flush();
      audio.end();
    }
  }

  function hearFrame(given: Samples): void {
    const frame = noiseSuppressor?.push(given) ?? given;
    voiceDetector.push(frame);
    const sound = voiceDetector.quietMs < TRAIL_MS;
    const heard = echoGuard.judge(given, transport.heardMs(), sound);
    const voiced = heard === 'not-ours' && sound && voiceDetector.voiced;
    gate.pass(frame, { heard, voiced });
    const over = floor.agent !== 'quiet';
    const levelDb = heard === 'ours' ? SILENT_DB : voiceDetector.levelDb;
    const callers = foreground.judge(voiced, levelDb, over);
    parts.onFrame?.(given, voiced);
    emit(turnTaking.onFrame(callers, floor, noticed(over)));
    doubted.onFrame();
    if (doubted.wait || (doubted.any && foreground.waits)) believeDoubted();
  }

  /** On a line that echoes, or with others on it, how long there has been sound says nothing about the caller. */
  function noticed(over: boolean): Noticed {
    if (foreground.crowded) return foreground;
    return echoGuard.wary && over && floor.agent === 'speaking' ? nothingNoticed : voiceDetector;
  }

  /** A vendor that decides about turns by itself must hear the quiet as it comes. */
  function isAwaited(): boolean {
    return voiceDetector.quietMs < SPOKEN_MS || turnTaking.endpointing === 'vendor';
  }

  async function hearWords(): Promise<void> {
    const { sampleRate } = transport;
    const speechToText = await parts.speechToText;
    turnTaking.endpointing = speechToText.endpointing;
    const { language, onHears } = parts;
    const options = { sampleRate, language, signal, onHears };
    for await (const heard of speechToText.transcribe(audio, options)) {
      const transcript = withoutOthers(withoutEcho(heard));
      // Another recogniser may have taken over.
      turnTaking.endpointing = speechToText.endpointing;
      watch(transcript);
      emit(turnTaking.onTranscript(transcript, floor));
    }
  }

  /** Words of ours that come back while we say them are nobody's. */
  function withoutEcho(transcript: Transcript): Transcript {
    if (transcript.type !== 'words' || floor.agent !== 'speaking') return transcript;
    return echoGuard.isOurs(transcript.text, floor.saying)
      ? { ...transcript, text: '' }
      : transcript;
  }

  /** Nor are words of others, who speak behind the caller. */
  function withoutOthers(transcript: Transcript): Transcript {
    if (!('text' in transcript) || transcript.text === '') return transcript;
    const whose = foreground.whose();
    if (whose === 'callers') {
      foreground.noteWords();
      return doubted.without(transcript);
    }
    if (whose === 'doubtful') doubted.add(transcript);
    else doubted.ignore(transcript);
    return { ...transcript, text: '' };
  }

  /** Who said them waits for an answer. */
  function believeDoubted(): void {
    for (const transcript of doubted.take()) {
      foreground.noteWaited();
      watch(transcript);
      emit(turnTaking.onTranscript(transcript, floor));
    }
  }

  function emit(event: CallerEvent | undefined): void {
    if (!event) return;
    if (event.type === 'finished') noteTurn(event.text);
    if (event.type === 'retracts') foreground.noteNothing();
    if (event.type === 'silent') noteSilence(event.stage);
    if (event.type === 'pauses') {
      portions.flush();
      audio.push(FLUSH);
    } else {
      events.push({ type: 'caller', event, atMs: clock.elapsed() });
    }
  }

  function noteTurn(text: string): void {
    foreground.noteTurn();
    doubted.forget();
    // Whoever asks us to wait may give the telephone to somebody else.
    if (asksToWait(text, words)) foreground.noteSilence();
  }

  function noteSilence(stage: 1 | 2 | 3): void {
    if (stage === 1) foreground.noteSilence();
    else foreground.noteLongSilence();
  }

  function watch(transcript: Transcript): void {
    if (transcript.type === 'words' && transcript.text !== '') {
      events.push({ type: 'words', text: transcript.text, final: transcript.final });
    }
  }
}
