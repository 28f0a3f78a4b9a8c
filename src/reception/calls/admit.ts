// A stream or a browser knocks: what it shows is checked, seconds are reserved, and the conversation is opened.

import { Channel } from '../../lib/channel.ts';
import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import { newId } from '../../lib/ids.ts';
import type { CallMeter, Metering } from '../../billing/metering/meter.ts';
import type { MeterEnd } from '../../billing/metering/running-lease.ts';
import type { CallControl, CallEnd } from '../../pipeline/types.ts';
import { findClient } from '../../store/clients/clients.ts';
import type { Client } from '../../store/clients/clients.ts';
import { openConversation } from '../../store/conversations/conversations.ts';
import { findOutboundBySid } from '../../store/calls/outbound-calls.ts';
import type { OutboundCall } from '../../store/calls/outbound-calls.ts';
import { idempotent } from '../../store/database/store-error.ts';
import { useStreamToken } from '../../store/calls/stream-tokens.ts';
import type { Sql } from '../../store/database/sql.ts';
import { disclosureVersion } from '../stored-speech/voice-clips.ts';

/** Controls of a call that nobody has read yet. */
const CONTROLS_MAX = 16;

export interface KnockingStream {
  /** Of the socket's path. */
  readonly clientId: string;
  readonly callSid: string;
  readonly streamSid: string;
  readonly token: string;
}

/** A call that has been let in: seconds run. */
export interface AdmittedCall {
  readonly callId: string;
  readonly callSid: string;
  readonly client: Client;
  /** E.164, from the token and so from the carrier. */
  readonly callerPhone: string | undefined;
  readonly contactName: string;
  /** Where we are the ones who call. */
  readonly outbound: OutboundCall | undefined;
  /** Turns stored already: more than 0 when the call comes back on a new stream. */
  readonly turns: number;
  readonly meter: CallMeter;
  readonly control: Channel<CallControl>;
}

export interface AdmitParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly metering: Metering;
  readonly owner: string;
}

export type Admittance =
  | { readonly admitted: true; readonly call: AdmittedCall }
  | { readonly admitted: false; readonly reason: string };

const endOf: Readonly<Record<MeterEnd, CallEnd>> = {
  credit: 'credit',
  'max-duration': 'max-duration',
  database: 'failed',
  superseded: 'superseded',
};

/** Lets the stream in, or says why not. Throws `unavailable` when the database does not answer. */
export async function admit(parts: AdmitParts, stream: KnockingStream): Promise<Admittance> {
  const { sql } = parts;
  const { clientId, callSid, streamSid, token } = stream;
  // Not repeated when the connection is lost: the token may have been used up.
  const grant = await useStreamToken(sql, token, { clientId, callSid });
  if (!grant) return { admitted: false, reason: 'no valid token' };
  const [client, outbound] = await Promise.all([
    idempotent(() => findClient(sql, clientId)),
    findOutboundBySid(sql, callSid),
  ]);
  if (!client) return { admitted: false, reason: 'no such client' };
  const { callerPhone } = grant;
  const opened = await open(parts, {
    client,
    callSid,
    streamSid,
    callerPhone,
    channel: 'phone',
    outbound,
    ...(outbound && { metadata: { direction: 'outbound', outbound_call_id: outbound.id } }),
  });
  return typeof opened === 'string'
    ? { admitted: false, reason: opened }
    : { admitted: true, call: opened };
}

/**
 * Lets a call from a browser in, by somebody who may make one. Throws `not_found`, `out_of_balance`, `conflict` (the
 * client is switched off), `too_many` or `unavailable`.
 */
export async function admitBrowser(
  parts: AdmitParts,
  { clientId, userId }: { clientId: string; userId: string },
): Promise<AdmittedCall> {
  const { sql, clock } = parts;
  const client = await idempotent(() => findClient(sql, clientId));
  if (!client) throw new AppError('not_found', 'no such client');
  const callSid = `browser-${newId(clock.now())}`;
  const opened = await open(parts, {
    client,
    callSid,
    streamSid: callSid,
    callerPhone: null,
    channel: 'browser',
    metadata: { started_by: userId },
  });
  if (typeof opened !== 'string') return opened;
  const code = refusals[opened] ?? 'conflict';
  throw new AppError(code, `a browser call was not let in: ${opened}`, {
    ...(code === 'conflict' && { publicMessage: 'This client takes no calls now.' }),
  });
}

const refusals: Readonly<Record<string, 'out_of_balance' | 'too_many'>> = {
  no_credit: 'out_of_balance',
  too_many: 'too_many',
};

interface OpeningCall {
  readonly client: Client;
  readonly callSid: string;
  readonly streamSid: string;
  readonly callerPhone: string | null;
  readonly channel: 'phone' | 'browser';
  readonly metadata?: Readonly<Record<string, string>>;
  readonly outbound?: OutboundCall | undefined;
}

/** The call, or the metering's word for why not. */
async function open(parts: AdmitParts, opening: OpeningCall): Promise<AdmittedCall | string> {
  const { sql, clock, metering, owner } = parts;
  const { client, callSid, streamSid, callerPhone, channel, metadata = {}, outbound } = opening;
  const control = new Channel<CallControl>(CONTROLS_MAX);
  const admitted = await metering.admit(
    { clientId: client.id, callSid, streamSid, callSecondsMax: client.callSecondsMax },
    {
      wrapUp: () => control.push({ type: 'wrap-up' }),
      stop: (end) => control.push({ type: 'end', reason: endOf[end] }),
    },
  );
  if (admitted.status !== 'ok') return admitted.status;
  const { meter } = admitted;
  try {
    const conversation = await idempotent(() =>
      openConversation(sql, {
        id: newId(clock.now()),
        clientId: client.id,
        callSid,
        callerPhone,
        disclosureVersion: disclosureVersion(client),
        owner,
        channel,
        metadata,
      }),
    );
    const { id: callId, contactName, turns } = conversation;
    const caller = { callerPhone: callerPhone ?? undefined, contactName };
    return { callId, callSid, client, ...caller, turns, meter, control, outbound };
  } catch (error) {
    await meter.settle(0, 'error');
    throw error;
  }
}
