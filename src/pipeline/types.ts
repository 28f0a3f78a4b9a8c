// The nouns of the pipeline. Nothing here runs.

import type { Channel } from '../lib/channel.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';

/** Mono 16-bit PCM: the only form audio takes inside the pipeline. Caller audio comes in 20 ms frames. */
export type Samples = Int16Array;

/** Length of a caller frame in milliseconds: the unit of media time. */
export const FRAME_MS = 20;

/** A word and when it is said, in milliseconds from the start of the audio it belongs to. */
export interface Word {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** Stored speech: the greeting, a filler, the apology. Plays without asking any vendor. */
export interface Clip {
  readonly text: string;
  /** Hz */
  readonly sampleRate: number;
  readonly samples: Samples;
  /** Empty when the voice gave no times; then they are estimated by characters. */
  readonly words: readonly Word[];
}

/** Why a line ended: by the caller, by us, by a transfer, by a newer stream of the same call, or by a fault. */
export type LineEnd =
  | 'caller'
  | 'hung-up'
  | 'transferred'
  | 'handed-over'
  | 'superseded'
  | 'lost'
  | 'protocol';

/** One leg of one live conversation: a phone call, a browser room, a test script. */
export interface Transport {
  /** Hz, both ways. */
  readonly sampleRate: number;
  /** What the caller sends, in steady 20 ms frames. Ends when the caller is gone. One reader. */
  readonly incoming: Channel<Samples>;
  /** Keys the caller presses: 0-9, *, #, A-D. Ends with the line. One reader. */
  readonly keys: AsyncIterable<string>;
  /** Queues audio for the caller. Resolves when no more than a short lead is left unplayed. */
  play(samples: Samples, signal: AbortSignal): Promise<void>;
  /** Resolves when the caller has heard all that was queued. */
  drain(signal: AbortSignal): Promise<void>;
  /** Milliseconds of our audio the caller has heard since the call began. What was dropped does not count. */
  heardMs(): number;
  /** Silences the line at once but keeps what was unheard, so that `resume` can play it. */
  hold(): void;
  /** Plays on from where the caller stopped hearing. Without a `hold` it does nothing. */
  resume(): void;
  /** Silences the line at once and drops what is queued and unheard, held audio included. */
  clear(): void;
  /** Milliseconds the line has been connected, by the monotonic clock, as of the caller's last frame; final after `ended`. */
  connectedMs(): number;
  /** Ends the call; `incoming` then ends too. Resolves when the carrier knows, never rejects. */
  hangUp(): Promise<void>;
  /** Hands the caller to another number; `incoming` then ends. Rejects with `vendor_failed` when the carrier refuses. */
  transfer(target: TransferTarget): Promise<void>;
  /**
   * Has another process of ours go on with the call, on a line of its own, after the carrier has pressed `keys` (0-9, *,
   * #, w to wait half a second) for the other end; `incoming` then ends. Rejects with
   * `vendor_failed` when the carrier refuses, with `unavailable` where a line of this kind cannot be moved, and with
   * `conflict` when it is ending already.
   */
  handOver(keys?: string): Promise<void>;
  /** Resolves once, with the reason, when the line is gone. */
  readonly ended: Promise<LineEnd>;
}

export interface TransferTarget {
  /** E.164; comes from the owner's settings, never from the caller or the model. */
  readonly phoneNumber: string;
  /** Where it is recorded, the call comes back when nobody takes it. */
  readonly transferId?: string;
  /** Whether the person hears who is calling, and decides, before the caller is connected. */
  readonly announced?: boolean;
}

/** Put among caller audio: the caller has paused, make what you have heard final now. */
export const FLUSH: unique symbol = Symbol('flush');

/** Audio in portions of one frame to ten. */
export type CallerAudio = Samples | typeof FLUSH;

/** How sure the vendor is of a text, 0 to 1; undefined where it does not say. */
export type Confidence = number | undefined;

/** What a recogniser reports. Times in `words` count from the start of the stream. */
export type Transcript =
  | {
      readonly type: 'words';
      /** The words of this segment. Not final: the segment so far, replaced by the next report. */
      readonly text: string;
      readonly final: boolean;
      /** The answer to a `FLUSH`: all audio before it has been heard. `text` may then be empty. */
      readonly flushed: boolean;
      readonly words: readonly Word[];
      readonly confidence?: Confidence;
      /** The vendor has not said this: a `FLUSH` is answered in its place. */
      readonly guessed?: boolean;
    }
  /** The vendor heard the caller begin. */
  | { readonly type: 'start-of-turn' }
  /** The vendor thinks the turn may be over; `text` is the whole turn so far. May be taken back by `turn-resumed`. */
  | { readonly type: 'eager-end-of-turn'; readonly text: string }
  | { readonly type: 'turn-resumed' }
  /** The vendor is sure; `text` is the whole turn. */
  | { readonly type: 'end-of-turn'; readonly text: string; readonly confidence?: Confidence };

/** Who hears from here on, as it is priced, and how much of that another has been given already. */
export type OnHears = (recogniser: string, againMs: number) => void;

export interface ListenOptions {
  /** Hz */
  readonly sampleRate: number;
  /** BCP 47 */
  readonly language: string;
  readonly signal: AbortSignal;
  /** Told by what has more than one recogniser to choose from. */
  readonly onHears?: OnHears | undefined;
}

export interface SpeechToText {
  /**
   * Who decides that a turn is over: we, from voice activity and words, or the vendor by `end-of-turn`. May change while
   * it hears, where another vendor takes over: a report of words follows then.
   */
  readonly endpointing: 'local' | 'vendor';
  /** Ends after `audio` has ended and the last words have come. Rejects with `vendor_failed`. */
  transcribe(audio: AsyncIterable<CallerAudio>, options: ListenOptions): AsyncIterable<Transcript>;
}

export type Message =
  | { readonly role: 'system' | 'user'; readonly text: string }
  | { readonly role: 'assistant'; readonly text: string; readonly toolCalls: readonly ToolCall[] }
  | { readonly role: 'tool'; readonly callId: string; readonly result: string };

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON as the model wrote it: may be invalid. */
  readonly arguments: string;
}

