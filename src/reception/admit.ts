// A stream knocks: its token is used up, seconds are reserved, and the conversation is opened.

import { Channel } from '../lib/channel.ts';
import type { Clock } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import type { CallMeter, Metering } from '../billing/meter.ts';
import type { MeterEnd } from '../billing/running-lease.ts';
import type { CallControl, CallEnd } from '../pipeline/types.ts';
import { findClient } from '../store/clients.ts';
import type { Client } from '../store/clients.ts';
import { openConversation } from '../store/conversations.ts';
import { idempotent } from '../store/store-error.ts';
import { useStreamToken } from '../store/stream-tokens.ts';
import type { Sql } from '../store/sql.ts';
import { disclosureVersion } from './voice-clips.ts';

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
  const { sql, clock, metering, owner } = parts;
  const { clientId, callSid, streamSid, token } = stream;
  // Not repeated when the connection is lost: the token may have been used up.
  const grant = await useStreamToken(sql, token, { clientId, callSid });
  if (!grant) return { admitted: false, reason: 'no valid token' };
  const client = await idempotent(() => findClient(sql, clientId));
  if (!client) return { admitted: false, reason: 'no such client' };

  const control = new Channel<CallControl>(CONTROLS_MAX);
  const admitted = await metering.admit(
    { clientId, callSid, streamSid, callSecondsMax: client.callSecondsMax },
    {
      wrapUp: () => control.push({ type: 'wrap-up' }),
      stop: (end) => control.push({ type: 'end', reason: endOf[end] }),
    },
  );
  if (admitted.status !== 'ok') return { admitted: false, reason: admitted.status };
  const { meter } = admitted;
  try {
    const conversation = await idempotent(() =>
      openConversation(sql, {
        id: newId(clock.now()),
        clientId,
        callSid,
        callerPhone: grant.callerPhone,
        disclosureVersion: disclosureVersion(client),
        owner,
      }),
    );
    const { id: callId, contactName, turns } = conversation;
    const callerPhone = grant.callerPhone ?? undefined;
    const call = { callId, callSid, client, callerPhone, contactName, turns, meter, control };
    return { admitted: true, call };
  } catch (error) {
    await meter.settle(0, 'error');
    throw error;
  }
}
