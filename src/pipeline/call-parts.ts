// What a call is made of: its line, vendors, stored speech and tools, and who is told about it. Nothing here runs.

import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { NoiseSuppressor } from './audio/noise-suppressor.ts';
import type { VoiceDetector } from './audio/voice-detector.ts';
import type { MachineContact } from './machines/machines.ts';
import type { SaidBefore } from './thinking/conversation.ts';
import type { Patience } from './hearing/endpoint-wait.ts';
import type { AudioMessage } from './voicemail.ts';
import type { OnTool } from './thinking/toolbox.ts';
import type { Pronunciation } from './spoken-form/spoken-form.ts';
import type {
  CallControl,
  Clip,
  LanguageModel,
  OnHears,
  SpeechToText,
  TextToSpeech,
  Tool,
  Transport,
  TransferTarget,
  Turn,
  TurnUnderWay,
} from './types.ts';

/** Stored speech of a call. All at the line's sample rate. */
export interface CallClips {
  /** A text when it has not been stored yet: then the voice says it. */
  readonly greeting: Clip | string;
  readonly fillers: readonly Clip[];
  readonly apology: Clip;
  /** The apology we end with. */
  readonly givingUp: Clip;
  readonly stillThere: Clip;
  readonly goodbye: Clip;
  /** Asks for a message after the tone; the other offers a person by a key as well. */
  readonly leaveMessage: Clip;
  readonly leaveMessageOrPress: Clip;
  /** The last words to whoever has left one. */
  readonly messageTaken: Clip;
  /** Time or credit runs out: a polite sentence that asks for a message. */
  readonly wrapUp: Clip;
}

export interface CallVendors {
  readonly speechToText: Promise<SpeechToText>;
  readonly languageModel: Promise<LanguageModel>;
  readonly textToSpeech: Promise<TextToSpeech>;
}

/** What the model is told, and what it may do. */
export interface CallDesk {
  readonly instructions: string;
  readonly tools: readonly Tool[];
  /** What was said before this call came here from another process. */
  readonly history?: readonly SaidBefore[];
}

export interface CallParts {
  readonly callId: string;
  readonly clientId: string;
  readonly callerPhone: string | undefined;
  readonly transport: Transport;
  readonly vendors: CallVendors;
  readonly voiceDetector: VoiceDetector;
  readonly noiseSuppressor?: NoiseSuppressor | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly language: string;
  /** How long the client wants callers to be waited for. */
  readonly patience: Patience;
  /** Whether a reply may be asked for before the caller's turn is certain to be over. */
  readonly speculates: boolean;
  /** How the client wants names and words to be said. */
  readonly pronunciations: readonly Pronunciation[];
  /** Needed when the caller has said something, so it may come while the greeting plays. */
  readonly desk: Promise<CallDesk>;
  readonly clips: CallClips;
  /** We have spoken with this caller before, who may be speaking already: in another process, or by another kind of model. */
  readonly goesOn?: boolean;
  /** What the caller said there and got no answer to; '' where the history ends with it. */
  readonly owed?: string | undefined;
  /** Who takes over when we fail; undefined: we hang up. */
  readonly fallback: TransferTarget | undefined;
  /** What a machine at the other end is to hear of us, when `text` is a machine's; `leaves`: and nothing more. */
  readonly machineAnswer?: (
    text: string,
  ) => { readonly say: string; readonly leaves: boolean } | undefined;
  /** A machine is at the other end, or has been left word. */
  onMachine?(what: MachineContact): void;
  /** Whom a caller gets to by pressing 0 alone; undefined when nobody is there. May reject. */
  personByKey?(): Promise<TransferTarget | undefined>;
  /** Who a caller is put through to when whoever watches says so; undefined when nobody can be reached. May reject. */
  putThrough?(targetId: string | undefined): Promise<TransferTarget | undefined>;
  readonly control: AsyncIterable<CallControl>;
  /**
   * Keeps the message of a caller for whom we can do nothing else. Never rejects. Undefined: nothing is recorded, and we
   * hand over or hang up.
   */
  readonly takeAudioMessage?: (message: AudioMessage) => Promise<void>;
  /** Each turn, once, when it is over. Must not throw. */
  onTurn(turn: Turn): void;
  /** Tools as they run, and not before they do. */
  readonly onTool?: OnTool | undefined;
  /** Which recogniser hears from here on, and what it hears again. */
  readonly onHears?: OnHears | undefined;
  /**
   * Gives a look at what no turn tells of yet: the turn that is under way, and then what the caller says into it, which the
   * next will answer. Valid until the call is over; each may be empty.
   */
  readonly onBegun?: ((look: () => readonly TurnUnderWay[]) => void) | undefined;
  /** Words as they are recognised, for those who watch. */
  onWords?(text: string, final: boolean): void;
}
