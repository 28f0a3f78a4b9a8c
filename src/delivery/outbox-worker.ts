// Sends what waits in the outbox, in any number of processes: each thing is tried until it is delivered or given up.

import type { Clock } from '../lib/clock.ts';
import { AppError } from '../lib/errors.ts';
import type { GuardedFetch } from '../lib/guarded-fetch.ts';
import type { Log } from '../lib/log.ts';
import type { Sealer } from '../lib/sealing.ts';
import { notifyOwner } from '../store/clients/notices.ts';
import { settlePosting, takeDue } from '../store/service/outbox.ts';
import type { Posting, PostingResult } from '../store/service/outbox.ts';
import { findSmsRoute, optOut } from '../store/calls/sms-opt-outs.ts';
import type { SmsRoute } from '../store/calls/sms-opt-outs.ts';
import type { Sql } from '../store/database/sql.ts';
import { outlasting } from '../store/database/store-error.ts';
import { findWebhook } from '../store/clients/webhook-endpoints.ts';
import { tellBookingChanges } from './tell.ts';
import { SIGNATURE_HEADER, signWebhook } from './webhook-signature.ts';

/** Sent at once by one process; each takes some 5 s at most. */
const TAKEN_MAX = 10;
/** How it went is written down within the lease, or it is sent again: nobody wants the same text twice because our database was away. */
const SETTLE_MS_MAX = 45_000;
/** Between two looks when nothing was due. */
const LOOK_MS = 1000;
/** Between two looks while the database is away. */
const AWAY_MS = 5000;
/** Seconds before the second, third … attempt; after the last one it is given up. */
const webhookWaits = [10, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800];
const smsWaits = [5, 15, 60, 300, 900];
/** Nobody wants more texts of one business in a day; somebody who makes us send them might. */
const SMS_A_DAY_MAX = 20;

/** A text message that the carrier took, or why it did not. */
type SmsAnswer =
  | { readonly status: 'sent'; readonly sid: string }
  | {
      readonly status: 'refused';
      readonly reason: 'opted-out' | 'never' | 'later';
      readonly why: string;
    };

export interface OutboxParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  readonly fetch: GuardedFetch;
  readonly sealer: Sealer;
  /** Where callers can have an appointment for their own calendar. */
  readonly invitationUrl?: (bookingId: string) => string;
  /** Never rejects. */
  sendSms(sms: { from: string; to: string; body: string }): Promise<SmsAnswer>;
  /** Whether the line may reach this number from this one. */
  mayText(
    to: string,
    route: { ownNumber: string | null; allowedCountries: readonly string[] },
  ): boolean;
}

/** Until the signal aborts; then resolves when what is being sent is sent. */
export async function runOutbox(parts: OutboxParts, signal: AbortSignal): Promise<void> {
  const { clock, log } = parts;
  while (!signal.aborted) {
    let waitMs = LOOK_MS;
    try {
      await tellBookingChanges(parts.sql, parts.invitationUrl);
      if ((await deliverDue(parts, signal)) === TAKEN_MAX) waitMs = 0;
    } catch (error) {
      log.warn('the outbox cannot be read', { error });
      waitMs = AWAY_MS;
    }
    await clock.sleep(waitMs, signal).catch(() => {});
  }
}

/** Sends what is due now, at most ten of them; how many they were. `signal`: a database that is away is waited for no longer. */
export async function deliverDue(parts: OutboxParts, signal?: AbortSignal): Promise<number> {
  const due = await takeDue(parts.sql, TAKEN_MAX);
  await Promise.all(due.map((posting) => deliver(parts, posting, signal)));
  return due.length;
}

async function deliver(
  parts: OutboxParts,
  posting: Posting,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { clock, log } = parts;
  const { id, kind, event, attempt, clientId } = posting;
  const fields = { deliveryId: id, kind, event, attempt, clientId };
  try {
    const result = await (posting.kind === 'sms' ? text(parts, posting) : post(parts, posting));
    await outlasting(clock, SETTLE_MS_MAX, () => settle(parts, posting, result), signal);
    log.info('delivery attempted', { ...fields, state: result.state });
  } catch (error) {
    // It is taken again when the lease is over.
    log.warn('a delivery could not be settled', { ...fields, error });
  }
}

