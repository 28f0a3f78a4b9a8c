// What is sold: packages of seconds, and plans that bring seconds every month.

import type { Sql } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

export type PackageKind = 'top_up' | 'plan';

export interface PackageTerms {
  readonly kind: PackageKind;
  readonly name: string;
  readonly description: string;
  /** ISO 4217, in small letters. */
  readonly currency: string;
  /** In the currency's smallest unit; of a plan, each month. */
  readonly amount: number;
  /** Of a plan, each month. */
  readonly seconds: number;
  readonly position: number;
  readonly isActive: boolean;
}

export interface Package extends PackageTerms {
  readonly id: string;
}

/** In the order in which they are offered; those that are no longer sold only if asked for. */
export async function listPackages(
  sql: Sql,
  { all = false }: { all?: boolean } = {},
): Promise<Package[]> {
  return idempotent(
    () => sql<Package[]>`
      SELECT ${columns(sql)} FROM billing_packages ${all ? sql`` : sql`WHERE is_active`}
      ORDER BY kind DESC, position, amount, id`,
  );
}

export async function findPackage(sql: Sql, id: string): Promise<Package | undefined> {
  const [found] = await idempotent(
    () => sql<Package[]>`SELECT ${columns(sql)} FROM billing_packages WHERE id = ${id}`,
  );
  return found;
}

/** Adds a package; one that is there already stays as it is. */
export async function insertPackage(sql: Sql, added: Package): Promise<void> {
  await idempotent(
    () => sql`
      INSERT INTO billing_packages (id, kind, name, description, currency, amount, seconds, position, is_active)
      VALUES (${added.id}, ${added.kind}, ${added.name}, ${added.description}, ${added.currency}, ${added.amount},
        ${added.seconds}, ${added.position}, ${added.isActive})
      ON CONFLICT DO NOTHING`,
  );
}

/** Changes what is given. What was ordered keeps its terms. Undefined when there is no such package. */
export async function updatePackage(
  sql: Sql,
  id: string,
  changes: Partial<Omit<PackageTerms, 'kind'>>,
): Promise<Package | undefined> {
  const { name, description, currency, amount, seconds, position, isActive } = changes;
  const [updated] = await idempotent(
    () => sql<Package[]>`
      UPDATE billing_packages SET name = coalesce(${name ?? null}, name),
        description = coalesce(${description ?? null}, description), currency = coalesce(${currency ?? null}, currency),
        amount = coalesce(${amount ?? null}, amount), seconds = coalesce(${seconds ?? null}, seconds),
        position = coalesce(${position ?? null}, position), is_active = coalesce(${isActive ?? null}, is_active),
        updated_at = clock_timestamp()
      WHERE id = ${id} RETURNING ${columns(sql)}`,
  );
  return updated;
}

function columns(sql: Sql) {
  return sql`id, kind, name, description, currency, amount, seconds, position, is_active AS "isActive"`;
}