export interface ModelUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Who has used them, as it is priced, where that is known. */
  readonly model?: string;
}

/** Comes in this order: text and tool calls as they are ready, then exactly one end. */
export type ModelEvent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool-call'; readonly call: ToolCall }
  | {
      readonly type: 'end';
      readonly finish: 'stop' | 'tool-calls' | 'length' | 'filtered';
      readonly usage: ModelUsage | undefined;
    };

export interface ModelRequest {
  readonly messages: readonly Message[];
  readonly tools: readonly Tool[];
  /** BCP 47 */
  readonly language: string;
  /** The answer is read and not spoken: then a sign alone is one. */
  readonly written?: boolean | undefined;
  readonly signal: AbortSignal;
}

export interface LanguageModel {
  /** Rejects with `vendor_failed`, also when the stream ends without saying why. */
  generate(request: ModelRequest): AsyncIterable<ModelEvent>;
}

/** Audio, and apart from it when each word of it is said: vendors send the two separately. */
export type Speech =
  | { readonly type: 'audio'; readonly samples: Samples }
  /** Times from the first sample of this `synthesize`; may come after their audio. */
  | { readonly type: 'words'; readonly words: readonly Word[] };

export interface SpeakOptions {
  /** Hz */
  readonly sampleRate: number;
  /** BCP 47 */
  readonly language: string;
  readonly signal: AbortSignal;
  /**
   * Characters that a voice was given, by its name as it is priced; fewer than none where it failed without a sound, which
   * is not paid for. Called by what has more than one voice to choose from.
   */
  readonly onGiven?: ((voice: string, characters: number) => void) | undefined;
}

export interface TextToSpeech {
  /** `text` comes in speakable pieces; joined they are what is said. Rejects with `vendor_failed`. */
  synthesize(text: AsyncIterable<string>, options: SpeakOptions): AsyncIterable<Speech>;
}

export interface ToolContext {
  /** The call's signal: a tool outlives the turn that asked for it. */
  readonly signal: AbortSignal;
  readonly callId: string;
  readonly clientId: string;
  /** E.164, or undefined when withheld. Never proof of who is calling. */
  readonly callerPhone: string | undefined;
  /** Ends the call after what is being said has been heard. */
  hangUp(): void;
  /** Hands the caller over after what is being said has been heard. */
  transfer(target: TransferTarget): void;
  /** Takes these back: the caller is asked something first. */
  stay(): void;
  /** Presses keys for the other end after what is being said has been heard; the call then goes on. See `Transport.handOver`. */
  press(keys: string): void;
  /** What was said until now, as it was heard, oldest first; with what tools answered. */
  said(): readonly Message[];
  /** What the caller says is typed: it cannot have been misheard. */
  readonly typed: boolean;
}

export interface ToolResult {
  /** For the model. */
  readonly text: string;
  /** It ran, and `text` tells of a failure: shown as one. */
  readonly failed?: boolean;
  /** Spoken word for word before the model goes on, so that what is promised is what is stored. */
  readonly say?: string;
  /** `say` is a question: nothing else is said or done before the caller has answered it. */
  readonly asks?: boolean;
  /** What this run did to the outcome of the call. */
  readonly outcome?: 'booked' | 'rescheduled' | 'cancelled' | 'message' | 'transferred';
}

export interface Tool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of an object; arguments are checked against it before `run`. */
  readonly parameters: object;
  /** Runs to its end even if the caller interrupts: a booking is never left half made. */
  run(args: unknown, context: ToolContext): Promise<ToolResult>;
}

/** A tool that begins to run. */
export interface ToolStart {
  /** Of this run, and no other. */
  readonly id: string;
  readonly name: string;
  /** JSON as the model wrote it: may be invalid. */
  readonly arguments: string;
}

/** One tool run of a turn, for the record. */
export interface ToolRun extends ToolStart {
  readonly result: string;
  readonly elapsedMs: number;
  readonly failed: boolean;
}

