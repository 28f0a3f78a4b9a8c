// Limits for callers, and the numbers that are turned away.

import { AppError } from '../../lib/errors.ts';
import { notifyOwner } from '../clients/notices.ts';
import { oneAtATime } from '../clients/one-at-a-time.ts';
import { changeSettingsRow, namedColumns } from '../database/named-columns.ts';
import type { Change } from '../database/named-columns.ts';
import type { Sql, SqlRunner } from '../database/sql.ts';
import { idempotent, sqlState, violatedConstraint } from '../database/store-error.ts';
import type { CallerObstacle, StreamGrant } from './stream-tokens.ts';

export interface CallerLimits {
  /** Calls of one caller at once. */
  readonly concurrentMax: number;
  /** Calls of one caller in ten minutes. */
  readonly callsMax: number;
  /** Seconds of one caller within 24 hours; null for no limit. */
  readonly callerSecondsMax: number | null;
  /** Seconds of all callers within 24 hours; null for no limit. */
  readonly clientSecondsMax: number | null;
  readonly blockWithheld: boolean;
}

/** The same stand in caller_obstacle. */
const usual: CallerLimits = {
  concurrentMax: 3,
  callsMax: 10,
  callerSecondsMax: 7200,
  clientSecondsMax: null,
  blockWithheld: false,
};

export interface BlockedCaller {
  readonly id: string;
  readonly clientId: string;
  /** E.164; a star at the end stands for whatever follows. */
  readonly phoneNumber: string;
  readonly note: string;
  readonly createdAt: Date;
}

const BLOCKED_MAX = 1000;

/** What keeps any caller out, whoever it is. */
export type ClientObstacle = 'no-credit' | 'too-many-calls';

const closed: Readonly<Record<ClientObstacle, string>> = {
  'no-credit': 'A caller was turned away: no talk time is left.',
  'too-many-calls': 'A caller was turned away: as many calls were running as may at once.',
};

const alarms: Readonly<Record<Exclude<CallerObstacle, 'blocked'>, string>> = {
  'caller-at-once': 'calls with too many lines at once',
  'caller-often': 'calls too often',
  'caller-daily': 'has talked for as long as one caller may in a day',
  'client-daily': 'All callers together have talked for as long as they may in a day.',
};

/** Tells the owner who is kept out, once an hour for each caller. Those who were blocked on purpose are not news. */
export async function alarmOwner(
  sql: SqlRunner,
  { clientId, callerPhone }: Pick<StreamGrant, 'clientId' | 'callerPhone'>,
  obstacle: CallerObstacle,
  atMs: number,
): Promise<void> {
  if (obstacle === 'blocked') return;
  const hour = Math.floor(atMs / 3_600_000);
  const who = obstacle === 'client-daily' ? '' : (callerPhone ?? 'A withheld number');
  const text = who === '' ? alarms[obstacle] : `${who} ${alarms[obstacle]}.`;
  await notifyOwner(sql, {
    clientId,
    kind: obstacle === 'client-daily' ? 'client_limit' : 'caller_limit',
    severity: 'warning',
    text: `${text} Further calls are turned away.`,
    dedupeKey: `limit:${obstacle}:${who}:${hour}`,
    data: { reason: obstacle, ...(who !== '' && { caller_phone: callerPhone }) },
  });
}

/** Tells the owner that callers are turned away whoever they are, once an hour for each reason. The first is named. */
export async function alarmClosed(
  sql: SqlRunner,
  { clientId, callerPhone }: Pick<StreamGrant, 'clientId' | 'callerPhone'>,
  obstacle: ClientObstacle,
  atMs: number,
): Promise<void> {
  const from = callerPhone === null ? '' : ` It was ${callerPhone}.`;
  const more = obstacle === 'no-credit' ? 'Calls are answered again once talk time is bought.' : '';
  await notifyOwner(sql, {
    clientId,
    kind: obstacle === 'no-credit' ? 'no_credit' : 'too_many_calls',
    severity: 'error',
    text: `${closed[obstacle]}${from} ${more}`.trim(),
    dedupeKey: `closed:${obstacle}:${Math.floor(atMs / 3_600_000)}`,
    data: { ...(callerPhone !== null && { caller_phone: callerPhone }) },
  });
}

