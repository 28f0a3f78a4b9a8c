// What is kept of a call whose model hears and speaks itself: its turns, and the message of a caller who is cut off; and whether it goes round in circles.

import type { CallEnding } from '../call-ending.ts';
import type { CallParts } from '../call-parts.ts';
import { LoopDetector } from '../machines/loop-detector.ts';
import type { CallEnd, Clip, Samples, Turn, TurnKind } from '../types.ts';
import { unansweredTurn } from '../unanswered-turn.ts';
import { Voicemail } from '../voicemail.ts';
import { RealtimeSaid } from './realtime-said.ts';

export interface RealtimeRecordParts {
  readonly call: Pick<
    CallParts,
    'clock' | 'clips' | 'transport' | 'fallback' | 'takeAudioMessage' | 'onTurn'
  >;
  readonly ending: CallEnding;
  readonly say: (kind: TurnKind, clip: Clip) => void;
}

export class RealtimeRecord {
  readonly said = new RealtimeSaid();
  readonly #call: RealtimeRecordParts['call'];
  /** Undefined where nothing may be recorded. */
  readonly #voicemail: Voicemail | undefined;
  readonly #loop = new LoopDetector();
  #wrappedUp = false;

  constructor({ call, ending, say }: RealtimeRecordParts) {
    this.#call = call;
    const { transport, clips, fallback: person, takeAudioMessage: take } = call;
    const { sampleRate } = transport;
    this.#voicemail =
      take && new Voicemail({ sampleRate, clips, turns: { say }, ending, person, take });
  }

  /** One frame of the caller. */
  onFrame(frame: Samples, voiced: boolean): void {
    this.#voicemail?.onFrame(frame, voiced);
  }

  /** The call may be cut off from now on, and the caller is asked for a message. */
  wrapUp(): void {
    this.#wrappedUp = true;
    this.#voicemail?.note();
  }

  /** A turn is over. Whether the same exchange has come so often that nobody can be there. */
  settled(turn: Turn): boolean {
    const whole = this.said.record(turn);
    this.#call.onTurn(whole);
    const { caller = '' } = whole;
    if (caller !== '') this.#voicemail?.onTurn(caller);
    if (this.#wrappedUp && turn.outcomes.includes('message')) this.#voicemail?.note();
    return turn.kind === 'reply' && this.#loop.note(caller, turn.heard);
  }

  /** The line is gone, for this reason. Resolves when what the caller said last is kept. */
  async end(reason: CallEnd | undefined): Promise<void> {
    const { clock, onTurn } = this.#call;
    const { unanswered } = this.said;
    if (unanswered !== '') onTurn(unansweredTurn(clock, unanswered));
    await this.#voicemail?.finish(reason, unanswered);
  }
}