async function settle(parts: OutboxParts, posting: Posting, result: PostingResult): Promise<void> {
  const { id, clientId, kind, event } = posting;
  await parts.sql.begin(async (tx) => {
    await settlePosting(tx, posting, result);
    if (result.state !== 'failed') return;
    const what = kind === 'sms' ? 'A text message' : 'A webhook';
    await notifyOwner(tx, {
      clientId,
      kind: kind === 'sms' ? 'sms_failed' : 'webhook_failed',
      severity: 'warning',
      text: `${what} (${event}) could not be delivered: ${result.error}`,
      // One notice a day: a receiver that is down fails for everything.
      dedupeKey: `${kind}_failed:${new Date(parts.clock.now()).toISOString().slice(0, 10)}`,
      data: { delivery_id: id },
    });
  });
}

async function text(
  parts: OutboxParts,
  posting: Extract<Posting, { kind: 'sms' }>,
): Promise<PostingResult> {
  const { sql } = parts;
  const { clientId, recipient, body, attempt } = posting;
  const route = await findSmsRoute(sql, clientId, recipient);
  const { sender } = route;
  if (sender === null)
    return { state: 'dropped', error: 'This client has no number to send from.' };
  const obstacle = obstacleOf(route, parts.mayText(recipient, { ...route, ownNumber: sender }));
  if (obstacle !== undefined) return { state: 'dropped', error: obstacle };
  const answer = await parts.sendSms({ from: sender, to: recipient, body });
  if (answer.status === 'sent') return { state: 'delivered', carrierSid: answer.sid };
  if (answer.reason === 'opted-out') {
    await optOut(sql, sender, recipient);
    return { state: 'dropped', error: answer.why };
  }
  if (answer.reason === 'never') return { state: 'failed', error: answer.why };
  return later(smsWaits, attempt, answer.why);
}

function obstacleOf({ optedOut, sentToday }: SmsRoute, allowed: boolean): string | undefined {
  if (optedOut) return 'The number has opted out.';
  if (!allowed) return 'This number is not within the countries that are allowed.';
  if (sentToday >= SMS_A_DAY_MAX) return 'This number has had too many text messages today.';
  return undefined;
}

async function post(
  { sql, clock, fetch, sealer }: OutboxParts,
  posting: Extract<Posting, { kind: 'webhook' }>,
): Promise<PostingResult> {
  const { id, clientId, event, payload, attempt, createdAt } = posting;
  const endpoint = await findWebhook(sql, clientId);
  if (!endpoint?.isActive) return { state: 'dropped', error: 'The webhook was switched off.' };
  const { secretSealed, previousSealed } = endpoint;
  const secrets = [secretSealed, previousSealed].flatMap((sealed) =>
    sealed === null ? [] : [sealer.open(sealed, clientId)],
  );
  const targetHost = new URL(endpoint.url).host;
  const body = JSON.stringify({
    id,
    event,
    created_at: createdAt.toISOString(),
    client_id: clientId,
    data: payload,
  });
  try {
    const { status } = await fetch(endpoint.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Frontdesk',
        [SIGNATURE_HEADER]: signWebhook(secrets, body, Math.floor(clock.now() / 1000)),
      },
      body,
    });
    if (status >= 200 && status < 300) return { state: 'delivered', targetHost };
    const said = `The receiver answered with status ${status}.`;
    return { ...later(webhookWaits, attempt, said), targetHost };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'invalid')
      return { state: 'failed', error: error.publicMessage, targetHost };
    if (error.code === 'too_large')
      return { state: 'failed', error: 'It is too large to be sent.', targetHost };
    const said = 'The receiver did not answer in time or could not be reached.';
    return { ...later(webhookWaits, attempt, said), targetHost };
  }
}

function later(waits: readonly number[], attempt: number, error: string): PostingResult {
  const waitSeconds = waits[attempt - 1];
  if (waitSeconds === undefined) return { state: 'failed', error };
  return { state: 'waiting', error, waitSeconds };
}
