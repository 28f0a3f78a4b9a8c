// Stored speech that no client needs any more is deleted: a voice that was changed, a greeting of last year, a client that is gone.

import type { Clock } from '../../lib/clock.ts';
import { toError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { deleteUnusedClips, useClips } from '../../store/clients/clips.ts';
import { listClientsAfter } from '../../store/clients/clients.ts';
import { claimJob } from '../../store/service/job-runs.ts';
import type { Sql } from '../../store/database/sql.ts';
import { clipKeysOf } from './voice-clips.ts';

const DAY_MS = 86_400_000;
/** How often we look whether it is time. */
const LOOK_MS = 600_000;
/** Unused for so long: owners who go back to a voice within it pay for nothing twice. Many times the day between two rounds. */
const KEPT_DAYS = 30;
/** Looked at in one go. */
const PAGE = 100;

export interface UnusedClipsParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
}

/** Once a day, in one of the processes, until the signal aborts; then resolves. */
export async function runUnusedClips(parts: UnusedClipsParts, signal: AbortSignal): Promise<void> {
  const { sql, clock, log } = parts;
  while (!signal.aborted) {
    try {
      if (await claimJob(sql, 'unused clips', DAY_MS)) await forgetUnusedClips(parts);
    } catch (error) {
      if (!signal.aborted) log.warn('unused speech was not deleted', { error: toError(error) });
    }
    await clock.sleep(LOOK_MS, signal).catch(() => {});
  }
}

/**
 * One round: notes what the clients need as they are now, and deletes what none has needed for long. Nothing is deleted unless all
 * of them were seen. A call takes its clips into memory when it begins, and what is missing there is spare or said live.
 */
export async function forgetUnusedClips({ sql, log }: UnusedClipsParts): Promise<void> {
  let after: string | undefined;
  do {
    const clients = await listClientsAfter(sql, after, PAGE);
    if (clients.length > 0) await useClips(sql, clients.flatMap(clipKeysOf));
    after = clients.at(-1)?.id;
  } while (after !== undefined);
  const deleted = await deleteUnusedClips(sql, KEPT_DAYS);
  if (deleted > 0) log.info('unused speech deleted', { deleted });
}
