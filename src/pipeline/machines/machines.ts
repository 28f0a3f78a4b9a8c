// The other end is a machine: one that screens calls is told who we are, an answering machine is left word.

import type { CallEnding } from '../call-ending.ts';
import type { CallParts } from '../call-parts.ts';
import type { CallTurns } from '../call-turns.ts';
import type { Conversation } from '../thinking/conversation.ts';
import { machineSpeechOf } from './machine-speech.ts';

export interface MachinesParts {
  readonly call: Pick<CallParts, 'machineAnswer' | 'log' | 'callId'>;
  readonly conversation: Conversation;
  readonly ending: CallEnding;
  readonly turns: CallTurns;
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

  /** Whether an answer to that may be thought of already: not to a machine, nor while the call ends. */
  letThink(text: string): boolean {
    const { call, ending } = this.#parts;
    if (ending.reason) return false;
    return call.machineAnswer === undefined || machineSpeechOf(text) === undefined;
  }

  /** Whether a machine said that; then it is answered, and nobody thinks about it. */
  heard(text: string): boolean {
    const { call, conversation, turns } = this.#parts;
    const machine = call.machineAnswer?.(text);
    if (!machine) return false;
    const { say, leaves } = machine;
    turns.doubt();
    call.log.info('a machine speaks', { callId: call.callId, leaves });
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
