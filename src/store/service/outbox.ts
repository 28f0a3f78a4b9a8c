// What waits to be sent: written with what it tells of, leased by one process at a time, tried until it is delivered or given up.

import { COUNTED_MAX, keyText, toPage } from '../database/keyset.ts';
import type { Page, PageQuery } from '../database/keyset.ts';
import type { Sql, SqlRunner } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

export interface NewSms {
  readonly clientId: string;
  /** E.164 */
  readonly to: string;
  /** At most 1600 characters. */
  readonly body: string;
  /** The same key is sent once for each client. */
  readonly dedupeKey: string;
  /** What it is about, for the owner's list, such as `booking.confirmed`; `message` by default. */
  readonly event?: string;
  readonly notBefore?: Date;
}

/**
 * A text message from the client's number, once the transaction of `sql` has committed. Nothing is sent to a number that
 * has opted out, nor where the line may not reach. False when the key was used before.
 */
export async function enqueueSms(sql: SqlRunner, sms: NewSms): Promise<boolean> {
  const { clientId, to, body, dedupeKey, event = 'message', notBefore = null } = sms;
  const rows = await sql`
    INSERT INTO outbox (client_id, kind, recipient, event, body, dedupe_key, not_before)
    VALUES (${clientId}, 'sms', ${to}, ${event}, ${body}, ${dedupeKey}, coalesce(${notBefore}::timestamptz, clock_timestamp()))
    ON CONFLICT (client_id, kind, dedupe_key) DO NOTHING RETURNING id`;
  return rows.length > 0;
}

export interface NewWebhook {
  readonly clientId: string;
  /** Such as `message.created`. */
  readonly event: string;
  /** What the receiver gets as `data`. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The same key is sent once for each client. */
  readonly dedupeKey: string;
}

/** An event for the client's webhook, if it has one. False when it has none, or the key was used before. */
export async function enqueueWebhook(sql: SqlRunner, webhook: NewWebhook): Promise<boolean> {
  const { clientId, event, data, dedupeKey } = webhook;
  const rows = await sql`
    INSERT INTO outbox (client_id, kind, event, payload, dedupe_key)
    SELECT ${clientId}::uuid, 'webhook', ${event}::text, ${data}::jsonb, ${dedupeKey}::text
    WHERE EXISTS (SELECT 1 FROM webhook_endpoints WHERE client_id = ${clientId} AND is_active)
    ON CONFLICT (client_id, kind, dedupe_key) DO NOTHING RETURNING id`;
  return rows.length > 0;
}

/** One thing to send, leased to the one who took it. */
export type Posting = {
  readonly id: string;
  readonly clientId: string;
  readonly event: string;
  /** This one included. */
  readonly attempt: number;
  readonly createdAt: Date;
} & (
  | {
      readonly kind: 'sms';
      readonly recipient: string;
      readonly body: string;
      /** When the carrier was asked to send it by an attempt whose end is not known; null: it has not been sent. */
      readonly askedAt: Date | null;
    }
  | { readonly kind: 'webhook'; readonly payload: Readonly<Record<string, unknown>> }
);

/** A process that dies while it sends gives what it took to the others after this long. */
const LEASE_SECONDS = 60;

/** Takes at most `max` of what is due, clients in turn and each one's oldest first; for a minute nobody else does. */
export async function takeDue(sql: Sql, max: number): Promise<Posting[]> {
  const rows = await sql<Posting[]>`
    WITH taken AS MATERIALIZED (
      SELECT o.id AS due_id, o.asked_at AS asked_before FROM outbox o JOIN (
        SELECT id, row_number() OVER (PARTITION BY client_id ORDER BY not_before) AS turn
        FROM outbox WHERE state = 'waiting' AND not_before <= clock_timestamp()) due USING (id)
      WHERE o.state = 'waiting' AND o.not_before <= clock_timestamp()
      ORDER BY due.turn, o.not_before LIMIT ${max} FOR UPDATE OF o SKIP LOCKED
    )
    UPDATE outbox SET attempts = attempts + 1, sending = true,
      asked_at = CASE WHEN kind = 'sms' THEN coalesce(asked_at, clock_timestamp()) END,
      not_before = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
    FROM taken WHERE id = due_id
    RETURNING id, client_id AS "clientId", kind, recipient, event, body, payload, attempts AS attempt,
      created_at AS "createdAt", asked_before AS "askedAt"`;
  return [...rows];
}

/** How an attempt went. */
export type PostingResult = {
  /** Host of the webhook that was asked. */
  readonly targetHost?: string;
} & (
  | { readonly state: 'delivered'; readonly carrierSid?: string }
  /** `error`: in words for the owner. */
  | { readonly state: 'dropped'; readonly error: string }
  /** `uncertain`: the carrier may have taken it. */
  | { readonly state: 'failed'; readonly error: string; readonly uncertain?: boolean }
  | {
      readonly state: 'waiting';
      readonly error: string;
      readonly waitSeconds: number;
      readonly uncertain?: boolean;
    }
);