/** Tells the owner that a call ended because its talk time did, once for each call. */
export async function alarmCutOff(
  sql: SqlRunner,
  { clientId, conversationId }: { clientId: string; conversationId: string },
): Promise<void> {
  await notifyOwner(sql, {
    clientId,
    kind: 'no_credit',
    severity: 'error',
    text: 'A call was ended because no talk time was left. What the caller said at the end is kept with it.',
    dedupeKey: `cut-off:${conversationId}`,
    data: { conversation_id: conversationId },
  });
}

export async function findCallerLimits(sql: Sql, clientId: string): Promise<CallerLimits> {
  const [row] = await idempotent(
    () => sql<CallerLimits[]>`
      SELECT concurrent_max AS "concurrentMax", calls_max AS "callsMax", caller_seconds_max AS "callerSecondsMax",
        client_seconds_max AS "clientSecondsMax", block_withheld AS "blockWithheld"
      FROM caller_limits WHERE client_id = ${clientId}`,
  );
  return row ?? usual;
}

/** Changes what is given. */
export async function saveCallerLimits(
  sql: Sql,
  clientId: string,
  change: Change<CallerLimits>,
): Promise<CallerLimits> {
  await changeSettingsRow(sql, 'caller_limits', clientId, namedColumns(change));
  return findCallerLimits(sql, clientId);
}

/** Newest first. */
export async function listBlockedCallers(sql: Sql, clientId: string): Promise<BlockedCaller[]> {
  const rows = await idempotent(
    () => sql<BlockedCaller[]>`
      SELECT ${columns(sql)} FROM blocked_callers WHERE client_id = ${clientId}
      ORDER BY created_at DESC, id LIMIT ${BLOCKED_MAX}`,
  );
  return [...rows];
}

/** Throws `invalid` when the number is there already or there are too many. */
export async function blockCaller(
  sql: Sql,
  caller: Omit<BlockedCaller, 'createdAt'>,
): Promise<BlockedCaller> {
  const { id, clientId, phoneNumber, note } = caller;
  try {
    const [row] = await idempotent(() =>
      oneAtATime(
        sql,
        clientId,
        (tx) => tx<BlockedCaller[]>`
        INSERT INTO blocked_callers (id, client_id, phone_number, note)
        SELECT ${id}, ${clientId}, ${phoneNumber}, ${note}
        WHERE (SELECT count(*) FROM blocked_callers WHERE client_id = ${clientId}) < ${BLOCKED_MAX}
        RETURNING ${columns(tx)}`,
      ),
    );
    if (row) return row;
  } catch (error) {
    if (sqlState(error) !== '23505' || violatedConstraint(error) !== 'blocked_callers_number') {
      throw error;
    }
    const fields = { phone_number: ['This number is blocked already.'] };
    throw new AppError('invalid', 'a number is blocked twice', { cause: error, fields });
  }
  const fields = { phone_number: [`At most ${BLOCKED_MAX} numbers.`] };
  throw new AppError('invalid', 'too many blocked numbers', { fields });
}

export async function unblockCaller(
  sql: Sql,
  { id, clientId }: { id: string; clientId: string },
): Promise<boolean> {
  const rows = await idempotent(
    () => sql`DELETE FROM blocked_callers WHERE id = ${id} AND client_id = ${clientId} RETURNING 1`,
  );
  return rows.length > 0;
}

function columns(sql: SqlRunner) {
  return sql`id, client_id AS "clientId", phone_number AS "phoneNumber", note, created_at AS "createdAt"`;
}
