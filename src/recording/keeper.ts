// Looks after recordings: finishes those of processes that died, moves them to the bucket, and forgets them in time.

import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import {
  deleteRecording,
  endRecording,
  listAbandoned,
  listForgotten,
  listInBucket,
  listOnDisk,
  moveRecording,
} from '../store/calls/recordings.ts';
import type { Recording, RecordingsAfter } from '../store/calls/recordings.ts';
import type { Sql } from '../store/database/sql.ts';
import type { Shelf } from './shelf.ts';

const EVERY_MS = 20_000;
/** Looked at in one go. */
const PAGE = 50;
/** A file of another machine is that machine's to remove; when it has not by then, there is none any more. */
const ELSEWHERE_MS = 7 * 24 * 3_600_000;

export interface KeeperParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  readonly shelf: Shelf;
}

/** Until the signal aborts; then resolves. */
export async function runRecordingKeeper(parts: KeeperParts, signal: AbortSignal): Promise<void> {
  const { clock, log } = parts;
  const guarded = (act: Promise<void>) =>
    act.catch((error: unknown) => log.warn('recordings cannot be looked after', { error }));
  await guarded(removeMoved(parts));
  while (!signal.aborted) {
    await guarded(keepRecordings(parts, signal));
    await clock.sleep(EVERY_MS, signal).catch(() => {});
  }
}

/** One round. Any number of processes may do it: each step may be done twice. */
export async function keepRecordings(parts: KeeperParts, signal?: AbortSignal): Promise<void> {
  const { sql, clock, log, shelf } = parts;
  for await (const recording of all((piece) => listAbandoned(sql, piece))) {
    // Another machine's: it will do it, or nobody can.
    const bytes = await shelf.bytesOnDisk(recording.id);
    if (bytes !== undefined) await endRecording(sql, recording.id, bytes);
  }
  /** It would fail for the others as well. */
  let bucketAway = false;
  for await (const recording of all((piece) => listForgotten(sql, piece))) {
    if (signal?.aborted) return;
    if (recording.place === 's3' ? bucketAway : await isElsewhere(recording)) continue;
    await each('forgotten', recording, async () => {
      await shelf.remove(recording);
      await deleteRecording(sql, recording.id);
    });
  }
  if (!shelf.bucket) return;
  for await (const recording of all((piece) => listOnDisk(sql, piece))) {
    if (signal?.aborted || bucketAway) return;
    await each('moved to the bucket', recording, async () => {
      if (!(await shelf.upload(recording))) return;
      await moveRecording(sql, recording.id, 's3');
      await removeFile(shelf, recording);
    });
  }

  async function isElsewhere({ id, keepUntil }: Recording): Promise<boolean> {
    if ((await shelf.bytesOnDisk(id)) !== undefined) return false;
    return clock.now() - keepUntil.getTime() < ELSEWHERE_MS;
  }

  async function each(what: string, recording: Recording, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      bucketAway ||= recording.place === 's3' || what !== 'forgotten';
      log.warn('a recording could not be looked after', { recordingId: recording.id, what, error });
    }
  }
}

/** Of a process that died between the two steps of a move: the file is still here. */
export async function removeMoved({
  sql,
  shelf,
}: Pick<KeeperParts, 'sql' | 'shelf'>): Promise<void> {
  const ids = await shelf.idsOnDisk();
  for (let from = 0; from < ids.length; from += PAGE) {
    const moved = await listInBucket(sql, ids.slice(from, from + PAGE));
    for (const recording of moved) await removeFile(shelf, recording);
  }
}

/** Only the file: the object in the bucket has the same id. */
function removeFile(shelf: Shelf, recording: Recording): Promise<void> {
  return shelf.remove({ ...recording, place: 'disk' });
}

/** Each of them once, however many cannot be done. */
async function* all(
  list: (piece: RecordingsAfter) => Promise<readonly Recording[]>,
): AsyncGenerator<Recording> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const found = await list({ after, limit: PAGE });
    yield* found;
    const last = found.at(-1);
    if (!last || found.length < PAGE) return;
    after = last.id;
  }
}
