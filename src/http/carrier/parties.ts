// Who is who in the carrier's forms: where we are the ones who call, From is our own number.

import { parsePhoneNumber } from '../../telephony/phone-number.ts';

export interface Parties {
  /** The other end, E.164; undefined when withheld or strange. */
  readonly other: string | undefined;
  /** The client's number. */
  readonly ours: string | undefined;
  /** Whether we are the ones who call. */
  readonly outbound: boolean;
}

export function partiesOf(form: Readonly<Record<string, unknown>>): Parties {
  const from = parsePhoneNumber(form['From']);
  const to = parsePhoneNumber(form['To']);
  const { Direction: direction } = form;
  const outbound = typeof direction === 'string' && direction.startsWith('outbound');
  return outbound ? { other: to, ours: from, outbound } : { other: from, ours: to, outbound };
}
