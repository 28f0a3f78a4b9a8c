// What follows when turns fail: an apology; then, for good, a message is taken, or a person takes over, or it is the end.

import type { CallEnding } from './call-ending.ts';
import type { CallParts } from './call-parts.ts';
import type { CallTurns } from './call-turns.ts';
import type { Turn } from './types.ts';
import { Voicemail } from './voicemail.ts';

/** Failed turns in a row before we give up. */
const FAILURES_MAX = 2;

export interface GivingUpParts {
  readonly call: CallParts;
  readonly ending: CallEnding;
  readonly turns: CallTurns;
  /** What the caller has said gets no answer any more. */
  onGiveUp(): void;
}

export class GivingUp {
  /** Undefined where nothing may be recorded. */
  readonly voicemail: Voicemail | undefined;
  readonly #parts: GivingUpParts;
  #begun = false;
  #failures = 0;

  constructor(parts: GivingUpParts) {
    this.#parts = parts;
    const { ending, turns } = parts;
    const { transport, clips, fallback, takeAudioMessage } = parts.call;
    this.voicemail =
      takeAudioMessage &&
      new Voicemail({
        sampleRate: transport.sampleRate,
        clips,
        turns,
        ending,
        person: fallback,
        take: takeAudioMessage,
      });
  }

  /** Whether nothing is thought about any more. */
  get begun(): boolean {
    return this.#begun;
  }

  /** Whether the key was for the message. */
  takesKey(key: string): boolean {
    if (!this.#begun || !this.voicemail) return false;
    this.voicemail.onKey(key);
    return true;
  }

  /** Whether the turn that is over was the last apology before a message, or a step of taking it. */
  takesTurn({ kind }: Turn): boolean {
    if (!this.#begun || !this.voicemail) return false;
    if (this.#parts.ending.reason) return true;
    if (kind === 'apology') this.voicemail.begin();
    else this.voicemail.heard();
    return true;
  }

  /** Whether the turn that is over has failed: the caller hears an apology. */
  hasFailed({ ending, kind, error }: Turn): boolean {
    if (ending !== 'failed') {
      if (kind !== 'apology') this.#failures = 0;
      return false;
    }
    const { call, turns } = this.#parts;
    this.#failures += 1;
    call.log.error('turn failed', { callId: call.callId, failures: this.#failures, error });
    if (this.#failures >= FAILURES_MAX) this.begin();
    else turns.say('apology', call.clips.apology);
    return true;
  }

  /** An apology; then a message is taken, or a person takes over, or it is the end. */
  begin(): void {
    const { call, ending, turns } = this.#parts;
    if (ending.reason || this.#begun) return;
    this.#begun = true;
    const { fallback, clips } = call;
    if (this.voicemail) ending.forget();
    else if (fallback) ending.planInstead({ type: 'transfer', target: fallback });
    else ending.planInstead({ type: 'hang-up', reason: 'failed' });
    this.#parts.onGiveUp();
    turns.current?.interrupt();
    turns.say('apology', clips.givingUp);
  }
}
