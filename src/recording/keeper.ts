// Looks after recordings: finishes those of processes that died, moves them to the bucket, and forgets them in time.

import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import {
  deleteRecording,
  endRecording,
  listAbandoned,
  listForgotten,
  listOnDisk,
  moveRecording,
} from '../store/calls/recordings.ts';
import type { Recording } from '../store/calls/recordings.ts';
import type { Sql } from '../store/database/sql.ts';
import type { Shelf } from './shelf.ts';

const EVERY_MS = 20_000;
/** Looked at in one go. */
const PAGE = 50;

export interface KeeperParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  readonly shelf: Shelf;
}

/** Until the signal aborts; then resolves. */
export async function runRecordingKeeper(parts: KeeperParts, signal: AbortSignal): Promise<void> {
  const { clock, log } = parts;
  while (!signal.aborted) {
    await keepRecordings(parts).catch((error: unknown) =>
      log.warn('recordings cannot be looked after', { error }),
    );
    await clock.sleep(EVERY_MS, signal).catch(() => {});
  }
}

/** One round. Any number of processes may do it: each step may be done twice. */
export async function keepRecordings({ sql, log, shelf }: KeeperParts): Promise<void> {
  for (const recording of await listAbandoned(sql, PAGE)) {
    // Another machine's: it will do it, or nobody can.
    const bytes = await shelf.bytesOnDisk(recording.id);
    if (bytes !== undefined) await endRecording(sql, recording.id, bytes);
  }
  for (const recording of await listForgotten(sql, PAGE)) {
    await each('forgotten', recording, async () => {
      await shelf.remove(recording);
      await deleteRecording(sql, recording.id);
    });
  }
  if (!shelf.bucket) return;
  for (const recording of await listOnDisk(sql, PAGE)) {
    await each('moved to the bucket', recording, async () => {
      if (!(await shelf.upload(recording))) return;
      await moveRecording(sql, recording.id, 's3');
      // Only the file: the object has the same id.
      await shelf.remove({ ...recording, place: 'disk' });
    });
  }

  async function each(what: string, { id }: Recording, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      log.warn('a recording could not be looked after', { recordingId: id, what, error });
    }
  }
}
