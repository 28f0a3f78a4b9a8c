// The other end is a machine: one that screens calls is told who we are, an answering machine is left word.

import type { Log } from '../lib/log.ts';
import type { CallEnding } from './call-ending.ts';
import type { CallParts } from './call-parts.ts';
import type { CallTurns } from './call-turns.ts';
import type { Conversation } from './conversation.ts';

export interface MachinesParts {
  readonly answer: CallParts['machineAnswer'];
  readonly conversation: Conversation;
  readonly ending: CallEnding;
  readonly turns: CallTurns;
  readonly log: Log;
  readonly callId: string;
}

export class Machines {
  readonly #parts: MachinesParts;
  #leavingWord = false;

  constructor(parts: MachinesParts) {
    this.#parts = parts;
  }

  /** Whether word is being left: nothing that is heard counts any more. */
  get leavingWord(): boolean {
    return this.#leavingWord;
  }

  /** Whether a machine said that; then it is answered, and nobody thinks about it. */
  heard(text: string): boolean {
    const { answer, conversation, turns, log, callId } = this.#parts;
    const machine = answer?.(text);
    if (!machine) return false;
    const { say, leaves } = machine;
    log.info('a machine speaks', { callId, leaves });
    if (leaves) {
      this.leave(say);
      return true;
    }
    conversation.addCaller(text);
    turns.current?.interrupt();
    turns.say('notice', say);
    return true;
  }

  /** Says the message and hangs up, whatever else is under way; again if that was begun before. Empty: hangs up. */
  leave(message: string): void {
    const { ending, turns } = this.#parts;
    if (ending.reason) return;
    if (message === '') return ending.close('goodbye');
    this.#leavingWord = true;
    ending.planInstead({ type: 'hang-up', reason: 'goodbye' });
    turns.current?.interrupt();
    turns.say('notice', message);
  }
}
