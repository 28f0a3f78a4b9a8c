// Reviews of ended conversations: claimed by one process at a time, finished once, whoever dies in between.

import { changeSettingsRow, namedColumns } from '../database/named-columns.ts';
import type { Change } from '../database/named-columns.ts';
import type { Sql, SqlRunner, Transaction } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

export type ReviewFieldType = 'text' | 'number' | 'boolean';

/** What an owner wants to know of every call. */
export interface ReviewField {
  readonly name: string;
  readonly type: ReviewFieldType;
  readonly description: string;
}

export interface ReviewSettings {
  readonly isEnabled: boolean;
  readonly fields: readonly ReviewField[];
}

/** A review to be made: what the model is asked about, and with whose model. */
export interface DueReview extends ReviewSettings {
  readonly conversationId: string;
  readonly clientId: string;
  /** This one, counted from 1. */
  readonly attempts: number;
  /** Names the claim. A call that comes back is reviewed anew, with no attempts. */
  readonly claim: string;
}

export interface ReviewAnswer {
  readonly summary: string;
  readonly resolved: 'yes' | 'partly' | 'no';
  /** By the names of the owner's fields; null where the call does not say. */
  readonly fields: Readonly<Record<string, string | number | boolean | null>>;
  readonly followUp: boolean;
  readonly followUpReason: string;
}

export interface ReviewUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costMicrodollars: number;
}

export interface Review extends Omit<ReviewAnswer, 'resolved'>, ReviewUsage {
  readonly state: 'due' | 'done' | 'skipped' | 'failed';
  readonly resolved: ReviewAnswer['resolved'] | null;
  readonly finishedAt: Date | null;
}

/** The usual: a summary of every call, and nothing more. */
const usual: ReviewSettings = { isEnabled: true, fields: [] };

export async function findReviewSettings(sql: Sql, clientId: string): Promise<ReviewSettings> {
  const [row] = await idempotent(
    () => sql<ReviewSettings[]>`
      SELECT is_enabled AS "isEnabled", fields FROM review_settings WHERE client_id = ${clientId}`,
  );
  return row ?? usual;
}

/** Changes what is given. */
export async function saveReviewSettings(
  sql: Sql,
  clientId: string,
  { isEnabled, fields }: Change<ReviewSettings>,
): Promise<ReviewSettings> {
  const columns = namedColumns({
    isEnabled,
    fields: fields && sql.json(fields.map((field) => ({ ...field }))),
  });
  await changeSettingsRow(sql, 'review_settings', clientId, columns);
  return findReviewSettings(sql, clientId);
}

/**
 * The review that waits longest, for `claimMs`: then another process may begin again. Undefined when none is due. A call
 * that is being put through to a person may come back, and is not judged before somebody has answered or nobody has; nor is
 * one that goes on again.
 */
export async function claimReview(sql: Sql, claimMs: number): Promise<DueReview | undefined> {
  const [row] = await sql<DueReview[]>`
    WITH next AS (
      SELECT conversation_id FROM reviews r JOIN conversations c ON c.id = r.conversation_id AND c.ended_at IS NOT NULL
      WHERE r.state = 'due' AND due_at <= clock_timestamp()
        AND NOT EXISTS (SELECT 1 FROM transfers t WHERE t.call_sid = c.call_sid AND t.state IN ('dialling', 'declined')
          AND t.over_at IS NULL AND t.created_at > clock_timestamp() - interval '150 seconds')
      ORDER BY due_at LIMIT 1 FOR UPDATE OF r SKIP LOCKED
    )
    UPDATE reviews r SET attempts = attempts + 1,
      due_at = clock_timestamp() + make_interval(secs => ${claimMs / 1000}::float8)
    FROM next WHERE r.conversation_id = next.conversation_id
    RETURNING r.conversation_id AS "conversationId", r.client_id AS "clientId", r.attempts,
      r.due_at::text AS claim,
      coalesce((SELECT is_enabled FROM review_settings s WHERE s.client_id = r.client_id), true) AS "isEnabled",
      coalesce((SELECT fields FROM review_settings s WHERE s.client_id = r.client_id), '[]') AS fields`;
  return row;
}

