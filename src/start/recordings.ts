// Recording as the product has it: the shelf, a recorder for each call that is recorded, and the one who looks after them.

import type { Config } from '../config.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { AdmittedCall } from '../reception/calls/admit.ts';
import { RECORD_BEFORE_MS } from '../reception/calls/answer.ts';
import { runRecordingKeeper } from '../recording/keeper.ts';
import { Recorder } from '../recording/recorder.ts';
import { openBucket } from '../recording/s3.ts';
import { openShelf } from '../recording/shelf.ts';
import type { Shelf } from '../recording/shelf.ts';
import type { Sql } from '../store/database/sql.ts';

export interface RecordingsParts {
  readonly config: Config;
  /** The pool of the calls. */
  readonly sql: Sql;
  readonly general: Sql;
  readonly clock: Clock;
  readonly log: Log;
  readonly dataDir: string;
}

export interface Recordings {
  readonly shelf: Shelf;
  open(call: AdmittedCall, sampleRate: number): Recorder | undefined;
  /** Until the signal aborts. */
  keep(signal: AbortSignal): Promise<void>;
}

export function openRecordings({
  config,
  sql,
  general,
  clock,
  log,
  dataDir,
}: RecordingsParts): Recordings {
  const { recordingsBucket } = config;
  const shelf = openShelf(dataDir, recordingsBucket && openBucket(recordingsBucket, clock));
  const parts = { clock, log, shelf };
  return {
    shelf,
    open({ callId, client }, sampleRate) {
      if (!client.recordingEnabled) return undefined;
      const call = { callId, clientId: client.id, sampleRate, keepDays: client.recordingDays };
      return new Recorder({ ...parts, sql }, call, RECORD_BEFORE_MS);
    },
    keep: (signal) => runRecordingKeeper({ ...parts, sql: general }, signal),
  };
}
