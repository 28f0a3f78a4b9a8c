// An administrator moves seconds by hand: one ledger entry with a reason and a name.

import { AppError } from '../../lib/errors.ts';
import { postBalance, postEntry } from '../../store/money/ledger-entries.ts';
import type { Sql } from '../../store/database/sql.ts';

export interface Adjustment {
  readonly clientId: string;
  /** Given if positive, taken if negative; what is taken and not there becomes a debt. */
  readonly deltaSeconds: number;
  /** For the owner to read. */
  readonly reason: string;
  /** The user who decided it, or the part of the program that did. */
  readonly by: string;
  /** Names the request: repeated, it moves the seconds once. At most 150 characters. */
  readonly idemKey: string;
}

const REASON_MAX = 500;
const KEY_MAX = 150;
/** Ten years of talk: more is a slip of the finger. */
export const DELTA_SECONDS_MAX = 10 * 366 * 86_400;

/**
 * Posts an `adjust` entry. `duplicate` when this request was posted before. Throws `invalid`, `not_found`, `conflict`
 * (the key was used for another movement) or `unavailable`.
 */
export async function adjustBalance(sql: Sql, adjustment: Adjustment): Promise<'ok' | 'duplicate'> {
  const { clientId, deltaSeconds, reason, by, idemKey } = adjustment;
  const fields = faults(adjustment);
  if (Object.keys(fields).length > 0) {
    throw new AppError('invalid', 'an adjustment is not valid', { fields });
  }
  const status = await postEntry(sql, {
    clientId,
    kind: 'adjust',
    deltaSeconds,
    idemKey: `adjust:${idemKey}`,
    meta: { reason, by },
  });
  if (status === 'no_client') throw new AppError('not_found', `no client ${clientId} to adjust`);
  if (status === 'conflict') {
    throw new AppError('conflict', 'the key of an adjustment was used for another one', {
      publicMessage: 'This key was used for another adjustment.',
    });
  }
  return status;
}

/** Sets what an administrator sees as the balance, running calls' use taken off: an `adjust` entry, if it is another. */
export async function setBalance(
  sql: Sql,
  {
    clientId,
    seconds,
    by,
    idemKey,
  }: Pick<Adjustment, 'clientId' | 'by' | 'idemKey'> & {
    readonly seconds: number;
  },
): Promise<void> {
  const status = await postBalance(sql, {
    clientId,
    kind: 'adjust',
    seconds,
    idemKey: `adjust:${idemKey}`,
    meta: { reason: `Set to ${seconds} seconds by an administrator.`, by },
  });
  if (status === 'no_client') throw new AppError('not_found', `no client ${clientId} to adjust`);
}

function faults({ deltaSeconds, reason, idemKey }: Adjustment): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  if (!Number.isSafeInteger(deltaSeconds) || deltaSeconds === 0) {
    fields['delta_seconds'] = ['Must be a whole number of seconds, and not 0.'];
  } else if (Math.abs(deltaSeconds) > DELTA_SECONDS_MAX) {
    fields['delta_seconds'] = ['Is too large.'];
  }
  if (reason.trim() === '' || reason.length > REASON_MAX) {
    fields['reason'] = [`Is required, with at most ${REASON_MAX} characters.`];
  }
  if (idemKey === '' || idemKey.length > KEY_MAX) {
    fields['idem_key'] = [`Is required, with at most ${KEY_MAX} characters.`];
  }
  return fields;
}
