// What opens an account changes: everything that was opened with the old ends with it.

import { revokeFamiliesOf } from './refresh-tokens.ts';
import { deleteSessionsOf } from './sessions.ts';
import type { Sql } from '../database/sql.ts';

/** The one proof that stays good: the one that asked for the change. */
export interface KeptProof {
  readonly sessionToken?: string | undefined;
  readonly familyId?: string | undefined;
}

/** Null leaves the account to Google alone. */
export async function replacePassword(
  sql: Sql,
  userId: string,
  hash: string | null,
  kept: KeptProof,
): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`
      UPDATE users SET password_hash = ${hash}, updated_at = clock_timestamp() WHERE id = ${userId}`;
    await deleteSessionsOf(tx, userId, kept.sessionToken);
    await revokeFamiliesOf(tx, userId, kept.familyId);
  });
}
