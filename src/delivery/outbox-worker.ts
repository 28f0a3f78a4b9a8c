// Sends what waits in the outbox, in any number of processes: each thing is tried until it is delivered or given up.

import type { Clock } from '../lib/clock.ts';
import { AppError } from '../lib/errors.ts';
import type { GuardedFetch } from '../lib/guarded-fetch.ts';
import type { Log } from '../lib/log.ts';
import type { Sealer } from '../lib/sealing.ts';
import { notifyOwner } from '../store/clients/notices.ts';
import { settlePosting, takeDue, unknownSids } from '../store/service/outbox.ts';
import type { Posting, PostingResult } from '../store/service/outbox.ts';
import { findSmsRoute, optOut } from '../store/calls/sms-opt-outs.ts';
import type { SmsRoute } from '../store/calls/sms-opt-outs.ts';
import type { Sql, Transaction } from '../store/database/sql.ts';
import { isLost, outlasting, storeError } from '../store/database/store-error.ts';
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

/** Nor all callers of a business together; each of them costs, and nobody is charged for them. */
const SMS_A_CLIENT_DAY_MAX = 500;
/** The carrier lists what it has taken within this; before, that it is not there says nothing. */
const LISTED_AFTER_MS = 30_000;
/** The carrier's clock and the database's may differ by so much. */
const CLOCKS_APART_MS = 60_000;

/** A text message that the carrier took, or why it did not. */
type SmsAnswer =
  | { readonly status: 'sent'; readonly sid: string }
  | {
      readonly status: 'refused';
      readonly reason: 'opted-out' | 'never' | 'later';
      readonly why: string;
      /** No answer came: it may have been taken. */
      readonly unanswered?: boolean;
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
  /** What the carrier has taken last between the two, newest first. Rejects with `vendor_failed`. */
  listSms(between: {
    from: string;
    to: string;
  }): Promise<readonly { sid: string; body: string; createdAt: Date }[]>;
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
    const guarded = async (sentence: string, act: () => Promise<unknown>) => {
      try {
        await act();
      } catch (error) {
        log.warn(sentence, { error });
        waitMs = AWAY_MS;
      }
    };
    // A change that cannot be told keeps nothing else from being sent.
    await guarded('changes of appointments cannot be told', () =>
      tellBookingChanges(parts, parts.invitationUrl),
    );
    await guarded('the outbox cannot be read', async () => {
      if ((await deliverDue(parts, signal)) === TAKEN_MAX) waitMs = 0;
    });
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
    const result = await attemptOf(parts, posting);
    await outlasting(clock, SETTLE_MS_MAX, () => settle(parts, posting, result), signal);
    log.info('delivery attempted', { ...fields, state: result.state });
  } catch (error) {
    // It is taken again when the lease is over.
    log.warn('a delivery could not be settled', { ...fields, error });
  }
}

/** What fails on our side for a reason of its own is tried as often as what others refuse, and then the owner is told. */
async function attemptOf(parts: OutboxParts, posting: Posting): Promise<PostingResult> {
  try {
    return await (posting.kind === 'sms' ? text(parts, posting) : post(parts, posting));
  } catch (error) {
    if (isLost(storeError(error))) throw error;
    const { id: deliveryId, kind, attempt } = posting;
    parts.log.error('a delivery could not be attempted', { deliveryId, kind, error });
    const waits = kind === 'sms' ? smsWaits : webhookWaits;
    const uncertain = posting.kind === 'sms' && posting.askedAt !== null;
    return later(waits, attempt, 'Something went wrong on our side.', uncertain);
  }
}

