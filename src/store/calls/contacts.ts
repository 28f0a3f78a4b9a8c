// The callers a client knows: one row for each number.

import { AppError } from '../../lib/errors.ts';
import { newId } from '../../lib/ids.ts';
import { COUNTED_MAX, keyText, toPage } from '../database/keyset.ts';
import type { Page, PageQuery } from '../database/keyset.ts';
import { mine } from '../clients/owned-clients.ts';
import type { Reach } from '../clients/owned-clients.ts';
import { containing, containingNumber } from '../database/search-text.ts';
import type { Sql } from '../database/sql.ts';
import { idempotent, sqlState } from '../database/store-error.ts';

export interface Contact {
  readonly id: string;
  readonly clientId: string;
  /** E.164 */
  readonly phoneNumber: string;
  /** Empty while unknown. */
  readonly name: string;
  readonly notes: string;
  readonly lastCallAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface ContactDetails {
  readonly phoneNumber: string;
  readonly name: string;
  readonly notes: string;
}

/** Newest first; with `search` those that have it in their name, number or notes. */
export async function listContacts(
  sql: Sql,
  { clientId, search }: { clientId: string; search?: string | undefined },
  { limit, offset, after }: PageQuery,
): Promise<Page<Contact>> {
  const where = sql`client_id = ${clientId} ${search === undefined ? sql`` : having(sql, search)}`;
  return idempotent(async () => {
    const [rows, [{ total }]] = await Promise.all([
      sql<(Contact & { key: string })[]>`
        SELECT ${columns(sql)}, ${keyText(sql, sql`created_at`)} AS key FROM contacts
        WHERE ${where}
          ${after ? sql`AND (created_at, id) < (${after.at}::text::timestamptz, ${after.id}::uuid)` : sql``}
        ORDER BY created_at DESC, id DESC LIMIT ${limit + 1} OFFSET ${offset}`,
      sql<[{ total: number }]>`
        SELECT count(*) AS total FROM (SELECT 1 FROM contacts WHERE ${where} LIMIT ${COUNTED_MAX}) counted`,
    ]);
    return toPage(rows, total, limit);
  });
}

function having(sql: Sql, typed: string) {
  const pattern = containing(typed);
  return sql`AND (name ILIKE ${pattern} OR notes ILIKE ${pattern} OR phone_number LIKE ${containingNumber(typed)})`;
}

export async function findContact(
  sql: Sql,
  reach: Reach,
  id: string,
): Promise<Contact | undefined> {
  const [row] = await idempotent(
    () => sql<Contact[]>`
      SELECT ${columns(sql)} FROM contacts c WHERE id = ${id} AND ${within(sql, reach)}`,
  );
  return row;
}

/** Throws `invalid` naming the field when the client knows the number already. */
export async function insertContact(
  sql: Sql,
  { id, clientId, phoneNumber, name, notes }: ContactDetails & { id: string; clientId: string },
): Promise<Contact> {
  const [row] = await namingNumber(
    () => sql<Contact[]>`
      INSERT INTO contacts (id, client_id, phone_number, name, notes)
      VALUES (${id}, ${clientId}, ${phoneNumber}, ${name}, ${notes})
      RETURNING ${columns(sql)}`,
  );
  return row!;
}

/** Changes what is given. Undefined when there is none within reach; throws `invalid` when the number is taken. */
export async function updateContact(
  sql: Sql,
  reach: Reach,
  id: string,
  { phoneNumber, name, notes }: Partial<ContactDetails>,
): Promise<Contact | undefined> {
  const [row] = await namingNumber(
    () => sql<Contact[]>`
      UPDATE contacts c SET phone_number = coalesce(${phoneNumber ?? null}, phone_number),
        name = coalesce(${name ?? null}, name), notes = coalesce(${notes ?? null}, notes),
        updated_at = clock_timestamp()
      WHERE id = ${id} AND ${within(sql, reach)} RETURNING ${columns(sql)}`,
  );
  return row;
}

/** What they said and booked stays, without their name. */
export async function deleteContact(sql: Sql, reach: Reach, id: string): Promise<boolean> {
  const rows = await idempotent(
    () => sql`DELETE FROM contacts c WHERE id = ${id} AND ${within(sql, reach)} RETURNING id`,
  );
  return rows.length > 0;
}

/** Adds contacts or brings them up to date; an empty name or note leaves what is there. All or none. */
export async function importContacts(
  sql: Sql,
  clientId: string,
  contacts: readonly ContactDetails[],
  nowMs: number,
): Promise<{ created: number; updated: number }> {
  if (contacts.length === 0) return { created: 0, updated: 0 };
  const ids = contacts.map(() => newId(nowMs));
  const rows = await idempotent(
    () => sql<{ created: boolean }[]>`
      INSERT INTO contacts AS c (id, client_id, phone_number, name, notes)
      SELECT id, ${clientId}, phone_number, name, notes FROM unnest(${ids}::uuid[],
        ${contacts.map((each) => each.phoneNumber)}::text[], ${contacts.map((each) => each.name)}::text[],
        ${contacts.map((each) => each.notes)}::text[]) AS given (id, phone_number, name, notes)
      ON CONFLICT (client_id, phone_number) DO UPDATE SET
        name = coalesce(nullif(excluded.name, ''), c.name), notes = coalesce(nullif(excluded.notes, ''), c.notes),
        updated_at = clock_timestamp()
      RETURNING xmax = 0 AS created`,
  );
  const created = rows.filter((row) => row.created).length;
  return { created, updated: rows.length - created };
}

/** All contacts of a client in pieces, by number, for an export. */
export async function* readContacts(sql: Sql, clientId: string): AsyncGenerator<Contact[]> {
  let last = '';
  for (;;) {
    const rows = await idempotent(
      () => sql<Contact[]>`
        SELECT ${columns(sql)} FROM contacts WHERE client_id = ${clientId} AND phone_number > ${last}
        ORDER BY phone_number LIMIT ${PIECE}`,
    );
    if (rows.length === 0) return;
    yield [...rows];
    last = rows.at(-1)!.phoneNumber;
  }
}
const PIECE = 1000;

async function namingNumber<T>(act: () => PromiseLike<T>): Promise<T> {
  try {
    return await idempotent(act);
  } catch (error) {
    if (sqlState(error) !== '23505') throw error;
    const fields = { phone_number: ['There is a contact with this number already.'] };
    throw new AppError('invalid', 'a contact has this number', { cause: error, fields });
  }
}

function within(sql: Sql, reach: Reach) {
  return sql`c.client_id IN (SELECT id FROM clients WHERE deleted_at IS NULL ${mine(sql, reach)})`;
}

function columns(sql: Sql) {
  return sql`id, client_id AS "clientId", phone_number AS "phoneNumber", name, notes,
    last_call_at AS "lastCallAt", created_at AS "createdAt", updated_at AS "updatedAt"`;
}
