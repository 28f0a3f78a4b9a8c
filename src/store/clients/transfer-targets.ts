// People of the business that callers may be put through to.

import { AppError } from '../../lib/errors.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { Sql, SqlRunner } from '../database/sql.ts';
import { idempotent, sqlState } from '../database/store-error.ts';

export interface TransferDetails {
  readonly name: string;
  /** E.164 */
  readonly phoneNumber: string;
  /** When to choose this one, in the owner's words. */
  readonly description: string;
  /** Tried from the lowest on. */
  readonly position: number;
  readonly isActive: boolean;
}

export interface TransferRow extends TransferDetails {
  readonly id: string;
  readonly clientId: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** More than anybody can choose from. */
const TRANSFER_TARGETS_MAX = 50;

/** In the order in which they are tried. */
export async function listTransferTargets(sql: Sql, clientId: string): Promise<TransferRow[]> {
  const rows = await idempotent(
    () => sql<TransferRow[]>`
      SELECT ${columns(sql)} FROM transfer_targets WHERE client_id = ${clientId}
      ORDER BY position, id LIMIT ${TRANSFER_TARGETS_MAX}`,
  );
  return [...rows];
}

/** Throws `invalid` when the number is there already or there are too many. */
export async function insertTransferTarget(
  sql: Sql,
  target: TransferDetails & { readonly id: string; readonly clientId: string },
): Promise<TransferRow> {
  const [row] = await namingNumber(() =>
    oneAtATime(
      sql,
      target.clientId,
      (tx) => tx<TransferRow[]>`
      INSERT INTO transfer_targets (id, client_id, name, phone_number, description, position, is_active)
      SELECT ${target.id}, ${target.clientId}, ${target.name}, ${target.phoneNumber}, ${target.description},
        ${target.position}, ${target.isActive}
      WHERE (SELECT count(*) FROM transfer_targets WHERE client_id = ${target.clientId}) < ${TRANSFER_TARGETS_MAX}
      RETURNING ${columns(tx)}`,
    ),
  );
  if (row) return row;
  const fields = { client_id: [`A client has at most ${TRANSFER_TARGETS_MAX} people.`] };
  throw new AppError('invalid', 'too many transfer targets', { fields });
}

/** Changes what is given; undefined when the client has no such target. */
export async function updateTransferTarget(
  sql: Sql,
  { id, clientId }: { id: string; clientId: string },
  change: Partial<TransferDetails>,
): Promise<TransferRow | undefined> {
  const [row] = await namingNumber(
    () => sql<TransferRow[]>`
      UPDATE transfer_targets SET name = coalesce(${change.name ?? null}, name),
        phone_number = coalesce(${change.phoneNumber ?? null}, phone_number),
        description = coalesce(${change.description ?? null}, description),
        position = coalesce(${change.position ?? null}::int, position),
        is_active = coalesce(${change.isActive ?? null}::boolean, is_active), updated_at = clock_timestamp()
      WHERE id = ${id} AND client_id = ${clientId} RETURNING ${columns(sql)}`,
  );
  return row;
}

export async function deleteTransferTarget(
  sql: Sql,
  { id, clientId }: { id: string; clientId: string },
): Promise<boolean> {
  const rows = await idempotent(
    () => sql`
      DELETE FROM transfer_targets WHERE id = ${id} AND client_id = ${clientId} RETURNING id`,
  );
  return rows.length > 0;
}

async function namingNumber<T>(act: () => PromiseLike<T>): Promise<T> {
  try {
    return await idempotent(act);
  } catch (error) {
    if (sqlState(error) !== '23505') throw error;
    const fields = { phone_number: ['Somebody with this number is there already.'] };
    throw new AppError('invalid', 'a transfer target has this number', { cause: error, fields });
  }
}

function columns(sql: SqlRunner) {
  return sql`id, client_id AS "clientId", name, phone_number AS "phoneNumber", description, position,
    is_active AS "isActive", created_at AS "createdAt", updated_at AS "updatedAt"`;
}
