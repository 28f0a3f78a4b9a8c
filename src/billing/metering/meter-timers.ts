// How often, how long, how much: every interval of the metering in one frozen object, so that tests can shorten them.

export const meterTimers = Object.freeze({
  /** A running call reports what it used, and asks for more. */
  beatMs: 5000,
  /** Up to this much earlier or later, so that calls do not beat in step. */
  beatJitterMs: 500,
  /** Quota kept ahead of what was used: at least two beats, the database's timeout, and 3 s. */
  headroomSeconds: 15,
  /** A call without a beat for this long is an orphan: twice the headroom (RFC 8506: twice the validity). */
  leaseSeconds: 30,
  /** With less credit a call is not let in: it could not even be greeted. */
  startSecondsMin: 5,
  /** Before the end a call is told to wrap up. */
  wrapUpMs: 12_000,
  /** How long a call goes on beyond its quota while the database does not answer; 0 for not at all. */
  graceMs: 60_000,
  /** Wait after a failed beat; doubles up to the maximum. */
  retryMs: 200,
  retryMsMax: 5000,
  /** How long the end of a call waits for its settlement before that goes to the journal. */
  settleMs: 2500,
  /** Wait between two rounds over the journal while the database does not answer; doubles up to the maximum. */
  journalMs: 1000,
  journalMsMax: 30_000,
  /** How exact ends are enforced when no frame comes in. One timer for all calls. */
  tickMs: 100,
  reapMs: 10_000,
  reapJitterMs: 2000,
  /** A wall clock that moved this much against the monotonic one has jumped, or the machine slept. */
  clockJumpMs: 5000,
  auditMs: 3_600_000,
  /** Between two looks for balances that are low. */
  balanceMs: 10_000,
  /** Between two questions to the payment service about what was missed. */
  reconcileMs: 3_600_000,
});

export type MeterTimers = Readonly<Record<keyof typeof meterTimers, number>>;
