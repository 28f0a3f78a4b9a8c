// The books of a client: append-only entries, the balance they add up to, and the check that the two agree.
// All functions throw `unavailable` when the database does not answer.

import type { Sql } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

export type EntryKind = 'topup' | 'refund' | 'dispute' | 'reinstate' | 'call' | 'adjust' | 'chat';

export interface LedgerEntry {
  readonly id: number;
  readonly kind: EntryKind;
  readonly deltaSeconds: number;
  readonly idemKey: string;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
}

/** Entries of a client, newest first, at most `limit`, all older than the entry `before` where it is given. */
export async function listLedgerEntries(
  sql: Sql,
  clientId: string,
  { limit, before }: { limit: number; before?: number },
): Promise<LedgerEntry[]> {
  return idempotent(
    () => sql<LedgerEntry[]>`
    SELECT id, kind, delta_seconds AS "deltaSeconds", idem_key AS "idemKey", meta, created_at AS "createdAt"
    FROM ledger WHERE client_id = ${clientId} ${before === undefined ? sql`` : sql`AND id < ${before}`}
    ORDER BY id DESC LIMIT ${limit}
  `,
  );
}

export interface Balance {
  /** The sum of the ledger, never below 0. */
  readonly balanceSeconds: number;
  /** The same minus what running calls have used up to their last beat: what is shown. */
  readonly liveSeconds: number;
  /** Not yet promised to a running call: what a new call could get. */
  readonly freeSeconds: number;
  /** Owed after a refund of spent seconds; while it lasts no call is let in. */
  readonly debtSeconds: number;
}

/** What a client has; undefined when there is no such client. */
export async function findBalance(sql: Sql, clientId: string): Promise<Balance | undefined> {
  const [balance] = await idempotent(
    () => sql<Balance[]>`
    SELECT balance_seconds AS "balanceSeconds", debt_seconds AS "debtSeconds",
      balance_seconds - reserved_seconds AS "freeSeconds",
      balance_seconds - COALESCE((SELECT sum(l.used_seconds)::bigint FROM call_leases l
        WHERE l.client_id = c.id AND l.state = 'active'), 0) AS "liveSeconds"
    FROM clients c WHERE id = ${clientId}
  `,
  );
  return balance;
}

export interface NewEntry {
  readonly clientId: string;
  /** Calls are posted by settling their lease. */
  readonly kind: Exclude<EntryKind, 'call'>;
  readonly deltaSeconds: number;
  /** Unique over all clients and for ever: a key posted twice moves seconds once. */
  readonly idemKey: string;
  readonly meta: Readonly<Record<string, string | number | null>>;
}

/**
 * Posts one movement and changes the balance in the same transaction. `duplicate`: it was posted before.
 * `conflict`: the key was used for another movement.
 */
export async function postEntry(
  sql: Sql,
  entry: NewEntry,
): Promise<'ok' | 'duplicate' | 'conflict' | 'no_client'> {
  const [row] = await idempotent(
    () => sql<[{ status: 'ok' | 'duplicate' | 'conflict' | 'no_client' }]>`
    SELECT meter_post(${entry.clientId}, ${entry.kind}, ${entry.deltaSeconds}, ${entry.idemKey},
      ${sql.json(entry.meta)}) AS status
  `,
  );
  return row.status;
}

/**
 * Posts whatever movement makes the shown balance `seconds`, a debt paid first. Under the client's lock: of many at once
 * the first moves seconds, the others find nothing to move.
 */
export async function postBalance(
  sql: Sql,
  entry: Omit<NewEntry, 'deltaSeconds'> & { readonly seconds: number },
): Promise<'ok' | 'unchanged' | 'no_client'> {
  const { clientId, kind, seconds, idemKey, meta } = entry;
  return idempotent(() =>
    sql.begin(async (tx) => {
      const locked = await tx`SELECT FROM clients WHERE id = ${clientId} FOR NO KEY UPDATE`;
      if (locked.length === 0) return 'no_client';
      const [row] = await tx<[{ delta: number }]>`
        SELECT ${seconds}::bigint + debt_seconds - balance_seconds + coalesce((SELECT sum(l.used_seconds)::bigint
          FROM call_leases l WHERE l.client_id = c.id AND l.state = 'active'), 0) AS delta
        FROM clients c WHERE id = ${clientId}`;
      if (row.delta === 0) return 'unchanged';
      await tx`SELECT meter_post(${clientId}, ${kind}, ${row.delta}, ${idemKey}, ${tx.json(meta)})`;
      return 'ok';
    }),
  );
}

/** Under which a turn of a chat is charged; with `:back` behind it, given back. */
export function chatTurnKey(turn: {
  readonly conversationId: string;
  readonly turnId: string;
}): string {
  return `chat:${turn.conversationId}:${turn.turnId}`;
}

/** Takes seconds for a turn of a chat where they are free; a key used before takes nothing again. */
export async function postChatTurn(
  sql: Sql,
  entry: Pick<NewEntry, 'clientId' | 'idemKey' | 'meta'> & { readonly seconds: number },
): Promise<'ok' | 'duplicate' | 'no_credit' | 'inactive'> {
  const { clientId, seconds, idemKey, meta } = entry;
  const [row] = await idempotent(
    () => sql<[{ status: 'ok' | 'duplicate' | 'no_credit' | 'inactive' }]>`
      SELECT meter_charge_chat(${clientId}, ${seconds}, ${idemKey}, ${sql.json(meta)}) AS status`,
  );
  return row.status;
}

export interface AuditFinding {
  readonly clientId: string;
  /** Balance minus debt, and the ledger's sum, which it should be. */
  readonly netSeconds: number;
  readonly ledgerSeconds: number;
  /** Reserved, and the sum of active leases' quotas, which it should be. */
  readonly reservedSeconds: number;
  readonly leaseSeconds: number;
}

/** Bars new calls of every client whose books disagree; returns those barred now, not those barred before. */
export async function auditBooks(sql: Sql): Promise<AuditFinding[]> {
  return idempotent(
    () => sql<AuditFinding[]>`
    SELECT id AS "clientId", net AS "netSeconds", ledger_sum AS "ledgerSeconds", reserved AS "reservedSeconds",
      lease_sum AS "leaseSeconds"
    FROM meter_audit_mark()
  `,
  );
}
