// Models that hear and speak themselves, in place of recogniser, language model and voice. Nothing here runs.

import type { SaidBefore } from '../thinking/conversation.ts';
import type { ModelUsage, Samples, Tool, ToolCall, VendorParts, VendorSettings } from '../types.ts';

/** The line such a model hears and speaks on: the telephone's. */
export const SPEECH_RATE = 8000;

export interface SpeechSession {
  readonly instructions: string;
  readonly tools: readonly Tool[];
  /** BCP 47 */
  readonly language: string;
  /** What has been said already, the greeting included. */
  readonly history: readonly SaidBefore[];
}

export type SpeechEvent =
  /** The caller has begun, as the vendor hears it. */
  | { readonly type: 'speech-started' }
  | { readonly type: 'speech-stopped' }
  /** What the caller has said; may come long after the model has answered it. */
  | { readonly type: 'caller'; readonly text: string }
  /** One answer begins; what follows until `done` belongs to it. */
  | { readonly type: 'answer' }
  | { readonly type: 'text'; readonly text: string }
  /** At `SPEECH_RATE`. `item` names what is said, for `cut`. */
  | { readonly type: 'audio'; readonly item: string; readonly samples: Samples }
  | { readonly type: 'tool-call'; readonly call: ToolCall }
  | { readonly type: 'done'; readonly completed: boolean; readonly usage: ModelUsage | undefined };

/** One conversation. It hears when the caller has finished, and answers when it is asked to. */
export interface SpeechToSpeech {
  /** Once, before anything else. */
  begin(session: SpeechSession): void;
  /** Ends when the vendor does; throws `vendor_failed`. One reader. */
  readonly events: AsyncIterable<SpeechEvent>;
  /** The caller's next frame. */
  hear(samples: Samples): void;
  /** Asks for an answer: to what the caller has said, after the results of tools, or to what was told. */
  respond(): void;
  /** Something the caller did without a word. */
  tell(text: string): void;
  result(callId: string, text: string): void;
  /** Only so much of an item was heard. */
  cut(item: string, heardMs: number): void;
  /** The answer that is being made, or was asked for, is not wanted: nothing more is heard of it. */
  cancel(): void;
}

/** A vendor's file exports this as `vendor`. */
export interface SpeechVendor {
  readonly keyName: string;
  /** Rejects with `vendor_failed` when it cannot be reached within 3 s. */
  open(
    settings: VendorSettings,
    parts: VendorParts,
    callSignal: AbortSignal,
  ): Promise<SpeechToSpeech & Disposable>;
}