/** Writes it down, unless somebody has settled it meanwhile. */
export async function settlePosting(
  sql: SqlRunner,
  { id, attempt }: Pick<Posting, 'id' | 'attempt'>,
  result: PostingResult,
): Promise<void> {
  const error = result.state === 'delivered' ? null : result.error.slice(0, 300);
  const sid = result.state === 'delivered' ? (result.carrierSid ?? null) : null;
  const wait = result.state === 'waiting' ? result.waitSeconds : 0;
  const uncertain = 'uncertain' in result && (result.uncertain ?? false);
  await sql`
    UPDATE outbox SET state = ${result.state}, last_error = ${error}, carrier_sid = ${sid},
      sending = false, asked_at = CASE WHEN ${uncertain} THEN asked_at END, target_host = coalesce(${result.targetHost ?? null}, target_host),
      not_before = clock_timestamp() + make_interval(secs => ${wait}),
      settled_at = CASE WHEN ${result.state} = 'waiting' THEN NULL ELSE clock_timestamp() END
    WHERE id = ${id} AND state = 'waiting' AND attempts = ${attempt}`;
}

/** Those of the carrier's names that no delivery has. */
export async function unknownSids(sql: Sql, sids: readonly string[]): Promise<Set<string>> {
  const known = await idempotent(
    () => sql<{ sid: string }[]>`
      SELECT carrier_sid AS sid FROM outbox WHERE carrier_sid = ANY(${[...sids]}::text[])`,
  );
  return new Set(sids).difference(new Set(known.map(({ sid }) => sid)));
}

export interface Delivery {
  readonly id: string;
  readonly clientId: string;
  readonly kind: 'sms' | 'webhook';
  readonly recipient: string | null;
  /** Of a webhook: where the last attempt went; while it waits, where the next one goes. */
  readonly targetHost: string | null;
  readonly event: string;
  readonly body: string | null;
  readonly payload: Readonly<Record<string, unknown>> | null;
  readonly state: 'waiting' | 'delivered' | 'failed' | 'dropped';
  readonly attempts: number;
  readonly lastError: string | null;
  /** Null when there is none to come. */
  readonly nextAttemptAt: Date | null;
  readonly createdAt: Date;
  readonly settledAt: Date | null;
}

export interface DeliveryFilter {
  readonly clientId: string;
  readonly kind?: Delivery['kind'] | undefined;
  readonly state?: Delivery['state'] | undefined;
}

/** Newest first; what webhooks carry only `withPayload`: that of a call is as long as its transcript. */
export async function listDeliveries(
  sql: Sql,
  {
    clientId,
    kind,
    state,
    withPayload = true,
  }: DeliveryFilter & { readonly withPayload?: boolean },
  { limit, offset, after }: PageQuery,
): Promise<Page<Delivery>> {
  const where = sql`client_id = ${clientId}
    ${kind === undefined ? sql`` : sql`AND kind = ${kind}`}
    ${state === undefined ? sql`` : sql`AND state = ${state}`}`;
  return idempotent(async () => {
    const [rows, [{ total }]] = await Promise.all([
      sql<(Delivery & { key: string })[]>`
        SELECT ${columns(sql, withPayload)}, ${keyText(sql, sql`created_at`)} AS key FROM outbox
        WHERE ${where}
          ${after ? sql`AND (created_at, id) < (${after.at}::text::timestamptz, ${after.id}::uuid)` : sql``}
        ORDER BY created_at DESC, id DESC LIMIT ${limit + 1} OFFSET ${offset}`,
      sql<[{ total: number }]>`
        SELECT count(*) AS total FROM (SELECT 1 FROM outbox WHERE ${where} LIMIT ${COUNTED_MAX}) counted`,
    ]);
    return toPage(rows, total, limit);
  });
}

/** Undefined when the client has no such delivery. */
export async function findDelivery(
  sql: Sql,
  { id, clientId }: { id: string; clientId: string },
): Promise<Delivery | undefined> {
  const [row] = await idempotent(
    () => sql<Delivery[]>`
      SELECT ${columns(sql)} FROM outbox WHERE id = ${id} AND client_id = ${clientId}`,
  );
  return row;
}

/**
 * Sends now what was given up, and what waits for another attempt; also a webhook that was dropped, as the owner may have
 * switched it on again. Whatever else it is stays: sent, being sent, or not tried yet. Undefined when
 * the client has no such delivery.
 */
export async function retryDelivery(
  sql: Sql,
  { id, clientId }: { id: string; clientId: string },
): Promise<Delivery | undefined> {
  return idempotent(async () => {
    await sql`
      UPDATE outbox SET state = 'waiting', settled_at = NULL, not_before = clock_timestamp(),
        attempts = CASE WHEN state = 'waiting' THEN attempts ELSE 0 END
      WHERE id = ${id} AND client_id = ${clientId}
        AND (state = 'failed' OR (state = 'dropped' AND kind = 'webhook') OR (state = 'waiting' AND attempts > 0
          AND NOT (sending AND not_before > clock_timestamp())))`;
    return findDelivery(sql, { id, clientId });
  });
}

/** Forgets what was settled so long ago that nobody will ask. */
export async function deleteOldDeliveries(sql: Sql, days: number): Promise<void> {
  await sql`
    DELETE FROM outbox WHERE state <> 'waiting'
      AND settled_at < clock_timestamp() - make_interval(days => ${days})`;
}

function columns(sql: Sql, withPayload = true) {
  return sql`id, client_id AS "clientId", kind, recipient, event, body, state, attempts,
    ${withPayload ? sql`payload` : sql`NULL::jsonb AS payload`}, last_error AS "lastError",
    CASE WHEN state = 'waiting' AND kind = 'webhook'
      THEN (SELECT substring(url FROM '^https?://([^/?#]+)') FROM webhook_endpoints endpoint
        WHERE endpoint.client_id = outbox.client_id AND is_active)
      ELSE target_host END AS "targetHost",
    CASE WHEN state = 'waiting' THEN not_before END AS "nextAttemptAt",
    created_at AS "createdAt", settled_at AS "settledAt"`;
}
