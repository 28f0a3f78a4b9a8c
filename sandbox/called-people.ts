// Who is at the other end when a call goes out: what they do is told by the last digits of their number.

import type { DialPlan } from './phone/call-options.ts';
import type { CalleePlan } from './vendors/twilio/twilio.ts';

/** How long it rings, and how long a transferred caller then talks. */
const RING_MS = 2000;
const TALK_MS = 3000;
/** A mailbox has greeted, and its tone is over. */
const BEEP_MS = 4000;

/**
 * Whom a caller is put through to. They take the call, unless their number ends in 00 (busy), 01 (nobody answers) or
 * 02 (they decline).
 */
export function dialPlanOf(target: string): DialPlan {
  const plan = { status: 'completed', ringMs: RING_MS, talkMs: TALK_MS, keys: '1' } as const;
  if (target.endsWith('00')) return { ...plan, status: 'busy' };
  if (target.endsWith('01')) return { ...plan, status: 'no-answer' };
  return target.endsWith('02') ? { ...plan, keys: '2' } : plan;
}

/**
 * Whom a business calls. They listen, thank and say goodbye, unless their number ends in 00 or 02 (busy, or declined,
 * which is the same to the carrier), 01 (nobody answers), 03 (a mailbox) or 04 (they answer and say nothing).
 */
export function calleePlanOf(to: string): CalleePlan {
  if (/0[02]$/.test(to)) return { unanswered: { status: 'busy', ringMs: RING_MS } };
  if (to.endsWith('01')) return { unanswered: { status: 'no-answer', ringMs: RING_MS } };
  if (to.endsWith('03')) return { answeredBy: 'machine_end_beep', afterMs: BEEP_MS };
  return { answeredBy: 'human', ...(!to.endsWith('04') && { says: ['thank you goodbye'] }) };
}
