// What a call came to, from its turns and its end; and whether something was claimed that did not happen.

import type { MachineContact } from '../../pipeline/machines/machines.ts';
import type { CallEnd, Turn } from '../../pipeline/types.ts';
import { outcomesByWeight } from '../../store/conversations/conversations.ts';

export type Outcome =
  | 'booked'
  | 'rescheduled'
  | 'cancelled'
  | 'message'
  | 'transferred'
  /** We left one with a machine. */
  | 'left_message'
  /** A machine was all that we reached. */
  | 'machine'
  | 'answered'
  | 'abandoned'
  | 'no_credit'
  | 'failed';

const claims =
  /\b(you(?:'re| are)|(?:it|that|appointment)(?:'s| is| has been)|i(?:'ve| have)(?: just)?) (?:now |all )?(booked|confirmed|scheduled|rescheduled|cancell?ed|moved)\b/i;

export class OutcomeOfCall {
  readonly #done = new Set<string>();
  readonly #machines = new Set<MachineContact>();
  #replies = 0;

  /**
   * Takes a turn; gives the flag to raise on the conversation when we told the caller that something is booked, moved
   * or cancelled while no tool has done anything of the kind in this call.
   */
  add(turn: Turn): 'unbacked_claim' | undefined {
    for (const outcome of turn.outcomes) this.#done.add(outcome);
    if (turn.kind === 'reply' && turn.heard !== '') this.#replies += 1;
    const backed = ['booked', 'rescheduled', 'cancelled'].some((each) => this.#done.has(each));
    return !backed && claims.test(turn.heard) ? 'unbacked_claim' : undefined;
  }

  /** Something that was done for the caller outside of a turn, or after it. */
  note(done: Turn['outcomes'][number] | undefined): void {
    if (done) this.#done.add(done);
  }

  noteMachine(what: MachineContact): void {
    this.#machines.add(what);
    if (what === 'left') this.#done.add('left_message');
  }

  /** The outcome, given how the call ended: whoever hung up while they were told of a transfer was not put through. */
  of(end: CallEnd): Outcome {
    const done = new Set(this.#done);
    if (end === 'transferred') done.add('transferred');
    else done.delete('transferred');
    const best = outcomesByWeight.find((outcome) => done.has(outcome));
    if (best) return best;
    if (end === 'credit') return 'no_credit';
    if (end === 'failed' || end === 'protocol') return 'failed';
    // What was answered before it was known to be a mailbox was answered to nobody; after a screening a person may have come.
    if (this.#machines.has('mailbox')) return 'machine';
    if (this.#replies > 0) return 'answered';
    return this.#machines.has('screening') ? 'machine' : 'abandoned';
  }
}
