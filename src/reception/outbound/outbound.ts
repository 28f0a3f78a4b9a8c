// Calls that a business makes: only to people who may be called, at hours when people may, for as long as there is credit.

import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import { newId } from '../../lib/ids.ts';
import type { Log } from '../../lib/log.ts';
import {
  CALLS_A_DAY_MAX,
  findCallPermission,
  insertOutboundCall,
  updateOutboundCall,
} from '../../store/calls/outbound-calls.ts';
import type {
  CallPermission,
  NewOutboundCall,
  OutboundCall,
} from '../../store/calls/outbound-calls.ts';
import type { Sql } from '../../store/database/sql.ts';
import { outlasting } from '../../store/database/store-error.ts';

/** Whoever asked for a call waits so long for a database that went away while it was placed. */
const STORE_MS_MAX = 5000;

/** What the carrier is asked for. */
export interface PlacedCall {
  readonly outboundId: string;
  /** E.164 */
  readonly from: string;
  readonly to: string;
  /** The carrier itself ends the call then. */
  readonly secondsMax: number;
}

export interface OutboundParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  /** With less free credit nobody is called. */
  readonly startSecondsMin: number;
  mayDial(
    to: string,
    rules: { ownNumber: string | null; allowedCountries: readonly string[] },
  ): boolean;
  /** Whether this process takes no more calls. */
  full(): boolean;
  /** The carrier's name for the call. Rejects with `vendor_failed`. */
  place(call: PlacedCall): Promise<string>;
}

/**
 * Has the carrier call somebody. Throws `not_found`, `conflict` (switched off, no number, quiet hours, too often, no line), `forbidden` (no
 * consent, or not to be dialled), `out_of_balance`, `unavailable` or `vendor_failed`.
 */
export async function placeOutboundCall(
  parts: OutboundParts,
  request: Omit<NewOutboundCall, 'id'>,
): Promise<OutboundCall> {
  const { sql, clock, log } = parts;
  const { clientId, phoneNumber } = request;
  const permission = await findCallPermission(sql, clientId, phoneNumber);
  if (!permission) throw new AppError('not_found', 'no such client');
  const from = refuse(parts, permission, phoneNumber);
  const id = newId(clock.now());
  switch (await insertOutboundCall(sql, { ...request, id }, parts)) {
    case 'number':
      throw tooOften();
    case 'lines':
      throw conflict('All lines of this client are taken.');
    case 'credit':
      throw noCredit();
    case 'ok':
  }
  const secondsMax = Math.min(permission.callSecondsMax, permission.freeSeconds);
  const callSid = await parts
    .place({ outboundId: id, from, to: phoneNumber, secondsMax })
    .catch(async (error: unknown) => {
      log.warn('a call could not be placed', { outboundId: id, clientId, error });
      await updateOutboundCall(sql, id, { state: 'failed' });
      throw error;
    });
  const placed = { state: 'ringing', callSid } as const;
  try {
    const call = await outlasting(clock, STORE_MS_MAX, () => updateOutboundCall(sql, id, placed));
    if (call) return call;
  } catch (error) {
    // It rings: whoever is told that it does not would have it placed a second time. The carrier tells what comes of it.
    log.warn('a call that was placed is not stored as such', { outboundId: id, clientId, error });
  }
  return { ...asAsked(request), ...placed, id, createdAt: new Date(clock.now()) };
}

function asAsked({
  createdBy: _createdBy,
  ...asked
}: Omit<NewOutboundCall, 'id'>): Omit<OutboundCall, 'id' | 'state' | 'callSid' | 'createdAt'> {
  const nothingYet = { conversationId: null, outcome: null, durationSeconds: null, endedAt: null };
  return { ...asked, answeredBy: 'unknown', ...nothingYet };
}

/** The number to call from, or the reason why nobody is called; what calls take from each other is looked at under their lock. */
function refuse(parts: OutboundParts, permission: CallPermission, phoneNumber: string): string {
  const { ownNumber, enabled, isActive, consent } = permission;
  if (!enabled) throw conflict('Calls to people are switched off for this client.');
  if (!isActive) throw conflict('This client is switched off.');
  if (ownNumber === null) throw conflict('This client has no number to call from.');
  if (!parts.mayDial(phoneNumber, permission)) {
    throw forbidden('This number may not be dialled: see allowed_countries of the line settings.');
  }
  if (consent === 'refused') throw forbidden('This person does not want to be called.');
  if (consent === 'none') {
    throw forbidden(
      'There is no consent: they have not called within 90 days, and none is written down.',
    );
  }
  const { from, until, zone } = permission;
  const now = timeOfDay(parts.clock.now(), zone);
  if (now < from || now >= until) {
    throw conflict(`These are quiet hours: people are called from ${from} to ${until}, ${zone}.`);
  }
  if (parts.full()) throw new AppError('unavailable', 'this process takes no more calls');
  return ownNumber;
}

function timeOfDay(nowMs: number, zone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
  }).format(nowMs);
}

function conflict(publicMessage: string): AppError {
  return new AppError('conflict', 'nobody is called', { publicMessage });
}

function forbidden(publicMessage: string): AppError {
  return new AppError('forbidden', 'nobody is called', { publicMessage });
}

function noCredit(): AppError {
  return new AppError('out_of_balance', 'no credit for an outbound call');
}

function tooOften(): AppError {
  return conflict(`This number was called ${CALLS_A_DAY_MAX} times within a day.`);
}
