// The other end is a machine: one that screens calls is told who we are, an answering machine is left word.

import type { CallEnding } from '../call-ending.ts';
import type { CallParts } from '../call-parts.ts';
import type { CallTurns } from '../call-turns.ts';
import type { Conversation } from '../thinking/conversation.ts';
import type { Turn } from '../types.ts';
import { machineSpeechOf } from './machine-speech.ts';

/** One that asked who we are, one that takes messages or faxes, and one that has got ours to its last word. */
export type MachineContact = 'screening' | 'mailbox' | 'left';

export interface MachinesParts {
  readonly call: Pick<CallParts, 'machineAnswer' | 'onMachine' | 'log' | 'callId'>;
  readonly conversation: Conversation;
  readonly ending: CallEnding;
  readonly turns: CallTurns;
}

export class Machines {
  readonly #parts: MachinesParts;
  #leavingWord = false;
  #screened = false;

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
      this.#leave(say, text);
      return true;
    }
    this.#screened = true;
    call.onMachine?.('screening');
    conversation.addCaller(text);
    turns.current?.interrupt();
    turns.say('notice', say, text);
    return true;
  }

  /**
   * The carrier says that a machine has answered: the message is said, whatever else is under way, and we hang up; what was
   * begun before its tone is said again. Empty: we hang up at once. One that has asked who we are is no mailbox before a tone.
   */
  onCarrier({ message, tone }: { readonly message: string; readonly tone: boolean }): void {
    if (this.#screened && !tone && !this.#leavingWord) return;
    this.#leave(message);
  }

  /** A turn is over: true when it was the message, which is not said in other words where it has failed. */
  takesTurn({ ending: how }: Turn): boolean {
    const { call, ending } = this.#parts;
    if (!this.#leavingWord) return false;
    if (how === 'completed') call.onMachine?.('left');
    if (how !== 'interrupted') ending.close('goodbye');
    return true;
  }

  #leave(message: string, heard?: string): void {
    const { call, ending, turns } = this.#parts;
    if (ending.reason) return;
    call.onMachine?.('mailbox');
    if (message === '') return ending.close('goodbye');
    this.#leavingWord = true;
    turns.current?.interrupt();
    turns.say('notice', message, heard);
  }
}
