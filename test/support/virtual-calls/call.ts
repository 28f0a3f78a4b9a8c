// A whole call in virtual time: line, vendors and loop put together for stories.

import { getEventListeners } from 'node:events';
import { quietLog } from '../../../src/lib/log.ts';
import { runCall } from '../../../src/pipeline/call.ts';
import type { CallParts } from '../../../src/pipeline/call-parts.ts';
import { runRealtimeCall } from '../../../src/pipeline/realtime/run-realtime-call.ts';
import type { SpeechToSpeech } from '../../../src/pipeline/realtime/speech-to-speech.ts';
import { energyDetection } from '../../../src/pipeline/audio/energy-detector.ts';
import { Channel } from '../../../src/lib/channel.ts';
import type {
  CallControl,
  CallEnd,
  Clip,
  SpeechToText,
  TextToSpeech,
  Tool,
  Turn,
} from '../../../src/pipeline/types.ts';
import { VirtualClock, settle } from '../clock.ts';
import { TestLine } from './line.ts';
import { Faults, MS_PER_CHARACTER, testModel, testRecogniser, testVoice } from './vendors.ts';
import type { Answers, TestModel } from './vendors.ts';

export interface TestCall {
  readonly clock: VirtualClock;
  readonly line: TestLine;
  readonly model: TestModel;
  readonly turns: Turn[];
  readonly control: Channel<CallControl>;
  readonly faults: Faults;
  /** Why the call ended; undefined while it runs. */
  readonly end: CallEnd | undefined;
  /** What follows the call's signal, and is kept as long as the call lasts. */
  readonly following: number;
  /** Hangs up if need be, waits for the end, and checks that no timer is left. */
  finish(): Promise<CallEnd>;
}

export interface TestCallOptions {
  readonly answers?: Answers;
  readonly tools?: readonly Tool[];
  readonly greeting?: string;
  readonly failAt?: number;
  /** Instead of the one that knows the line's script. */
  readonly recogniser?: SpeechToText;
  readonly voice?: (clock: VirtualClock) => TextToSpeech;
  readonly parts?: Partial<CallParts>;
  /** Instead of `voice`, where such a model needs it. */
  readonly ownVoice?: () => Promise<TextToSpeech>;
  /** A model that hears and speaks itself, in place of the others. */
  readonly conversing?: (clock: VirtualClock, line: TestLine) => SpeechToSpeech;
}

/** Whoever hung up in the middle of a word is listened to for so long. */
const LAST_WORDS_MS = 2000;

/** Stored speech made of a steady tone, with the word times the test voice would give. */
function testClip(text: string): Clip {
  let atMs = 0;
  const words = [...text.matchAll(/\S+\s*/g)].map((match) => {
    const startMs = atMs;
    atMs += match[0].length * MS_PER_CHARACTER;
    return { text: match[0].trim(), startMs, endMs: atMs };
  });
  return { text, sampleRate: 8000, samples: new Int16Array(atMs * 8).fill(3000), words };
}

/** Starts a call; the greeting is on the line when this returns. */
export async function startTestCall(options: TestCallOptions = {}): Promise<TestCall> {
  const clock = new VirtualClock();
  const line = new TestLine(clock);
  const faults = new Faults();
  faults.failAt = options.failAt ?? Number.POSITIVE_INFINITY;
  const model = testModel(clock, options.answers ?? [], faults);
  const control = new Channel<CallControl>(8);
  const turns: Turn[] = [];
  const voice = options.voice?.(clock) ?? testVoice(clock, faults);
  let end: CallEnd | undefined;
  const parts: CallParts = {
    callId: 'call',
    clientId: 'client',
    callerPhone: '+15551234567',
    transport: line,
    vendors: {
      speechToText: Promise.resolve(options.recogniser ?? testRecogniser(clock, line.said, faults)),
      languageModel: Promise.resolve(model),
      textToSpeech: Promise.resolve(voice),
    },
    voiceDetector: energyDetection.open(8000),
    clock,
    log: quietLog,
    language: 'en-US',
    patience: 'normal',
    speculates: false,
    pronunciations: [],
    desk: Promise.resolve({
      instructions: 'You answer the phone.',
      tools: options.tools ?? [],
    }),
    clips: {
      greeting: testClip(options.greeting ?? 'Hello.'),
      fillers: [testClip('One moment.')],
      apology: testClip('Sorry, say that again?'),
      givingUp: testClip('Sorry, something is wrong here.'),
      stillThere: testClip('Are you still there?'),
      goodbye: testClip('Goodbye.'),
      leaveMessage: testClip('Leave a message.'),
      leaveMessageOrPress: testClip('Press one, or leave a message.'),
      messageTaken: testClip('It is passed on. Goodbye.'),
      wrapUp: testClip('We have a few seconds left. Your name and number please.'),
    },
    fallback: undefined,
    control,
    onTurn: (turn) => turns.push(turn),
    ...options.parts,
  };
  const { signal } = new AbortController();
  const conversing = options.conversing?.(clock, line);
  const running = conversing
    ? runRealtimeCall(
        {
          ...parts,
          model: Promise.resolve(conversing),
          ownVoice: options.ownVoice ?? (() => Promise.resolve(voice)),
          onLost: () => {},
        },
        signal,
      )
    : runCall(parts, signal);
  const done = running.then((reason) => (end = reason));
  done.catch(() => {});
  await settle();
  return {
    clock,
    line,
    model,
    turns,
    control,
    faults,
    get following() {
      return getEventListeners(signal, 'abort').length;
    },
    get end() {
      return end;
    },
    async finish() {
      if (!line.isOver) await line.callerHangsUp();
      await clock.advance(LAST_WORDS_MS);
      const reason = await done;
      await settle();
      if (clock.pending > 0) throw new Error(`${clock.pending} timers are left`);
      return reason;
    },
  };
}
