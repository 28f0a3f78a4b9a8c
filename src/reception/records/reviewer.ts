// Makes the reviews of calls that are over: by any process, a few at a time, tried again, and told to the owner once.

import { Scope } from '../../lib/abort.ts';
import type { Clock } from '../../lib/clock.ts';
import { AppError, toError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { findClient } from '../../store/clients/clients.ts';
import type { Client } from '../../store/clients/clients.ts';
import {
  findBilledSeconds,
  findConversation,
  listDone,
  listSaid,
} from '../../store/conversations/conversation-list.ts';
import type { Said } from '../../store/conversations/conversation-list.ts';
import {
  claimReview,
  finishReview,
  listReviews,
  postponeReview,
} from '../../store/conversations/reviews.ts';
import type { DueReview, ReviewUsage } from '../../store/conversations/reviews.ts';
import { enqueueWebhook } from '../../store/service/outbox.ts';
import type { Sql } from '../../store/database/sql.ts';
import type { VendorDoor } from '../calls/open-vendors.ts';
import { costOfTurn } from './prices.ts';
import { makeReview } from './review.ts';
import { callFields } from './told-calls.ts';
import type { CallRecord, MadeReview } from './review.ts';

/** Reviews at once in one process: the calls come first. */
const REVIEWS_AT_ONCE = 3;
/** A process that has not finished by then is taken to be dead. */
const CLAIM_MS = 120_000;
/** What the model may take, both tries together. */
const REVIEW_MS_MAX = 60_000;
/** After so many tries the owner is told without a review. */
const TRIES_MAX = 5;
/** Wait before the second try; doubles. */
const RETRY_MS = 15_000;
const RETRY_MS_MAX = 600_000;
/** Of a transcript in a webhook, what stands around each utterance included: bodies end at 256 kB, of characters up to 4 bytes. */
const WEBHOOK_CHARACTERS_MAX = 60_000;
/** How often it is looked for reviews of other processes' calls; one's own are told of by `nudge`. */
const LOOK_MS = 10_000;

export interface ReviewerParts {
  /** The pool for everything that no caller waits for. */
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  readonly door: Pick<VendorDoor, 'openThinking'>;
}

export interface Reviewer {
  /** A call of this process has ended: its review is due. */
  nudge(): void;
  /** Resolves when no review is being made any more, after the signal has aborted. */
  readonly over: Promise<void>;
}

/** Runs until the signal aborts; what is under way then is due again later, here or elsewhere. */
export function startReviewer(parts: ReviewerParts, signal: AbortSignal): Reviewer {
  const sleepers = new Set<Scope>();
  const workers = Array.from({ length: REVIEWS_AT_ONCE }, () => work());
  return {
    nudge() {
      for (const sleeper of sleepers) sleeper.abort(new Error('there is something to do'));
    },
    over: Promise.all(workers).then(() => {}),
  };

  async function work(): Promise<void> {
    while (!signal.aborted) {
      const found = await reviewNext(parts, signal).catch((error: unknown) => {
        parts.log.warn('reviews cannot be looked for', { error: toError(error) });
        return false;
      });
      if (!found) await pause();
    }
  }

  /** Until the next look, or a nudge. */
  async function pause(): Promise<void> {
    using sleeper = new Scope(signal);
    sleepers.add(sleeper);
    await parts.clock.sleep(LOOK_MS, sleeper.signal).catch(() => {});
    sleepers.delete(sleeper);
  }
}

/** Makes the review that waits longest; false when none is due. */
export async function reviewNext(parts: ReviewerParts, signal: AbortSignal): Promise<boolean> {
  const due = await claimReview(parts.sql, CLAIM_MS);
  if (!due) return false;
  const log = parts.log.with({ conversationId: due.conversationId, clientId: due.clientId });
  try {
    await review(parts, due, log, signal);
  } catch (error) {
    if (signal.aborted) {
      await postponeReview(parts.sql, due, 0).catch(() => {});
      return true;
    }
    // A model that nobody has set up will not be there in a minute either.
    if (error instanceof AppError && error.code === 'not_configured') {
      await finish(parts, due, 'skipped', undefined);
      return true;
    }
    log.warn('review failed', { attempts: due.attempts, error: toError(error) });
    if (due.attempts >= TRIES_MAX) await finish(parts, due, 'failed', undefined);
    else {
      const waitMs = Math.min(RETRY_MS_MAX, RETRY_MS * 2 ** (due.attempts - 1));
      await postponeReview(parts.sql, due, waitMs);
    }
  }
  return true;
}

async function review(
  parts: ReviewerParts,
  due: DueReview,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const client = await findClient(parts.sql, due.clientId);
  const record = client && due.isEnabled ? await recordOf(parts.sql, due, client) : undefined;
  // Where no caller has said a word there is nothing to sum up, nor where a machine was all that we reached.
  const spoke = record?.said.some(({ who }) => who === 'caller') ?? false;
  if (!client || !record || !spoke || machines.has(record.outcome ?? '')) {
    return finish(parts, due, 'skipped', undefined);
  }
  using scope = new Scope(signal);
  using _timer = parts.clock.after(REVIEW_MS_MAX, () =>
    scope.abort(new Error('the review took too long')),
  );
  using model = await parts.door.openThinking(client, scope.signal);
  const { fields } = due;
  const made = await makeReview(model, { record, fields, language: client.language }, scope.signal);
  await finish(parts, due, 'done', { made, record, client });
  log.info('call reviewed', { ...made.usage, followUp: made.answer.followUp });
}

async function recordOf(
  sql: Sql,
  { conversationId: id }: DueReview,
  client: Client,
): Promise<CallRecord | undefined> {
  const conversation = await findConversation(sql, { ownerId: undefined }, id);
  if (!conversation) return undefined;
  const [said, done] = await Promise.all([listSaid(sql, [id]), listDone(sql, id)]);
  return {
    business: client.name,
    startedAt: conversation.startedAt.toISOString(),
    seconds: Math.round(conversation.durationMs / 1000),
    callerPhone: conversation.callerPhone,
    outcome: conversation.outcome,
    appointments: done.bookings.map(({ name, startsAt, status }) => ({
      name,
      starts: startsAt.toISOString(),
      status,
    })),
    messages: done.messages.map(({ name, phone, text }) => ({ name, phone, text })),
    said: (said.get(id) ?? []).map(({ role, content }) => ({
      who: role === 'user' ? 'caller' : 'receptionist',
      text: content,
    })),
  };
}

interface Finished {
  readonly made: MadeReview;
  readonly record: CallRecord;
  readonly client: Client;
}

const nothing: ReviewUsage = { inputTokens: 0, outputTokens: 0, costMicrodollars: 0 };

/** Stores what has come of the review, and tells the owner of the call, in one transaction. */
async function finish(
  { sql, clock }: ReviewerParts,
  due: DueReview,
  state: 'done' | 'skipped' | 'failed',
  finished: Finished | undefined,
): Promise<void> {
  const { conversationId, clientId } = due;
  const answer = finished?.made.answer;
  const flags = flagsOf(finished);
  const call = await completedCall(sql, conversationId);
  const end = { state, answer, usage: usageOf(finished, clock), flags };
  await finishReview(sql, due, end, async (tx) => {
    if (!call) return;
    const review = (await listReviews(tx, [conversationId])).get(conversationId);
    const data = {
      ...call,
      flags: [...new Set([...call.flags, ...flags])],
      summary: answer?.summary ?? '',
      resolved: answer?.resolved ?? null,
      fields: answer?.fields ?? {},
      follow_up: review?.followUp ?? false,
      follow_up_reason: review?.followUpReason ?? '',
    };
    const dedupeKey = `call.completed:${conversationId}:${call.ended_at}`;
    await enqueueWebhook(tx, { clientId, event: 'call.completed', data, dedupeKey });
  });
}

function usageOf(finished: Finished | undefined, clock: Clock): ReviewUsage {
  if (!finished) return nothing;
  const { inputTokens, outputTokens, model } = finished.made.usage;
  const choice = { ...finished.client, ...(model !== undefined && { llmModel: model }) };
  const used = { inputTokens, outputTokens };
  const cost = costOfTurn({ ...used, characters: 0 }, 0, choice, clock.now());
  return { ...used, costMicrodollars: cost };
}

/** Outcomes of calls to machines. */
const machines = new Set(['left_message', 'machine']);

/** What our books know of as done by a tool, beside what the model makes of the words. */
const deeds = new Set(['booked', 'rescheduled', 'cancelled', 'message', 'transferred']);

/** Somebody should look where the words tell of a deed and the books of none. */
function flagsOf(finished: Finished | undefined): string[] {
  if (!finished || !deeds.has(finished.made.outcome)) return [];
  // Who reached nobody has been told that they are put through.
  const expected = new Set([...deeds, 'missed', 'left_message']);
  return expected.has(finished.record.outcome ?? '') ? [] : ['outcome_differs'];
}

/** What the webhook `call.completed` says, but for the review: all that the owner may see; undefined when the conversation, or its client, has been deleted meanwhile. */
async function completedCall(sql: Sql, id: string) {
  const call = await findConversation(sql, { ownerId: undefined }, id);
  if (!call) return undefined;
  const [said, done, billedSeconds] = await Promise.all([
    listSaid(sql, [id]),
    listDone(sql, id),
    findBilledSeconds(sql, id),
  ]);
  return {
    ...callFields(call),
    ended_at: call.endedAt?.toISOString() ?? null,
    end_reason: call.endReason,
    outcome: call.outcome,
    flags: call.flags,
    duration: Math.round(call.durationMs / 1000),
    billed_seconds: billedSeconds,
    bookings: done.bookings.map(({ startsAt, endsAt, ...booking }) => ({
      ...booking,
      starts_at: startsAt.toISOString(),
      ends_at: endsAt.toISOString(),
    })),
    messages: [...done.messages],
    ...transcriptOf(said.get(id) ?? []),
  };
}

/** As much of it as fits into a webhook; the rest is there to be asked for. */
function transcriptOf(said: readonly Said[]) {
  let left = WEBHOOK_CHARACTERS_MAX;
  const whole = said.map(({ turnNumber, at, ...each }) => ({
    ...each,
    turn: turnNumber,
    timestamp: at.toISOString(),
  }));
  const transcript = whole.filter(({ content }) => (left -= content.length + 150) > 0);
  return { transcript, transcript_complete: transcript.length === whole.length };
}
