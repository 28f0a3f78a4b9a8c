// What a call of the phone is given.

import type { Clock, Tick } from '../../src/lib/clock.ts';
import type { CallerSpeech } from './caller-speech.ts';
import type { EchoOptions } from './line-echo.ts';
import type { LineFaults } from './media-line.ts';
import type { DialOutcome, DialRequest } from './twiml-runner.ts';

/** What all calls of a phone share. */
export interface PhoneParts {
  readonly clock: Clock;
  readonly tick: Tick;
  readonly accountSid: string;
  readonly authToken: string;
  /** Text to 8 kHz speech; a call that says text needs it. */
  readonly synthesize: ((text: string, how: SpeakAs) => Promise<CallerSpeech>) | undefined;
  /** Whether Say, Play, Pause and Dial take their time. */
  readonly realTime: boolean;
  /** What happens to a `<Dial>`. */
  readonly dial: (request: ShownDial) => DialPlan;
}

/** Who says a text, and how fast; 1 is the voice's own pace. */
export interface SpeakAs {
  readonly voice: string;
  readonly speed: number;
}

/** `shown`: the number that whoever is dialled sees. */
export type ShownDial = DialRequest & { readonly shown: string };

export interface DialPlan {
  /** `completed`: they answer. */
  readonly status: DialOutcome['status'];
  readonly ringMs: number;
  readonly talkMs: number;
  /** What they press when they are asked something before they are connected; without it they say nothing. */
  readonly keys?: string;
  /** Nothing is told of a caller who hangs up meanwhile, as if it were lost on the way. */
  readonly silentWhenAbandoned?: boolean;
}

export interface CallOptions {
  /** The webhook of the number that is called: absolute. */
  readonly voiceUrl: string;
  readonly from: string;
  readonly to: string;
  /** Asked when `voiceUrl` fails. */
  readonly fallbackUrl?: string;
  /** Gets `completed` (and what else ends a call), as set on a phone number. */
  readonly statusCallback?: string;
  /** Run in place of asking `voiceUrl`, as calls that REST creates may. */
  readonly twiml?: string;
  readonly direction?: 'inbound' | 'outbound-api';
  /** Nobody takes the call: how it ends, after it has rung so long. No webhook is asked. */
  readonly unanswered?: { readonly status: 'busy' | 'no-answer'; readonly ringMs: number };
  /** Told who has answered, as asynchronous detection does. */
  readonly machineCallback?: {
    readonly url: string;
    readonly answeredBy: string;
    readonly afterMs: number;
  };
  /** Replaces or adds form fields of the webhooks. */
  readonly fields?: Readonly<Record<string, string>>;
  /** A `CallSid` of an earlier call, to replay it. */
  readonly callSid?: string;
  /** In place of the webhooks' right signature; null leaves it out. */
  readonly signature?: string | null;
  readonly line?: LineFaults;
  /** Name of the voice that says texts. */
  readonly voice?: string;
  /** How fast it speaks; 1 by default. */
  readonly speed?: number;
  /** The caller speaks more faintly than the voice or the recording is, by decibels. */
  readonly fainterDb?: number;
  /** Whether what is heard is kept as audio, 8 kB a second. */
  readonly keepAudio?: boolean;
  /** Events kept for `events` and for `history`; 4096 by default. Benchmarks keep few. */
  readonly eventsMax?: number;
  /** What the line carries under and between the caller's words: 8 kHz, repeated. */
  readonly noise?: Int16Array;
  /** What is heard comes back into the microphone. */
  readonly echo?: EchoOptions;
}