/** Gives a claimed review back, to be tried again after `waitMs`. */
export async function postponeReview(sql: Sql, due: DueReview, waitMs: number): Promise<void> {
  await sql`
    UPDATE reviews SET due_at = clock_timestamp() + make_interval(secs => ${waitMs / 1000}::float8)
    WHERE ${isClaimed(sql, due)}`;
}

/**
 * Finishes a claimed review and raises `flags`. What was to be followed up before, whatever the words are, still is. `tell` runs in the same transaction. False when the claim has run out
 * and another process has taken it, or the call goes on again: then nothing is changed and nobody is told.
 */
export async function finishReview(
  sql: Sql,
  due: DueReview,
  end: {
    readonly state: 'done' | 'skipped' | 'failed';
    readonly answer?: ReviewAnswer | undefined;
    readonly usage: ReviewUsage;
    readonly flags: readonly string[];
  },
  tell: (tx: Transaction) => Promise<void>,
): Promise<boolean> {
  const { answer, usage } = end;
  return sql.begin(async (tx) => {
    const finished = await tx`
      UPDATE reviews SET state = ${end.state}, finished_at = clock_timestamp(),
        summary = ${answer?.summary ?? ''}, resolved = ${answer?.resolved ?? null},
        fields = ${tx.json(answer?.fields ?? {})}, follow_up = follow_up OR ${answer?.followUp ?? false},
        follow_up_reason = coalesce(nullif(${answer?.followUpReason ?? ''}, ''), follow_up_reason),
        input_tokens = input_tokens + ${usage.inputTokens}, output_tokens = output_tokens + ${usage.outputTokens},
        cost_microdollars = cost_microdollars + ${usage.costMicrodollars}
      WHERE ${isClaimed(tx, due)} AND EXISTS (
        SELECT 1 FROM conversations c WHERE c.id = ${due.conversationId} AND c.ended_at IS NOT NULL)
      RETURNING 1`;
    if (finished.length === 0) return false;
    await tx`
      UPDATE conversations SET search = conversation_words(id),
        cost_microdollars = cost_microdollars + ${usage.costMicrodollars},
        flags = flags || ARRAY(SELECT new FROM unnest(${[...end.flags]}::text[]) new WHERE NOT new = ANY (flags))
      WHERE id = ${due.conversationId}`;
    await tell(tx);
    return true;
  });
}

function isClaimed(sql: SqlRunner, { conversationId, claim }: DueReview) {
  return sql`conversation_id = ${conversationId} AND state = 'due' AND due_at = ${claim}::text::timestamptz`;
}

/** The reviews of these conversations, by their ids: one query for a whole page. */
export async function listReviews(
  sql: Sql | Transaction,
  ids: readonly string[],
): Promise<Map<string, Review>> {
  if (ids.length === 0) return new Map();
  const rows = await sql<(Review & { conversationId: string })[]>`
    SELECT conversation_id AS "conversationId", state, summary, resolved, fields, follow_up AS "followUp",
      follow_up_reason AS "followUpReason", input_tokens AS "inputTokens", output_tokens AS "outputTokens",
      cost_microdollars AS "costMicrodollars", finished_at AS "finishedAt"
    FROM reviews WHERE conversation_id = ANY (${[...ids]}::uuid[])`;
  return new Map(rows.map(({ conversationId, ...review }) => [conversationId, review]));
}

/** Whether somebody still has to do something about the call: the owner's word after the model's. */
export async function setFollowUp(
  sql: Sql,
  conversationId: string,
  needed: boolean,
): Promise<boolean> {
  const rows = await idempotent(
    () => sql`
      UPDATE reviews SET follow_up = ${needed} WHERE conversation_id = ${conversationId} RETURNING 1`,
  );
  return rows.length > 0;
}
