// Takes away what belonged to clients and users that were deleted, by whichever process gets to it; a killed one's work goes on.

import { deleteCustomerOf } from '../billing/payments/deleted-customers.ts';
import type { Till } from '../billing/payments/till.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { claimUserErasure, eraseUser } from '../store/accounts/account-deletion.ts';
import {
  claimErasure,
  eraseClient,
  hasCalendarElsewhere,
} from '../store/clients/client-erasure.ts';
import type { Sql } from '../store/database/sql.ts';
import { claimCustomerDeletion } from '../store/money/deleted-customers.ts';

const EVERY_MS = 20_000;
/** Of each kind, in one round. */
const ROUND_MAX = 20;

export interface ErasureParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  /** Undefined where no payments are configured: customers there wait until they are. */
  readonly till: Pick<Till, 'deleteCustomer'> | undefined;
  /** Takes a client's consents back where its calendars are, and forgets what opened them. Never rejects. */
  readonly part: (clientId: string) => Promise<void>;
}

/** Until the signal aborts; then resolves. */
export async function runErasures(parts: ErasureParts, signal: AbortSignal): Promise<void> {
  const { clock } = parts;
  while (!signal.aborted) {
    await eraseDeleted(parts, signal);
    await clock.sleep(EVERY_MS, signal).catch(() => {});
  }
}

/** One round. Never rejects. */
export async function eraseDeleted(parts: ErasureParts, signal?: AbortSignal): Promise<void> {
  await each(parts, signal, { what: 'client', claim: claimErasure, erase: eraseOne });
  const { till } = parts;
  if (till) {
    await each(parts, signal, {
      what: 'customer',
      claim: claimCustomerDeletion,
      erase: async ({ sql }, clientId) => {
        await deleteCustomerOf({ sql, till }, clientId);
        return true;
      },
    });
  }
  await each(parts, signal, {
    what: 'user',
    claim: claimUserErasure,
    erase: ({ sql }, userId) => eraseUser(sql, userId),
  });
}

interface Work {
  readonly what: string;
  readonly claim: (sql: Sql) => Promise<string | undefined>;
  /** Whether nothing is left to be done. */
  readonly erase: (parts: ErasureParts, id: string) => Promise<boolean>;
}

/** One that cannot be erased keeps no other from it, and no other kind. */
async function each(
  parts: ErasureParts,
  signal: AbortSignal | undefined,
  { what, claim, erase }: Work,
): Promise<void> {
  const { sql, log } = parts;
  for (let count = 0; count < ROUND_MAX; count += 1) {
    let id: string | undefined;
    try {
      id = signal?.aborted ? undefined : await claim(sql);
      if (id === undefined) return;
      if (await erase(parts, id)) log.info('what was deleted is erased', { what, id });
    } catch (error) {
      log.warn('what was deleted could not be erased yet', { what, id, error });
      // Nothing was claimed: the next would fail like it.
      if (id === undefined) return;
    }
  }
}

async function eraseOne(parts: ErasureParts, clientId: string): Promise<boolean> {
  if (await hasCalendarElsewhere(parts.sql, clientId)) await parts.part(clientId);
  return (await eraseClient(parts.sql, clientId)) === 'erased';
}
