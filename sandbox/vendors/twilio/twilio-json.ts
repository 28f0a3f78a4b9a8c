// Twilio's JSON for calls, messages and errors.

import type { Call } from '../../phone/call.ts';
import { rfc2822 } from '../../phone/webhook-fields.ts';

export interface StoredMessage {
  readonly sid: string;
  readonly accountSid: string;
  readonly from: string;
  readonly to: string;
  readonly body: string;
  /** Wall time. */
  readonly createdAt: number;
}

const VERSION = '2010-04-01';

/** A call as `GET Calls/{sid}.json` shows it. */
export function callJson(call: Call, accountSid: string): object {
  const { sid, options, status, startedAt, durationMs, over } = call;
  const inbound = options.direction !== 'outbound-api';
  return {
    account_sid: accountSid,
    annotation: null,
    answered_by: null,
    api_version: VERSION,
    caller_name: null,
    date_created: rfc2822(startedAt),
    date_updated: rfc2822(startedAt + durationMs),
    direction: inbound ? 'inbound' : 'outbound-api',
    duration: over ? String(Math.ceil(durationMs / 1000)) : null,
    end_time: over ? rfc2822(startedAt + durationMs) : null,
    forwarded_from: null,
    from: options.from,
    from_formatted: options.from,
    group_sid: null,
    parent_call_sid: null,
    phone_number_sid: null,
    price: null,
    price_unit: 'USD',
    queue_time: '0',
    sid,
    start_time: rfc2822(startedAt),
    status,
    subresource_uris: {},
    to: options.to,
    to_formatted: options.to,
    trunk_sid: null,
    uri: `/${VERSION}/Accounts/${accountSid}/Calls/${sid}.json`,
  };
}

/** A message as `POST Messages.json` shows it. */
export function messageJson(message: StoredMessage): object {
  const { sid, accountSid, from, to, body, createdAt } = message;
  return {
    account_sid: accountSid,
    api_version: VERSION,
    body,
    date_created: rfc2822(createdAt),
    date_sent: null,
    date_updated: rfc2822(createdAt),
    direction: 'outbound-api',
    error_code: null,
    error_message: null,
    from,
    messaging_service_sid: null,
    num_media: '0',
    num_segments: '1',
    price: null,
    price_unit: 'USD',
    sid,
    status: 'queued',
    subresource_uris: {},
    to,
    uri: `/${VERSION}/Accounts/${accountSid}/Messages/${sid}.json`,
  };
}

type Answer = readonly [status: number, body: object];

function error(status: number, code: number, message: string): Answer {
  const more_info = `https://www.twilio.com/docs/errors/${code}`;
  return [status, { code, message, more_info, status }];
}

export const twilioErrors = {
  unauthorized: error(401, 20_003, 'Authenticate'),
  notInProgress: error(400, 21_220, 'Call is not in-progress. Cannot redirect.'),
  notFound: (what: string) => error(404, 20_404, `The requested resource ${what} was not found`),
  other: error,
};