async function settle(parts: OutboxParts, posting: Posting, result: PostingResult): Promise<void> {
  const { id, clientId, kind, event } = posting;
  await parts.sql.begin(async (tx) => {
    await settlePosting(tx, posting, result);
    if (result.state !== 'failed') return;
    if (result.uncertain) return notifyUncertain(tx, parts, posting);
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

async function notifyUncertain(
  tx: Transaction,
  { clock }: OutboxParts,
  { id, clientId, event }: Posting,
): Promise<void> {
  await notifyOwner(tx, {
    clientId,
    kind: 'sms_uncertain',
    severity: 'warning',
    text: `It is not certain whether a text message (${event}) was sent: the carrier gave no answer, and none when it was asked for it. Ask who was to get it, or send it again under Deliveries: it is looked for once more before.`,
    dedupeKey: `sms_uncertain:${new Date(clock.now()).toISOString().slice(0, 10)}`,
    data: { delivery_id: id },
  });
}

async function text(
  parts: OutboxParts,
  posting: Extract<Posting, { kind: 'sms' }>,
): Promise<PostingResult> {
  const { sql } = parts;
  const { clientId, recipient, body, attempt, askedAt } = posting;
  const route = await findSmsRoute(sql, clientId, recipient);
  const { sender } = route;
  if (sender === null)
    return { state: 'dropped', error: 'This client has no number to send from.' };
  const sms = { from: sender, to: recipient, body };
  if (askedAt !== null) {
    // Before anything else: what has gone out has gone out.
    const taken = await findTaken(parts, sms, askedAt);
    if (typeof taken === 'object') return { state: 'delivered', carrierSid: taken.sid };
    if (taken === 'unknown') return later(smsWaits, attempt, UNCERTAIN, true);
  }
  const obstacle = obstacleOf(route, parts.mayText(recipient, { ...route, ownNumber: sender }));
  if (obstacle !== undefined) return { state: 'dropped', error: obstacle };
  const answer = await parts.sendSms(sms);
  if (answer.status === 'sent') return { state: 'delivered', carrierSid: answer.sid };
  if (answer.reason === 'opted-out') {
    await optOut(sql, sender, recipient);
    return { state: 'dropped', error: answer.why };
  }
  if (answer.reason === 'never') return { state: 'failed', error: answer.why };
  return later(smsWaits, attempt, answer.why, answer.unanswered);
}

const UNCERTAIN = 'It is not certain whether it was sent: the carrier does not answer.';

/** Whether the carrier has taken a text that it was asked to send since `askedAt`; `unknown` where it cannot be asked, or not yet. */
async function findTaken(
  parts: OutboxParts,
  { from, to, body }: { from: string; to: string; body: string },
  askedAt: Date,
): Promise<{ readonly sid: string } | 'none' | 'unknown'> {
  const { sql, clock, log } = parts;
  let listed: Awaited<ReturnType<OutboxParts['listSms']>>;
  try {
    listed = await parts.listSms({ from, to });
  } catch (error) {
    log.warn('the carrier cannot be asked what it has sent', { error });
    return 'unknown';
  }
  const since = askedAt.getTime() - CLOCKS_APART_MS;
  // The carrier trims, and trial accounts put words of its own in front.
  const same = listed.filter(
    (each) => each.createdAt.getTime() >= since && each.body.trim().endsWith(body.trim()),
  );
  const free = await unknownSids(
    sql,
    same.map(({ sid }) => sid),
  );
  const taken = same.findLast(({ sid }) => free.has(sid));
  if (taken) return taken;
  return clock.now() - askedAt.getTime() < LISTED_AFTER_MS ? 'unknown' : 'none';
}

function obstacleOf(
  { optedOut, sentToday, sentByClient }: SmsRoute,
  allowed: boolean,
): string | undefined {
  if (optedOut) return 'The number has opted out.';
  if (!allowed) return 'This number is not within the countries that are allowed.';
  if (sentToday >= SMS_A_DAY_MAX) return 'This number has had too many text messages today.';
  if (sentByClient >= SMS_A_CLIENT_DAY_MAX)
    return `This client has sent ${SMS_A_CLIENT_DAY_MAX} text messages today: that is all.`;
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

function later(
  waits: readonly number[],
  attempt: number,
  error: string,
  uncertain = false,
): PostingResult {
  const waitSeconds = waits[attempt - 1];
  if (waitSeconds === undefined) return { state: 'failed', error, uncertain };
  return { state: 'waiting', error, waitSeconds, uncertain };
}
