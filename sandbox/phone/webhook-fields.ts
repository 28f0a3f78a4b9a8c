// The form fields of the carrier's requests about a call.

export interface CallFields {
  readonly callSid: string;
  readonly accountSid: string;
  readonly from: string;
  readonly to: string;
  readonly status: string;
  readonly inbound: boolean;
}

const place = { City: 'OAKLAND', State: 'CA', Zip: '94612', Country: 'US' };

/** What Twilio sends with every voice request, geography included. */
export function callFields(call: CallFields): Record<string, string> {
  const { callSid, accountSid, from, to, status, inbound } = call;
  const fields: Record<string, string> = {
    AccountSid: accountSid,
    ApiVersion: '2010-04-01',
    CallSid: callSid,
    CallStatus: status,
    Direction: inbound ? 'inbound' : 'outbound-api',
    From: from,
    Caller: from,
    To: to,
    Called: to,
  };
  for (const party of ['From', 'Caller', 'To', 'Called']) {
    for (const [name, value] of Object.entries(place)) fields[party + name] = value;
  }
  return fields;
}

/** `Mon, 01 Mar 2027 15:00:00 +0000`, as in callbacks and REST answers. */
export function rfc2822(nowMs: number): string {
  return new Date(nowMs).toUTCString().replace('GMT', '+0000');
}
