// Takes calls: whether there is room for one more, and each call from its admission until it is stored and charged.

import type { ActiveCalls } from '../reception/calls/active-calls.ts';
import type { AdmittedCall } from '../reception/calls/admit.ts';
import { answer } from '../reception/calls/answer.ts';
import type { AnswerParts } from '../reception/calls/answer.ts';
import { Strain } from '../reception/calls/strain.ts';
import type { Transport } from '../pipeline/types.ts';

export interface CallTakerParts {
  readonly answering: AnswerParts;
  readonly activeCalls: ActiveCalls;
  readonly callsMax: number;
  /** Whether new calls are sent elsewhere. */
  draining(): boolean;
  /** One more call is stored and charged. */
  onOver(): void;
}

export interface CallTaker extends Disposable {
  /** Whether this process takes no more calls. */
  full(): boolean;
  /** Until the call is stored and charged. */
  take(call: AdmittedCall, line: Transport & { supersede(): void }): Promise<void>;
}

/** `signal`: the end of the process, which no call outlives. */
export function openCallTaker(parts: CallTakerParts, signal: AbortSignal): CallTaker {
  const { answering, activeCalls, callsMax } = parts;
  const strain = new Strain(answering.clock);
  return {
    full() {
      const { size } = activeCalls;
      return parts.draining() || size >= callsMax || strain.tooMuchFor(size);
    },
    take(call, line) {
      const over = answer(answering, call, line, signal);
      const { callId, callSid, client, control } = call;
      const supersede = () => line.supersede();
      void over.then(() => parts.onOver());
      activeCalls.add({ callId, callSid, clientId: client.id, control, supersede }, over);
      return over;
    },
    [Symbol.dispose]: () => strain[Symbol.dispose](),
  };
}
