// The sandbox's telephones and their carrier: places calls and keeps them where the REST stand-in finds them.

import { Cache } from '../../src/lib/cache.ts';
import { systemClock, Tick } from '../../src/lib/clock.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { Call } from './call.ts';
import type { CallOptions, DialPlan, PhoneParts, ShownDial, SpeakAs } from './call-options.ts';
import { encodeSpeech } from './caller-speech.ts';
import type { CallerSpeech } from './caller-speech.ts';

/** Twilio's frames of one call come at steady times, those of many calls at all times: a fine tick keeps both. */
const TICK_MS = 5;
/** Calls that have ended and can still be asked for by REST. */
const ENDED_CALLS_MAX = 1000;
/** Texts whose speech is kept ready. */
const SPEECHES_MAX = 500;

export interface PhoneOptions {
  readonly accountSid: string;
  readonly authToken: string;
  readonly clock?: Clock;
  /** Text to samples of 8 kHz. */
  readonly speak?: (text: string, how: SpeakAs) => Promise<Int16Array>;
  /** Whether Say, Play, Pause and Dial take their time; false makes them immediate. */
  readonly realTime?: boolean;
  /** What happens to a `<Dial>`: answered at once, taken by key 1 and hung up at once by default. */
  readonly dial?: (request: ShownDial) => DialPlan;
}

/** Where a call goes: `publicUrl` stands for its `/voice`. */
export type PlaceCallOptions = Omit<CallOptions, 'voiceUrl'> &
  ({ readonly publicUrl: string } | { readonly voiceUrl: string });

export class Phone {
  readonly accountSid: string;
  readonly authToken: string;
  readonly clock: Clock;
  readonly #parts: PhoneParts;
  readonly #live = new Map<string, Call>();
  readonly #ended = new Cache<string, Call>(ENDED_CALLS_MAX);
  readonly #speeches = new Cache<string, Promise<CallerSpeech>>(SPEECHES_MAX);

  constructor(options: PhoneOptions) {
    const { accountSid, authToken, clock = systemClock, realTime = false, speak } = options;
    this.accountSid = accountSid;
    this.authToken = authToken;
    this.clock = clock;
    this.#parts = {
      clock,
      tick: new Tick(clock, TICK_MS),
      accountSid,
      authToken,
      realTime,
      synthesize: speak && ((text, how) => this.#synthesize(speak, text, how)),
      dial: options.dial ?? (() => ({ status: 'completed', ringMs: 0, talkMs: 0, keys: '1' })),
    };
  }

  get liveCalls(): readonly Call[] {
    return [...this.#live.values()];
  }

  placeCall(options: PlaceCallOptions): Call {
    const voiceUrl = 'voiceUrl' in options ? options.voiceUrl : `${options.publicUrl}/voice`;
    const call = new Call(this.#parts, { ...options, voiceUrl });
    this.#live.set(call.sid, call);
    void call.ended.then(() => {
      this.#live.delete(call.sid);
      this.#ended.set(call.sid, call);
    });
    return call;
  }

  findCall(sid: string): Call | undefined {
    return this.#live.get(sid) ?? this.#ended.get(sid);
  }

  /** Every caller hangs up. Resolves when all calls are over. */
  async hangUpAll(): Promise<void> {
    const calls = this.liveCalls;
    for (const call of calls) call.hangUp();
    await Promise.all(calls.map(({ ended }) => ended));
  }

  #synthesize(
    speak: (text: string, how: SpeakAs) => Promise<Int16Array>,
    text: string,
    how: SpeakAs,
  ): Promise<CallerSpeech> {
    const key = `${how.voice}\n${how.speed}\n${text}`;
    const known = this.#speeches.get(key);
    if (known) return known;
    const made = speak(text, how).then((samples) => encodeSpeech(samples, text));
    this.#speeches.set(key, made);
    return made;
  }
}