/** What the caller waited for, in milliseconds; undefined where the stage did not occur. */
export interface TurnTiming {
  /** Last voiced inbound frame to first audible outbound frame: the whole wait. */
  readonly responseMs: number | undefined;
  /** Last voiced frame to our decision that the turn is over; the recogniser's time is inside. */
  readonly endpointMs: number | undefined;
  /** Of that, waiting for the recogniser's final words after the flush. */
  readonly hearMs: number | undefined;
  /** Decision to the model's first token. */
  readonly thinkMs: number | undefined;
  /** First speakable piece of text to the voice's first audio. */
  readonly speakMs: number | undefined;
  /** First audio from the voice to the first audible frame sent to the line. */
  readonly playMs: number | undefined;
}

/** What one vendor is paid for. */
export interface Served {
  /** The model or voice as it is priced: by the name clients use. */
  readonly vendor: string;
  readonly unit: 'input_tokens' | 'output_tokens' | 'characters' | 'milliseconds';
  readonly quantity: number;
}

export interface TurnUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Beyond these, for replies that were begun before the caller was done, and thrown away. */
  readonly wasted?: ModelUsage;
  /** Characters given to the voice. */
  readonly characters: number;
  /** By whom, as far as it is known: characters always are, tokens where the vendor has told. */
  readonly served?: readonly Served[];
}

export type TurnKind = 'greeting' | 'reply' | 'prompt' | 'apology' | 'notice';

/** One exchange: what the caller said, and what we did about it. A record, made once, at the end. */
export interface Turn {
  readonly kind: TurnKind;
  readonly caller: string | undefined;
  /** The words the caller heard, which after an interruption are fewer than we generated. */
  readonly heard: string;
  /** What was given to the voice beyond these: never said, as far as the conversation goes. At most 2,000 characters. */
  readonly unheard?: string;
  readonly ending: 'completed' | 'interrupted' | 'failed';
  readonly timing: TurnTiming;
  readonly usage: TurnUsage;
  readonly tools: readonly ToolRun[];
  /** What the tools did to the outcome of the call, in order. */
  readonly outcomes: readonly NonNullable<ToolResult['outcome']>[];
  /** `clock.now()` of the caller's last voiced frame and of our first audible frame; undefined where there was none. */
  readonly callerAt: number | undefined;
  readonly heardAt: number | undefined;
  readonly error?: unknown;
}

/** A turn that is not over, as far as it is known: what the caller says, and what they have heard of us. '' for nothing. */
export interface TurnUnderWay extends Pick<Turn, 'kind' | 'tools' | 'callerAt' | 'heardAt'> {
  readonly caller: string;
  readonly heard: string;
}

/** Why a call ended, as stored with the conversation. */
export type CallEnd =
  | 'caller'
  | 'goodbye'
  | 'silence'
  /** The same was said again and again: a machine. */
  | 'loop'
  | 'transferred'
  | 'credit'
  | 'max-duration'
  | 'failed'
  | 'owner'
  | 'drained'
  | 'handed-over'
  | 'superseded'
  | 'lost'
  | 'protocol';

/** What may happen to a call from outside while it runs. */
export type CallControl =
  /** Credit, time or this process is almost at its end: say so politely and ask for a message. */
  | { readonly type: 'wrap-up' }
  /** This process ends, but the call need not: another takes it over once we are not in the middle of something. */
  | { readonly type: 'hand-over' }
  /** A machine is done speaking: leave this, or nothing, and hang up. Without a `tone` it may screen calls. */
  | { readonly type: 'machine'; readonly message: string; readonly tone: boolean }
  /** Whoever watches has this said, word for word, as soon as nobody speaks. */
  | { readonly type: 'say'; readonly text: string }
  /** Whoever watches has the caller put through now: to this one of the client's people, or to the first. */
  | { readonly type: 'put-through'; readonly targetId: string | undefined }
  /** The end is here. */
  | { readonly type: 'end'; readonly reason: CallEnd };

/** What a client has chosen, and the key to pay for it. */
export interface VendorSettings {
  /** http(s) base; sockets use the same with ws(s). */
  readonly url: string;
  readonly key: string;
  readonly model: string;
  /** Empty where the service has no voice. */
  readonly voice: string;
  /** BCP 47. What is opened ahead of the call is opened for this one; 'en-US' unless told. */
  readonly language?: string;
  /** Names and words that callers are likely to say, for who hears; none unless told. */
  readonly keyterms?: readonly string[];
}

/** What every vendor's file gets from the outside. */
export interface VendorParts {
  readonly clock: Clock;
  readonly log: Log;
}

/** A vendor's file exports this as `vendor`. What `open` returns lasts for one call. */
export interface Vendor<Service> {
  /** The name of the setting that holds the key. */
  readonly keyName: string;
  /** Rejects with `vendor_failed` when the vendor cannot be reached within 3 s. */
  open(
    settings: VendorSettings,
    parts: VendorParts,
    callSignal: AbortSignal,
  ): Promise<Service & Disposable>;
}
