// Rows of one round, one after the other: what is wrong with one keeps no other from its turn.

import type { Transaction } from './sql.ts';
import { isConflict, isLost, storeError } from './store-error.ts';

/** `fault` is told of each that fails. Throws `unavailable` at the first that finds the database or a service away: so would the rest. */
export async function eachAlone<Row>(
  rows: readonly Row[],
  act: (row: Row) => Promise<unknown>,
  fault: (row: Row, error: Error) => void,
): Promise<void> {
  for (const row of rows) {
    try {
      await act(row);
    } catch (thrown) {
      const error = storeError(thrown);
      if (isLost(error)) throw error;
      fault(row, error);
    }
  }
}

/** The same within one transaction, which keeps what the others have done. Throws also where the whole of it has to be tried again. */
export function eachAloneIn<Row>(
  tx: Transaction,
  rows: readonly Row[],
  act: (tx: Transaction, row: Row) => Promise<unknown>,
  fault: (row: Row, error: Error) => void,
): Promise<void> {
  const conflict = (error: Error) => {
    throw error;
  };
  return eachAlone(
    rows,
    (row) => tx.savepoint((inner) => act(inner, row)),
    (row, error) => (isConflict(error) ? conflict(error) : fault(row, error)),
  );
}
