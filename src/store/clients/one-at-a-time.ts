// Changes that count first: two of one client at once would each count without the other, and pass a bound together.

import type { Sql, Transaction } from '../database/sql.ts';

/** In a transaction that has the client's row, so that nobody else's of the kind runs beside it. */
export function oneAtATime<T>(
  sql: Sql,
  clientId: string,
  act: (tx: Transaction) => Promise<T>,
): Promise<T> {
  return sql.begin(async (tx) => {
    await tx`SELECT 1 FROM clients WHERE id = ${clientId} FOR NO KEY UPDATE`;
    return act(tx);
  }) as Promise<T>;
}
