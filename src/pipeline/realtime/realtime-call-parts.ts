// What a call whose model hears and speaks itself is made of, and what can happen in it. Nothing here runs.

import type { LineEvent } from '../call-events.ts';
import type { CallParts } from '../call-parts.ts';
import type { SteppingInEvent } from '../stepping-in.ts';
import type { RunningTurn, SettledTurn } from '../turn.ts';
import type { TextToSpeech } from '../types.ts';
import type { SilenceStage } from './mutual-silence.ts';
import type { FloorAct } from './realtime-floor.ts';
import type { SpeechEvent, SpeechToSpeech } from './speech-to-speech.ts';

export interface RealtimeCallParts extends Omit<CallParts, 'vendors'> {
  readonly model: Promise<SpeechToSpeech>;
  /** Of the client, for what must be said word for word; opened when it is first asked for. */
  ownVoice(): Promise<TextToSpeech>;
  /** When the model is lost: what the caller has said since the last reply. */
  onLost(unanswered: string): void;
}

export type RealtimeEvent =
  | LineEvent
  | { readonly type: 'model'; readonly event: SpeechEvent }
  | { readonly type: 'floor'; readonly act: FloorAct }
  /** The model will do nothing more. */
  | { readonly type: 'lost'; readonly error: unknown }
  /** And none of its tools runs any more. */
  | { readonly type: 'gone' }
  | { readonly type: 'silent'; readonly stage: SilenceStage }
  | SteppingInEvent
  | { readonly type: 'settled'; readonly turn: RunningTurn; readonly settled: SettledTurn }
  | { readonly type: 'force' }
  | { readonly type: 'over' };
