// What a call that comes back to us brings along. Without a database it goes on without: none of these reject.

import type { Log } from '../../lib/log.ts';
import type { SaidBefore } from '../../pipeline/thinking/conversation.ts';
import { hasRecording } from '../../store/calls/recordings.ts';
import { findReturn } from '../../store/calls/transfers.ts';
import { findLastSaid } from '../../store/conversations/conversations.ts';
import type { Sql } from '../../store/database/sql.ts';
import { idempotent } from '../../store/database/store-error.ts';

/** Of what was said before a call came here; the model's own memory is shorter. */
const SAID_BEFORE_MAX = 100;

/** Whom the caller was put through to in vain, just now. */
export function cameBack(
  sql: Sql,
  callSid: string,
  log: Log,
): Promise<{ name: string } | undefined> {
  return findReturn(sql, callSid).catch((error: unknown) => {
    log.warn('a call comes back without its reason', { error });
    return undefined;
  });
}

/** Whether a call that comes back has been told that it is recorded. */
export function toldBefore(sql: Sql, callId: string, log: Log): Promise<boolean> {
  return hasRecording(sql, callId).catch((error: unknown) => {
    log.warn('a call goes on unrecorded', { error });
    return false;
  });
}

/** A call that comes back is not asked everything again. */
export function saidBefore(sql: Sql, callId: string, log: Log): Promise<readonly SaidBefore[]> {
  return idempotent(() => findLastSaid(sql, callId, SAID_BEFORE_MAX)).catch((error: unknown) => {
    log.warn('a call goes on without its past', { error });
    return [];
  });
}
