// What the carrier's forms say of a call.

export const CALL_SID_LENGTH_MAX = 64;

/** Call states after which nothing more happens. */
export const finalStates: ReadonlySet<string> = new Set([
  'completed',
  'busy',
  'no-answer',
  'failed',
  'canceled',
]);
