// What the line needs to dial people: who may be dialled at all, where the carrier asks about them, and what machines are told.

import { runOutbox } from '../../delivery/outbox-worker.ts';
import type { OutboxParts } from '../../delivery/outbox-worker.ts';
import { fallbackStatusUrl } from '../../http/carrier/connect-answer.ts';
import type { TransferTarget } from '../../pipeline/types.ts';
import { refuseToDial } from '../../telephony/dial-policy.ts';
import type { Carrier, NewCall } from '../../telephony/twilio-rest.ts';
import { sayTwiml } from '../../telephony/twiml.ts';
import type { TransferOptions } from '../../telephony/twiml.ts';
import { toError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { ActiveCalls } from '../../reception/calls/active-calls.ts';
import type { PlacedCall } from '../../reception/outbound/outbound.ts';
import { voicemailText } from '../../reception/outbound/outbound-texts.ts';
import type { LiveEvents } from '../../reception/records/live-events.ts';
import { findClient } from '../../store/clients/clients.ts';
import type { OutboundCall } from '../../store/calls/outbound-calls.ts';
import { isOwned } from '../../store/conversations/conversations.ts';
import type { Sql } from '../../store/database/sql.ts';

/** Before a mailbox answers most numbers. */
const RING_SECONDS = 30;

/** Deny list and countries: for whoever is dialled or texted. */
export function mayDial(to: string, rules: Parameters<typeof refuseToDial>[1]): boolean {
  return refuseToDial(to, rules) === undefined;
}

/** For `transferTwiml`: where the carrier asks what the called person is to hear, and how it went. */
export function transferOf(publicUrl: string, target: TransferTarget): TransferOptions {
  const { phoneNumber, transferId, announced } = target;
  const actionUrl = `${publicUrl}/voice/after-transfer`;
  if (transferId === undefined) {
    return { phoneNumber, actionUrl, statusUrl: fallbackStatusUrl(publicUrl), fromTheStart: true };
  }
  const query = `?transfer=${transferId}`;
  return {
    phoneNumber,
    actionUrl: actionUrl + query,
    // A warm transfer is decided by the person's key, a cold one by their answering.
    ...(announced
      ? { announceUrl: `${publicUrl}/voice/transfer/announce${query}` }
      : { statusUrl: `${publicUrl}/voice/transfer/status${query}` }),
  };
}

/** For the carrier's `placeCall`: where it asks and tells. */
export function newCallOf(publicUrl: string, call: PlacedCall): NewCall {
  const { outboundId, from, to, secondsMax } = call;
  const query = `?call=${outboundId}`;
  return {
    from,
    to,
    secondsMax,
    ringSeconds: RING_SECONDS,
    url: `${publicUrl}/voice/outbound${query}`,
    statusUrl: `${publicUrl}/voice/outbound-status${query}`,
    machineUrl: `${publicUrl}/voice/outbound-amd${query}`,
  };
}

/** A machine has answered: the process that has the call leaves the message; without one the carrier says it. Never rejects. */
export async function tellMachine(
  parts: { sql: Sql; log: Log; activeCalls: ActiveCalls; live: LiveEvents; carrier: Carrier },
  outbound: OutboundCall,
  { tone }: { readonly tone: boolean },
): Promise<void> {
  const { sql, log, activeCalls, live, carrier } = parts;
  const { callSid, clientId, conversationId, answeredBy, text } = outbound;
  try {
    const client = await findClient(sql, clientId);
    if (!client || callSid === null) return;
    const { name: businessName, phoneNumber: ownNumber, language, disclosure } = client;
    const calling = {
      businessName,
      ownNumber,
      language,
      disclosure,
      text,
      voicemailText: outbound.voicemailText,
    };
    const message = answeredBy === 'fax' ? '' : voicemailText(calling);
    const machine = { type: 'machine', message, tone } as const;
    const call = activeCalls.findBySid(callSid);
    if (call) call.control.push(machine);
    else if (conversationId !== null && (await isOwned(sql, conversationId))) {
      live.machine(conversationId, machine);
    } else if (message === '') await carrier.complete(callSid);
    else await carrier.update(callSid, sayTwiml(message, language));
  } catch (error) {
    log.error('a machine was told nothing', { outboundId: outbound.id, error: toError(error) });
  }
}

/** Sends what waits, by this carrier and to these addresses, until the signal aborts. */
export function keepOutbox(
  parts: Omit<OutboxParts, 'sendSms' | 'listSms' | 'mayText'> & { readonly carrier: Carrier },
  signal: AbortSignal,
): Promise<void> {
  const { carrier } = parts;
  return runOutbox(
    {
      ...parts,
      sendSms: (sms) => carrier.sendSms(sms),
      listSms: (between) => carrier.listSms(between),
      mayText: mayDial,
    },
    signal,
  );
}
